import { createHash } from "node:crypto";
import { readHead } from "../../../git/refs/refs.ts";
import { readTips } from "../../../git/refs/tips.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import type { Draft } from "../../change/draft.ts";
import { AYO } from "../../change/leases.ts";
import { transaction } from "../../change/transaction.ts";
import { readFresh, type View } from "../../disk/view.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import { baseBranch, shortRef } from "./baseBranch.ts";
import { lastSeen, loadLanded, saveLanded } from "./landedCache.ts";
import { doneTickets, lookAt, type Seen } from "./look.ts";

/** What a look at the project wrote into tickets. */
export interface LandedNews {
  /** Tickets whose work has come to the base branch, and those of which it was taken back. */
  readonly landed: readonly string[];
  readonly unlanded: readonly string[];
  /** What kept ayo from seeing it. */
  readonly trouble?: string;
}

/** How a look is made. */
export interface LookOptions {
  /** The store as it was just read. */
  readonly view?: View;
  /** Where nobody can wait for hooks; gets what there is to say of them. */
  readonly onPublished?: (notices: readonly string[]) => void;
}

const NOTHING: LandedNews = { landed: [], unlanded: [] };

/**
 * Looks whether the work of tickets that are done has come to the base branch of the project, and writes it into their
 * files: readiness goes by what they say. As long as neither branches nor tickets have changed since the last look this
 * costs what looking at the branches does. Nothing where config.yml does not ask for it.
 */
export async function seeLanded(store: Store, options: LookOptions = {}): Promise<LandedNews> {
  const config = options.view?.config ?? store.index?.config ?? (await readFresh(store)).config;
  const name = config.board.landsOn;
  const { journal } = store;
  if (name === undefined || journal === undefined) return NOTHING;
  const repository = projectRepository(store);
  if (repository === undefined) return { ...NOTHING, trouble: `there is no project in git around ${store.dir}` };
  const base = baseBranch(repository, name);
  if (typeof base === "string") return { ...NOTHING, trouble: base };
  const { stateDir } = journal;
  const { commonDir } = repository;
  const now = [readHead(journal.repository).oid, readTips(repository).fingerprint, base.ref, base.head];
  const key = createHash("sha1").update(now.join("\n")).digest("hex");
  if (lastSeen(stateDir, commonDir) === key) return NOTHING;
  const view = options.view ?? (await readFresh(store));
  const place = { store, view, repository, base };
  const { cache, seen, trouble } = await lookAt(place, doneTickets(view), loadLanded(stateDir, commonDir));
  const news = await record(store, seen, shortRef(base.ref), options);
  // With what was written the store has another head: then the next look is a whole one.
  saveLanded(stateDir, commonDir, trouble === undefined ? key : "", cache);
  return { ...news, ...(trouble === undefined ? {} : { trouble: `changes cannot be compared: ${trouble}` }) };
}

/** Writes what was seen into the files of tickets that are as they were looked at: what landed, then what did not. */
async function record(store: Store, seen: readonly Seen[], base: string, options: LookOptions): Promise<LandedNews> {
  const changed = seen.filter(({ change }) => change !== undefined);
  const isGone = ({ change }: Seen): boolean => change?.landed === null;
  const write = async (some: readonly Seen[]): Promise<readonly string[]> => {
    if (some.length === 0) return [];
    const { onPublished } = options;
    const how = { actor: AYO, ...(onPublished === undefined ? {} : { onPublished }) };
    const { result } = await transaction(store, how, async (draft) => {
      const told: Seen[] = [];
      for (const one of some) if (await patch(draft, one)) told.push(one);
      const result = told.flatMap(({ id, change }) => (change?.landed === undefined ? [] : id));
      return told.length === 0 ? { result } : { result, sentence: sentenceOf(told, base) };
    });
    return result;
  };
  const landed = await write(changed.filter((one) => !isGone(one)));
  return { landed, unlanded: await write(changed.filter(isGone)) };
}

/** The sentence of a change that says where work is. */
export function sentenceOf(told: readonly Seen[], base: string) {
  const ids = told.map(({ id }) => id);
  const isGone = told.some(({ change }) => change?.landed === null);
  const isThere = told.some(({ change }) => typeof change?.landed === "string");
  const what = ids.length === 1 ? ids[0] : `${ids.length} tickets: ${ids.join(", ")}`;
  const verb = isGone ? `taken back from ${base}:` : isThere ? `landed on ${base}:` : "record commits of";
  return { subject: `${verb} ${what}`, event: isGone ? "unlanded" : isThere ? "landed" : "updated", tickets: ids };
}

/** False where the ticket is another since it was looked at. */
async function patch(draft: Draft, { id, version, change }: Seen): Promise<boolean> {
  const ticket = draft.view.byId.get(id);
  if (ticket?.version !== version || change === undefined) return false;
  if (categoryOf(draft.view.board, ticket.status) !== "done") return false;
  await draft.patch(ticket, change);
  return draft.files.has(ticket.path);
}
