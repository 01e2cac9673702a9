import path from "node:path";
import type { Draft } from "../../store/change/draft.ts";
import { decodeText } from "../../store/disk/readFile.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import type { HistoryObjects } from "../../store/history/historyObjects.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { parseConfig } from "../../store/open/config/config.ts";
import { withUnconfirmed } from "../../store/open/config/unconfirmedConfig.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import { isProjectPath, mergeProject } from "../../ticket/merge/trees/mergeProject.ts";
import type { Board } from "../../ticket/rules/board.ts";
import { loosened } from "../../ticket/rules/handGates.ts";
import { CHANGED_SINCE } from "./reverseText.ts";
import { type KeptPart, normal } from "./undoStep.ts";

/** Files of a commit that are no tickets and may be set back whole. */
const OTHER_FILES = /^(?:config\.yml|(?:templates|projects)\/.*)$/;

/** Takes back what a commit did to the store's other files, where they still are as it left them. */
export async function undoFiles(
  store: Store,
  draft: Draft,
  objects: HistoryObjects,
  { changes }: HistoryRow,
): Promise<{ readonly undone: number; readonly kept: readonly KeptPart[] }> {
  const kept: KeptPart[] = [];
  let undone = 0;
  for (const change of changes.filter((one) => OTHER_FILES.test(one.path))) {
    const [before, after] = [
      await objects.text(change.path, change.before),
      await objects.text(change.path, change.after),
    ];
    const now = diskText(path.join(store.dir, change.path), change.path);
    if (now !== undefined && normal(await unmarked(change.path, now)) === normal(before)) continue;
    const parts = undoneInPart(change.path, { before, after, now });
    if (parts !== undefined) {
      kept.push(...parts.kept.map((field) => ({ id: null, field, reason: CHANGED_SINCE })));
      if (parts.text === now) continue;
      draft.put(change.path, parts.text);
      undone++;
      continue;
    }
    const reason = await whyKept(draft, change.path, { before, after, now });
    if (reason !== undefined) kept.push({ id: null, field: change.path, reason });
    else {
      draft.put(change.path, before);
      undone++;
    }
  }
  return { undone, kept };
}

interface Versions {
  readonly before: string | null;
  readonly after: string | null;
  readonly now: string | null | undefined;
}

/** A project's file that was changed since goes back by key and by line; what is other by now stays. */
function undoneInPart(
  file: string,
  { before, after, now }: Versions,
): { readonly text: string; readonly kept: readonly string[] } | undefined {
  if (!isProjectPath(file) || typeof now !== "string" || before === null || after === null) return undefined;
  if (normal(now) === normal(after)) return undefined;
  const merged = mergeProject(after, now, before, "a");
  if (merged === undefined) return undefined;
  const kept = [...merged.lost, ...(merged.lostLines ? ["description"] : [])].map((key) => `${file} ${key}`);
  return { text: merged.text, kept };
}

/** Why a file stays as it is; undefined where it may go back. */
async function whyKept(
  { actor }: Draft,
  file: string,
  {
    before,
    after,
    now,
  }: { readonly [when in "before" | "after"]: string | null } & { readonly now: string | null | undefined },
): Promise<string | undefined> {
  if (now === undefined || normal(await unmarked(file, now)) !== normal(after)) return CHANGED_SINCE;
  if (file !== CONFIG_FILE || !actor.agent) return undefined;
  const boards = await Promise.all([now, before].map((text) => parseConfig(text ?? "")));
  const [is, was] = boards.map(({ board }) => board) as [Board, Board];
  return loosened(is, was).length === 0 ? undefined : "only a person can loosen it";
}

/** What ayo wrote into config.yml since, so that rules hold until a person confirms, goes with what it is about. */
async function unmarked(file: string, text: string | null): Promise<string | null> {
  return file === CONFIG_FILE && text !== null ? withUnconfirmed(text, {}) : text;
}

/** Undefined for a file that is there and cannot be read. */
function diskText(file: string, name: string): string | null | undefined {
  const read = readStoreFile(file);
  if (read instanceof Unread) return undefined;
  return read === undefined ? null : decodeText(read.bytes, name);
}
