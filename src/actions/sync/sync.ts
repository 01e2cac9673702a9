import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { Remote } from "../../store/sync/findRemote.ts";
import type { Met } from "../../store/sync/meet.ts";
import type { Outbox } from "../../store/sync/outbox/takeOutboxes.ts";
import type { Told } from "../../ticket/merge/trees/trees.ts";
import { action, flag, optionalText, writeOptions } from "../input/action.ts";
import { pipelinesFollow } from "../input/aroundChange.ts";
import type { TrackerSynced } from "../tracker/runTracker.ts";
import type { TrackersSynced } from "./trackersToo.ts";

/** What `sync` answers. */
export interface Synced {
  /** The remote's name in the project, or its address; and the address. Null, as what follows, where only a tracker was synced. */
  readonly remote: string | null;
  readonly url: string | null;
  /** The ref there that holds the tickets. */
  readonly ref: string | null;
  /** The commit that both sides have now. */
  readonly commit: string | null;
  /** Commits that came, and that went. */
  readonly came: number;
  readonly went: number;
  /** Tickets here now that are not archived. */
  readonly tickets: number;
  /** What a person is to hear of the merge: whose change gave way, what was renamed. */
  readonly told: readonly Told[];
  /** Files that gave way as a whole: where they lie now. */
  readonly setAside: readonly string[];
  readonly notices: readonly string[];
  /** Bundles in branches of the project, and the one that was written here. */
  readonly outbox: readonly Outbox[];
  /** `joined`: the tickets came from there; `shared`: it is the first time that they go there. */
  readonly first: "joined" | "shared" | null;
  /** What came of the trackers of the store; missing where it has none. */
  readonly trackers?: readonly TrackerSynced[];
  readonly dryRun?: true;
}

const input = v.object({
  remote: optionalText("a remote of the project, or the address of a git repository; remembered here"),
  yes: flag("share with whoever can read the remote, without being asked"),
  outbox: flag("write what waits here to .ayo-outbox, for a branch of the project to carry: where pushing is refused"),
  ask: flag("git may ask for passwords on the terminal"),
  as: writeOptions.as,
  dryRun: flag("say what would come and go, change nothing"),
});

type Input = v.InferOutput<typeof input>;

/** `ayo sync`. */
export const sync = action({
  name: "sync",
  summary: "Share the tickets through a git remote: bring what others did, merge it, send what was done here",
  writes: true,
  input,
  run: (store, input): Promise<Synced> => syncWith(store, input),
});

/** The same for programs: only where a person has said before where the tickets go. */
export const syncAgain = action({
  name: "sync again",
  summary: "Bring what others did and send what was done here, where the tickets are shared already",
  writes: true,
  input: v.object({ as: writeOptions.as, dryRun: input.entries.dryRun }),
  run: async (store, { as, dryRun }): Promise<Synced> => {
    try {
      return await syncWith(store, { as, dryRun });
    } catch (error) {
      if (!(error instanceof AyoError) || error.code !== "needs_confirmation") throw error;
      throw new AyoError("needs_person", `${error.data?.what} Only a person can say yes to that, by 'ayo sync'`, {
        data: { ...error.data },
        cause: error,
      });
    }
  },
});

/** A config.yml that came with a sync and makes no sense here is what the next sync may mend. */
async function syncWith(store: Store, options: Input): Promise<Synced> {
  const { underLastConfig } = await import("../../store/disk/configFile.ts");
  return underLastConfig(store, () => syncNow(store, options));
}

async function syncNow(store: Store, options: Input): Promise<Synced> {
  const [{ findRemote, addressOf }, { ticketsIn }] = await Promise.all([
    import("../../store/sync/findRemote.ts"),
    import("../../store/sync/lookHere.ts"),
  ]);
  const remote = await remoteOr(() => findRemote(store, options.remote), store, options);
  if ("tickets" in remote) return remote;
  const shown = addressOf(remote);
  const { journal, joins } = await journalFor(store, options);
  if (options.outbox) {
    const { outboxNow } = await import("./outbox.ts");
    return { ...shown, ...(await outboxNow(store, journal, remote, options)) };
  }
  if (options.dryRun) {
    const { preview } = await import("../../store/sync/preview.ts");
    const seen = await preview(store, journal, remote, options.ask === true);
    const tickets = await ticketsIn(store);
    const nothing = { setAside: [], notices: [], first: null };
    return withTrackers({ ...shown, ...seen, ...nothing, tickets, dryRun: true }, await trackersOf(store, options));
  }
  const seen = await landedNow(store);
  const { meet } = await import("../../store/sync/meet.ts");
  const { confirmed } = await import("./confirmed.ts");
  const meetNow = (): Promise<Met> =>
    meet(store, journal, remote, {
      confirm: (facts) => confirmed(store, options, facts),
      prepare: async () => (await import("./nameStore.ts")).nameStore(store, options.as),
      mayAsk: options.ask === true,
    });
  try {
    const first = await meetNow();
    const trackers = await trackersOf(store, options);
    // What the trackers brought, and what is remembered of them, goes to the others too.
    const met = trackers.trackers.some(({ commits }) => commits > 0) ? joined(first, await meetNow()) : first;
    const { ref, commit, came, went, told, setAside, outbox, isFirst } = met;
    // Of what came some may have landed here.
    const landed = came === 0 ? [] : await landedNow(store);
    // What others did may begin runs here.
    const notices = [...new Set([...met.notices, ...seen, ...landed, ...(await pipelinesFollow(store))])];
    const tickets = await ticketsIn(store);
    const how = !isFirst ? null : joins || went === 0 ? "joined" : "shared";
    const synced = { ...shown, ref, commit, came, went, tickets, told, setAside, notices, outbox, first: how } as const;
    return withTrackers(synced, trackers);
  } catch (error) {
    if (joins) (await import("../../store/sync/joinStore.ts")).leaveNothing(store);
    throw error;
  }
}

/** The remote; where the project has none and the store has a tracker, what came of syncing with that. */
async function remoteOr(find: () => Remote, store: Store, options: Input): Promise<Remote | Synced> {
  try {
    return find();
  } catch (error) {
    const isNone = error instanceof AyoError && options.remote === undefined && isEmptyList(error.data?.remotes);
    const alone = isNone ? await (await import("./trackersToo.ts")).trackersAlone(store, options) : undefined;
    if (alone === undefined) throw error;
    return alone;
  }
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

async function trackersOf(store: Store, options: Input): Promise<TrackersSynced> {
  const { trackersToo } = await import("./trackersToo.ts");
  return trackersToo(store, options);
}

function withTrackers(synced: Synced, { trackers, notices }: TrackersSynced): Synced {
  const all = [...synced.notices, ...notices];
  return { ...synced, notices: all, ...(trackers.length === 0 ? {} : { trackers }) };
}

/** Two meetings as one. */
function joined(first: Met, second: Met): Met {
  return {
    ...second,
    isFirst: first.isFirst,
    came: first.came + second.came,
    went: first.went + second.went,
    files: first.files + second.files,
    told: [...first.told, ...second.told],
    setAside: [...first.setAside, ...second.setAside],
    notices: [...first.notices, ...second.notices],
    outbox: first.outbox,
  };
}

/** Whether work has landed, where it has to; what keeps ayo from seeing it stops no sync. Returns what to tell. */
async function landedNow(store: Store): Promise<readonly string[]> {
  if (store.journal === undefined) return [];
  try {
    const { seeLanded } = await import("../../store/codeCommits/landed/seeLanded.ts");
    const { trouble } = await seeLanded(store);
    return trouble === undefined ? [] : [`whether work has landed cannot be seen: ${trouble}`];
  } catch (error) {
    return [`whether work has landed cannot be told: ${(error as Error).message}`];
  }
}

/** The store's journal; where no store is yet, that of one that is to be what others have. */
async function journalFor(store: Store, { dryRun, outbox, as }: Input) {
  const { isVacant } = await import("../../store/sync/joinStore.ts");
  const joins = isVacant(store);
  if (!joins && store.journal !== undefined) {
    // A clone made by hand has neither.
    if (store.journal.mode === "own") await settleIn(store, store.journal);
    return { journal: store.journal, joins };
  }
  if (outbox && joins) throw new AyoError("no_store", "there are no tickets here to send", { try: ["ayo", "init"] });
  if (dryRun && joins)
    throw new AyoError("no_store", "there is no store here yet: 'ayo sync' makes one of what is there");
  if (!joins) {
    // A folder of tickets without git: its first commit is made now.
    const { change } = await import("../input/action.ts");
    await change(store, { as }, () => ({ result: null }));
  }
  const { createJournal } = await import("../../store/open/createJournal.ts");
  store.journal ??= await createJournal(store, { joins: true });
  return { journal: store.journal, joins };
}

/** Keeps the tickets out of the project's `git status`, and has git merge them by field. */
async function settleIn(store: Store, journal: Journal): Promise<void> {
  const [{ hideFromProject }, { useDriver }] = await Promise.all([
    import("../../store/open/createJournal.ts"),
    import("../../store/open/mergeDriver.ts"),
  ]);
  hideFromProject(store);
  await useDriver(journal);
}
