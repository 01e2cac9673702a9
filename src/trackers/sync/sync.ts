import { type Provider, type RemoteRequest, TrackerError } from "../provider.ts";
import { Draft } from "./draft.ts";
import type { LocalSide, Told } from "./localSide.ts";
import { assertMeant, withTold } from "./meant.ts";
import type { PullRules, Winner } from "./merge/mergeItem.ts";
import { actOf, plan, type Write } from "./plan.ts";
import { pull, type RemoteRead } from "./pull.ts";
import { takeAnswers } from "./push/answers.ts";
import { journal } from "./push/journal.ts";
import { isDone, type Left, partsOfWrite, type Refused, refusedOf, undoneOf } from "./push/left.ts";
import type { Known, Outcome } from "./push/outcome.ts";
import { push } from "./push/push.ts";
import { readAll } from "./read.ts";
import { publish, type Wishes } from "./wishes.ts";

/** How a tracker is synced. */
export interface SyncOptions extends Wishes {
  readonly winner: Winner;
  /** Many new items or changes at once are what was meant. */
  readonly yes?: boolean;
  /** Hears what is about to be sent; what it throws stops it. */
  readonly assertMay?: (writes: readonly Write[]) => void;
  /** Says what would be sent, and changes nothing on either side. */
  readonly dryRun?: boolean;
  /** Takes in what came, says what would be sent, and writes nothing there; wishes wait until it may write. */
  readonly hold?: boolean;
  /** Reads everything again, not only what changed. */
  readonly whole?: boolean;
  /** Sends once more what was refused before. */
  readonly again?: boolean;
  /** Milliseconds before the last time read that are read again. */
  readonly overlap?: number;
  /** Hears how far it is; nobody knows beforehand how much there is to read. */
  readonly onProgress?: (done: number, total: number | undefined, what: "read" | "sent") => void;
}

/** What came of a sync. */
export interface SyncReport {
  readonly told: readonly Told[];
  /** What was sent and done; of a dry run, what would be. */
  readonly writes: readonly Write[];
  /** Of a dry run: the exact requests of the writes. */
  readonly requests: readonly RemoteRequest[];
  /** What is left to do, and what was refused just now, and why. */
  readonly left: readonly Left[];
  /** Those of them that were refused. */
  readonly refused: readonly Refused[];
  /** Why it stopped before its end. */
  readonly stopped: TrackerError | undefined;
}

/** Items that changed while we were at it are read again, and no more often than that. */
const MOST_ROUNDS = 3;
/** So many things read in vain, and the cursor alone is worth a commit. */
const MUCH = 200;
/** Relations that are read item by item cost a request each. */
const DEAR = 10;
/** Writes that make something, which a tracker without ids of ours makes twice when it is told twice. */
const MAKES: readonly Write["kind"][] = ["create", "comment", "relate"];

/** What was wished for, and is done once. */
const NO_WISHES = { publish: [], take: [], unlink: [], again: false } as const;

/**
 * Brings tickets and a tracker's items to the same. Reads what changed there, merges it here in one change, puts down what it
 * is going to write, writes it, and keeps the answers. It may die anywhere: the next run goes on.
 * @throws TrackerError where reading failed, with nothing changed
 */
export async function syncTracker(provider: Provider, local: LocalSide, options: SyncOptions): Promise<SyncReport> {
  const rules: PullRules = { mapping: await provider.describe(), winner: options.winner, tracker: provider.name };
  if (options.dryRun) return await dryRun(provider, local, rules, options);
  if (options.hold) return await takeOnly(provider, local, rules, options);
  let report = await syncOnce(provider, local, rules, options);
  for (let round = 2; report.isMore && report.stopped === undefined && round <= MOST_ROUNDS; round++) {
    const next = await syncAgain(provider, local, rules, options);
    report = next instanceof TrackerError ? { ...report, stopped: next } : joined(report, next);
  }
  const { told, writes, refused, undone, stopped } = report;
  const left = [...refused, ...undone].map(({ id, why }) => ({ id, why }));
  return { told, writes, requests: [], left, refused, stopped };
}

/** What came of one pass over both sides. */
interface Round {
  readonly told: readonly Told[];
  readonly writes: readonly Write[];
  /** What the tracker refused. */
  readonly refused: readonly Refused[];
  readonly undone: readonly Left[];
  /** What was tried, by ticket and part. */
  readonly tried: ReadonlySet<string>;
  readonly stopped: TrackerError | undefined;
  /** There is more to do at once. */
  readonly isMore: boolean;
}

/** Two rounds as one: of what was refused in the first stays what the second has not tried once more. */
function joined(before: Round, next: Round): Round {
  const refused = before.refused.filter(({ id, part }) => !next.tried.has(`${id} ${part}`));
  return {
    ...next,
    told: [...before.told, ...next.told],
    writes: [...before.writes, ...next.writes],
    refused: [...refused, ...next.refused],
  };
}

/** Goes on after a round in which things were written: where that cannot be, what was done stays done. */
async function syncAgain(
  provider: Provider,
  local: LocalSide,
  rules: PullRules,
  options: SyncOptions,
): Promise<Round | TrackerError> {
  try {
    return await syncOnce(provider, local, rules, { ...options, ...NO_WISHES, whole: false });
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return error;
  }
}

async function syncOnce(provider: Provider, local: LocalSide, rules: PullRules, options: SyncOptions): Promise<Round> {
  const read = await readWith(provider, local, rules, options);
  const known: Known = new Map(read.items.map((item) => [item.key, item] as const));
  const told = [...(await takeIn(local, read, rules, options))];
  const planned = await putDown(local, rules, known, options).catch((error: unknown) => {
    throw withTold(error, told);
  });
  told.push(...planned.told);
  if (planned.ready.some(({ kind }) => MAKES.includes(kind))) await local.journalled?.();
  const onSent = (count: number): void => options.onProgress?.(count, planned.ready.length, "sent");
  const { outcomes, stopped, isStale } = await push(provider, planned.ready, known, onSent);
  if (outcomes.length > 0) told.push(...(await keepAnswers(local, outcomes, rules)));
  const tried = outcomes.filter(({ isHeld }) => !isHeld).map(({ write }) => write);
  return {
    ...{ told, stopped, isMore: isStale || planned.waiting.length > 0 },
    writes: outcomes.filter(isDone).map(({ write }) => write),
    refused: refusedOf(outcomes),
    undone: undoneOf(outcomes, planned.waiting),
    tried: new Set(tried.flatMap((write) => partsOfWrite(write).map((part) => `${write.id} ${part}`))),
  };
}

async function readWith(
  provider: Provider,
  local: LocalSide,
  rules: PullRules,
  { whole, overlap, take, onProgress }: SyncOptions,
): Promise<RemoteRead> {
  const onRead = (count: number): void => onProgress?.(count, undefined, "read");
  return await readAll(provider, local, rules, { whole, overlap, take, onRead });
}

/** The half of a sync that sends nothing. */
async function takeOnly(
  provider: Provider,
  local: LocalSide,
  rules: PullRules,
  options: SyncOptions,
): Promise<SyncReport> {
  const read = await readWith(provider, local, rules, options);
  const told = await takeIn(local, read, rules, { ...options, ...NO_WISHES });
  const { writes } = await wouldSend(local, read, rules, options);
  return { told, writes, requests: [], left: [], refused: [], stopped: undefined };
}

/** Forgets what was refused, so that it is sent once more. */
function forgetRefused(draft: Draft): void {
  for (const [id, { refused }] of draft.pairs())
    if (Object.keys(refused).length > 0) draft.editPair(id, () => ({ refused: {} }));
}

async function dryRun(
  provider: Provider,
  local: LocalSide,
  rules: PullRules,
  options: SyncOptions,
): Promise<SyncReport> {
  const read = await readWith(provider, local, rules, options);
  const { told, writes } = await wouldSend(local, read, rules, options);
  const requests = writes.map((write) => provider.requestOf(actOf(write)));
  return { told, writes, requests, left: [], refused: [], stopped: undefined };
}

/** What would be sent after something was read, and what would be told; nothing is changed. */
async function wouldSend(
  local: LocalSide,
  read: RemoteRead,
  rules: PullRules,
  options: SyncOptions,
): Promise<Pick<SyncReport, "told" | "writes">> {
  const draft = new Draft(await local.read(), local.fit);
  if (options.again) forgetRefused(draft);
  pull(draft, read, rules, local, options);
  publish(draft, options.publish ?? [], local.storeId);
  return { told: draft.told, writes: plan(draft, rules.mapping, local.storeId) };
}

async function takeIn(
  local: LocalSide,
  read: RemoteRead,
  rules: PullRules,
  options: SyncOptions,
): Promise<readonly Told[]> {
  const isMuch = read.items.length + read.comments.length + read.relations.length * (read.wholeOf ? DEAR : 1) > MUCH;
  const told = await local.change((now) => {
    local.assertTurn?.();
    const draft = new Draft(now, local.fit);
    if (options.again) forgetRefused(draft);
    pull(draft, read, rules, local, options);
    return { change: draft.finish(isMuch), result: draft.told };
  });
  if (read.wholeOf !== undefined) local.ahead?.keep(read.before, read.cursor.relations);
  return told;
}

async function keepAnswers(local: LocalSide, outcomes: readonly Outcome[], rules: PullRules): Promise<readonly Told[]> {
  return await local.change((now) => {
    const draft = new Draft(now, local.fit);
    takeAnswers(draft, local.storeId, outcomes, rules);
    return { change: draft.finish(), result: draft.told };
  });
}

async function putDown(
  local: LocalSide,
  rules: PullRules,
  known: Known,
  options: SyncOptions,
): Promise<{ readonly ready: readonly Write[]; readonly waiting: readonly Write[]; readonly told: readonly Told[] }> {
  return await local.change((now) => {
    local.assertTurn?.();
    const draft = new Draft(now, local.fit);
    publish(draft, options.publish ?? [], local.storeId);
    const all = plan(draft, rules.mapping, local.storeId);
    assertMeant(all, options);
    // What was edited here after its item was read has to wait until the item is read again.
    const isReady = (write: Write): boolean => write.kind !== "update" || known.has(write.key);
    const [ready, waiting] = [all.filter(isReady), all.filter((write) => !isReady(write))];
    journal(draft, ready, known);
    return { change: draft.finish(), result: { ready, waiting, told: draft.told } };
  });
}
