import { existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { readStore } from "../../store/disk/view.ts";
import { keep, kept, runtimeKey } from "../../store/open/runtime.ts";
import type { Store } from "../../store/open/store.ts";
import { formatTime } from "../../ticket/time.ts";
import type { Provider } from "../../trackers/provider.ts";
import { type SyncOptions, type SyncReport, syncTracker } from "../../trackers/sync/sync.ts";
import { type Asking, agreed, lookAt, stillMeant, YES } from "./agreement.ts";
import { connectTracker, whereOf } from "./connect.ts";
import { TRACKERS } from "./kinds/facts.ts";
import { assertMayAsk, readMemory, remember } from "./memory.ts";
import { nextTime } from "./nextTime.ts";
import { othersOf } from "./others.ts";
import { leftToRemember } from "./refused.ts";
import { rulesFor } from "./rules.ts";
import { cursorPath } from "./side/pairFiles.ts";
import { storeSide } from "./side/storeSide.ts";
import { inTurn, type Turn } from "./turn.ts";

/** What came of a sync with a tracker. */
export interface TrackerSynced {
  readonly tracker: string;
  /** The team or the repository: `ENG`, `acme/web`. */
  readonly place: string;
  /** Tickets that the tracker made or changed here. */
  readonly came: number;
  /** Things that were written there; of a dry run, that would be. */
  readonly sent: number;
  /** Commits of the store that it made. */
  readonly commits: number;
  /** What a person is to hear of. */
  readonly told: readonly { readonly id: string; readonly text: string }[];
  /** What could not be sent, and why. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
  /** When the tracker may be asked again, where it said so. */
  readonly until: string | null;
  readonly notices: readonly string[];
  /** Of a dry run: the requests that would be sent, as they would be. */
  readonly requests?: readonly unknown[];
}

/** How a tracker is synced, by whom. */
export interface RunOptions {
  /** Which tracker, where the store has several. */
  readonly tracker?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly as?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** The others of a shared store were met just now, and will be again. */
  readonly isMet?: boolean;
  /** How long others wait for this one where it says nothing, if that is not what is usual; in milliseconds. */
  readonly lease?: number;
  /** Reads everything again. */
  readonly whole?: boolean | undefined;
  readonly wishes?: Pick<SyncOptions, "publish" | "take" | "unlink"> & {
    /** Tickets that had an item before: if it is still there, it is theirs again. */
    readonly relink?: readonly { readonly id: string; readonly key: string }[];
  };
}

const PROGRESS = runtimeKey<SyncOptions["onProgress"]>("progress", () => undefined);

/** Has somebody hear how far a sync of this store is. */
export function hearProgress(store: Store, onProgress: SyncOptions["onProgress"]): void {
  keep(store, PROGRESS, onProgress);
}

/** All of it is read once a day: some changes no time of the tracker's tells. In milliseconds. */
const WHOLE_EVERY = 24 * 60 * 60_000;

/** Whether nothing was ever read of some tracker of a store. */
export function isFirstSync({ dir }: Store): boolean {
  return TRACKERS.some((name) => !existsSync(path.join(dir, cursorPath(name))));
}

/** Brings a store and its tracker to the same. */
export async function runTracker(store: Store, options: RunOptions): Promise<TrackerSynced> {
  const { config, board } = await readStore(store);
  const rules = rulesFor(config, options.tracker);
  const { journal } = store;
  if (journal === undefined || config.id === undefined)
    throw new AyoError(
      "bad_config",
      `config.yml has no id of the store: run 'ayo tracker add ${rules.name}' once more`,
    );
  let turn: Turn | undefined;
  const assertTurn = (): void => turn?.assertOurs();
  const connection = await connectTracker(store, rules, options.dryRun ? {} : { journal, mayWrite: assertTurn });
  try {
    const where = whereOf(rules, { board });
    const provider = connection.provider(where);
    const others = othersOf(store, journal);
    const place = lookAt(connection, where);
    const sided = { wished: options.wishes?.publish, beforeChange: place.look };
    const side = { ...storeSide(store, rules, config.id, sided), journalled: others.tell, assertTurn };
    const running = { store, rules, provider, side, place, url: connection.url };
    if (options.dryRun) return await syncNow(running, options);
    return await inTurn(store, { journal, config, tracker: rules.name, lease: options.lease }, async (ours) => {
      turn = ours;
      const before = options.isMet ? [] : await others.meet();
      const synced = await syncNow(running, options);
      const after = options.isMet || synced.commits === 0 ? [] : await others.meet();
      return { ...synced, notices: [...new Set([...before, ...synced.notices, ...after])] };
    });
  } finally {
    connection.close();
  }
}

interface Running extends Asking {
  readonly provider: Provider;
}

async function syncNow(running: Running, options: RunOptions): Promise<TrackerSynced> {
  try {
    return await syncOnce(running, options);
  } catch (error) {
    throw nextTime(error);
  }
}

async function syncOnce(running: Running, options: RunOptions): Promise<TrackerSynced> {
  const { store, rules, provider, side } = running;
  const { name } = rules;
  const memory = readMemory(store, name);
  assertMayAsk(store, name, memory);
  const whole = options.whole ?? store.host.now() - (memory.wholeAt ?? 0) > WHOLE_EVERY;
  const sync: SyncOptions = {
    winner: rules.conflicts,
    whole,
    again: options.whole === true,
    ...(await wishesOf(running, options.wishes)),
    onProgress: (...told) => kept(store, PROGRESS)?.(...told),
  };
  if (options.dryRun) {
    const report = await syncTracker(provider, side, { ...sync, dryRun: true });
    if (report.writes.length > 0) await running.place.look();
    return answer(running, report, true);
  }
  // What is many is a person's to say, too.
  if (options.yes) deciderOf(store, options.as, YES);
  const { taken, isAgreed } = await agreed(running, sync, options);
  const yes = options.yes === true;
  const assertMay = stillMeant(running, options);
  const report = isAgreed ? joined(taken, await syncTracker(provider, side, { ...sync, yes, assertMay })) : taken;
  // Whoever has the turn now remembers what is left.
  if (report.stopped?.fault === "turn") throw report.stopped;
  side.keep();
  const until = untilOf(report);
  remember(store, name, {
    syncedAt: formatTime(store.host.now()),
    ...leftToRemember(store, name, memory, report),
    until: until ?? undefined,
    ...(whole && report.stopped === undefined ? { wholeAt: store.host.now() } : {}),
  });
  return answer(running, report, false);
}

/** What the first look told is told with what came after it. */
function joined(before: SyncReport | undefined, report: SyncReport): SyncReport {
  return { ...report, told: [...(before?.told ?? []), ...report.told] };
}

/** What is wanted, with items by their ids. @throws not_found where nothing there has that name */
async function wishesOf(
  { provider, rules }: Running,
  { take = [], publish = [], relink = [], ...rest }: NonNullable<RunOptions["wishes"]> = {},
): Promise<Pick<SyncOptions, "publish" | "take" | "unlink">> {
  const keys: string[] = [];
  const anew = [...publish];
  for (const { id, key } of relink) {
    const item = await provider.find(key);
    if (item === undefined || item.away === "trashed" || item.away === "moved") anew.push(id);
    else keys.push(item.key);
  }
  for (const name of take) {
    const item = await provider.find(name);
    if (item === undefined) {
      const message = `${rules.name} has nothing that is called '${name}', or this key may not read it`;
      throw new AyoError("not_found", message, { data: { key: name } });
    }
    keys.push(item.key);
  }
  return { ...rest, take: keys, publish: anew };
}

function untilOf({ stopped }: SyncReport): string | null {
  return stopped?.until === undefined ? null : formatTime(stopped.until);
}

function answer({ rules, side }: Running, report: SyncReport, isDry: boolean): TrackerSynced {
  const { told, writes, left, stopped } = report;
  const rest = stopped === undefined || left.length > 0 ? left : [{ id: "", why: stopped.message }];
  return {
    tracker: rules.name,
    place: rules.place,
    came: isDry ? 0 : side.came(),
    sent: writes.length,
    commits: side.commits(),
    told,
    left: rest,
    until: untilOf(report),
    notices: [...new Set(side.notices)],
    ...(isDry ? { requests: report.requests } : {}),
  };
}
