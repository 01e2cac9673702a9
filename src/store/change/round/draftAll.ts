import { AyoError } from "../../../error.ts";
import { type View, viewWith } from "../../disk/view.ts";
import { isInHook } from "../../hooks/inHook.ts";
import { isTopTicket } from "../../open/entry.ts";
import type { Change } from "../changing.ts";
import { type Draft, isEmpty, openDraft, type Written } from "../draft.ts";
import { planOf } from "../ownCommits.ts";
import type { Part } from "../plan.ts";
import { StartOver } from "../startOver.ts";
import type { Caller } from "./callers.ts";
import { type Attempt, unlessSaving } from "./round.ts";

/** A change that changes more files is made alone. */
const MAX_FILES = 8;

/** What a caller's change came to, before anything is written. */
export type Drafted =
  | { readonly caller: Caller; readonly error: unknown }
  | { readonly caller: Caller; readonly result: unknown; readonly view: View; readonly part: Part | undefined };

/**
 * Runs the changes of the callers one after the other, each on what those before it made. It ends before one that must
 * be made alone. @throws StartOver
 */
export async function draftAll(attempt: Attempt, from: View): Promise<Drafted[]> {
  const below: Written = { files: new Map(), attachments: new Map() };
  const drafted: Drafted[] = [];
  let view = from;
  for (const caller of attempt.callers) {
    const draft = openDraft(caller.store, view, caller.options.actor, below);
    const one = await draftOne(attempt, caller, draft);
    const isChange = "part" in one && one.part !== undefined;
    const goesAlone = isChange && !isSmall(draft);
    if (goesAlone && drafted.length > 0) break;
    drafted.push(one);
    if (goesAlone || attempt.callers.length === 1) break;
    if (!isChange) continue;
    for (const [file, text] of draft.files) below.files.set(file, text);
    view = await viewWith(attempt.store, view, draft.files);
  }
  return drafted;
}

async function draftOne(attempt: Attempt, caller: Caller, draft: Draft): Promise<Drafted> {
  const { store, options } = caller;
  const { request } = store.host;
  if (request?.isWanted() === false)
    return { caller, error: new AyoError("store_busy", "whoever asked for it does it himself") };
  const change = await outcomeOf(attempt, caller, draft);
  if ("error" in change) return { caller, error: change.error };
  const { sentence, result } = change;
  const common = { caller, result, view: draft.view };
  if (sentence === undefined || isEmpty(draft)) return { ...common, part: undefined };
  const plan = planOf(draft, sentence, options, { quiet: isInHook(store), request });
  return { ...common, part: { store, plan } };
}

async function outcomeOf(
  { saving }: Attempt,
  { store, change }: Caller,
  draft: Draft,
): Promise<Change<unknown> | { readonly error: unknown }> {
  try {
    return await unlessSaving(store, saving, async () => change(draft));
  } catch (error) {
    if (error instanceof StartOver) throw error;
    return { error };
  }
}

/** Whether what comes next can be told what this changes: some tickets, and neither archive nor rules. */
function isSmall({ files, attachments }: Draft): boolean {
  if (attachments.size > 0) return false;
  return files.size <= MAX_FILES && [...files].every(([file, text]) => text !== null && isTopTicket(file));
}
