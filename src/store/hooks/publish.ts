import { parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { followStore } from "../events/follow.ts";
import { type KnownTickets, knownTicketsOf } from "../events/worldAt.ts";
import { keep, kept, runtimeKey } from "../open/runtime.ts";
import type { Journal, Store } from "../open/store.ts";
import { claim, orphans, settle, UNPUBLISHED } from "./due.ts";
import { fireHooks } from "./fireHooks.ts";
import { hooksFor, hooksOf } from "./hook.ts";
import { withHooksEnding } from "./runHook.ts";

/** What the stores of this process last knew of their tickets. */
const KNOWN_TICKETS = runtimeKey<KnownTickets | undefined>("nearby", () => undefined);

/** Keeps what the index knows, for `publish`. Call it with the store's lock held, when a change is complete. */
export function rememberTickets(store: Store): void {
  keep(store, KNOWN_TICKETS, store.index === undefined ? undefined : knownTicketsOf(store.index));
}

/** What a store of this process is publishing: one commit after the other. */
const PUBLISHING = runtimeKey<Promise<unknown>>("publishing", () => Promise.resolve());

/**
 * Publishes the events of the commits that are not published yet, and of those that dead processes left: the one place where a
 * change leaves the store. Today hooks hear of it; whoever else in this process wants to belongs here. A commit is
 * published at most once and by one process: it is claimed before anything runs. Call it after the lock is released;
 * calls of one process queue. Returns what the user should know, and never throws.
 */
export function publish(store: Store, journal: Journal): Promise<readonly string[]> {
  const commits = [...orphans(store, journal), ...kept(store, UNPUBLISHED).splice(0)];
  const run = (): Promise<string[]> => publishAll(store, journal, commits);
  const result = kept(store, PUBLISHING).then(run);
  keep(store, PUBLISHING, result);
  return result;
}

/** The same for a command that ends when it is done: a signal that ends it ends its hooks too. */
export function publishAndWait(store: Store, journal: Journal): Promise<readonly string[]> {
  return withHooksEnding(store.host, () => publish(store, journal));
}

/** The same for commits that another process made for this one. */
export function publishDue(store: Store, journal: Journal, commits: readonly string[]): Promise<readonly string[]> {
  kept(store, UNPUBLISHED).push(...commits);
  return publishAndWait(store, journal);
}

async function publishAll(store: Store, journal: Journal, commits: readonly string[]): Promise<string[]> {
  const notices = new Set<string>();
  try {
    const hooks = hooksOf(store).filter(({ event, state }) => event !== undefined && state !== "denied");
    const found: Found = hooks.length === 0 ? new Map() : await eventsOf(store, journal, commits);
    for (const commit of commits) {
      const events = (found.get(commit) ?? []).filter(({ event }) => hooksFor(hooks, event).length > 0);
      // In the moment before they run: of what a crash stops it is known whether it had begun.
      if (events.length > 0 && claim(journal, commit)) {
        for (const notice of await fireHooks(store, hooks, events)) notices.add(notice);
      }
      settle(journal, commit);
    }
  } catch (error) {
    notices.add(`hooks did not run: ${(error as Error).message}`);
  }
  return [...notices];
}

/** The events of commits, which are in commit order, from the store's objects alone. */
async function eventsOf(store: Store, journal: Journal, commits: readonly string[]): Promise<Found> {
  const found: Found = new Map();
  for (const commit of commits) if (!found.has(commit)) await readFrom(store, journal, commit, new Set(commits), found);
  return found;
}

type Found = Map<string, readonly TicketEvent[]>;

/** Foreign commits that are read on the way to ours; past more of them it is cheaper to start again. */
const PASSED = 50;

/** Adds the events of `first`, and of those `wanted` that follow it soon. */
async function readFrom(
  store: Store,
  journal: Journal,
  first: string,
  wanted: ReadonlySet<string>,
  found: Found,
): Promise<void> {
  const { bytes } = await readObject(journal.repository, first);
  const follower = await followStore(
    store,
    journal,
    { after: parseCommit(bytes).parents[0] },
    kept(store, KNOWN_TICKETS),
  );
  let passed = 0;
  for await (const events of follower.next()) {
    const { at = "" } = follower;
    // Somebody rewrote the branch: what we committed is no part of it any more.
    if (!found.has(first) && at !== first) return;
    if (wanted.has(at)) found.set(at, events);
    else passed++;
    if (found.size === wanted.size || passed > PASSED) return;
  }
}
