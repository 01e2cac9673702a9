import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { packStore } from "../../store/change/packing/packStore.ts";
import { isFinished, readStore, type View } from "../../store/disk/view.ts";
import { oldAside, removeOld } from "../../store/files/oldAside.ts";
import { oldParts } from "../../store/hooks/runLog.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { DEFAULT_KEEP_MS } from "../../store/open/config/config.ts";
import { actorOf, isInRun } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { checkWritable } from "../../store/repair/nextWrite.ts";
import { finishRemoving, oldRuns, removeRun } from "../../store/runs/oldRuns.ts";
import { allRuns, type RunRecord, runWord } from "../../store/runs/record.ts";
import { pruneClaims } from "../../store/sync/claims/pruneClaims.ts";
import { pastMoment } from "../../ticket/moments.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { rootOf } from "../../ticket/rules/delegation.ts";
import { action, flag, optionalText, writeOptions } from "../input/action.ts";
import { removeFinished } from "./engine.ts";

/** What may be in the way, and is no ticket. */
export const PRUNED = ["run", "hook_log", "set_aside", "claim", "worktree"] as const;

/** One thing that was removed, or would be. */
export interface Gone {
  readonly kind: (typeof PRUNED)[number];
  /** `mya-x7k2/3` of a run, the ticket of a claim, the folder or file of others. */
  readonly name: string;
  /** When it ended or was last written to, where that is known. */
  readonly at: string | null;
}

/** What `prune` answers. */
export interface Pruned {
  readonly removed: readonly Gone[];
  /** Worktrees of tickets that are over in which is work that is nowhere else. */
  readonly kept: readonly { readonly name: string; readonly why: string }[];
  /** How many objects of the store's history were put into a pack, and how many packs became part of it. */
  readonly packed: { readonly objects: number; readonly merged: number };
  readonly notices: readonly string[];
  readonly dryRun?: true;
}

const input = v.object({
  before: optionalText("what is older than this (30d), or than this date; 30d, or what keep: in config.yml says"),
  as: writeOptions.as,
  dryRun: flag("say what would be removed, remove nothing"),
});

/** `ayo prune [--before 30d]`: what grows beside the tickets is removed; tickets and their history stay. */
export const prune = action({
  name: "prune",
  summary: "Remove old logs of runs and hooks, what was set aside, ended claims and merged worktrees; never tickets",
  writes: true,
  input,
  run: async (store, { before, as, dryRun = false }): Promise<Pruned> => {
    assertPerson(store, as);
    const view = await readStore(store);
    const moment = momentFor(view, before);
    const until: Until = { moment, runs: before === undefined ? runsMoment(view, moment) : moment, dryRun };
    if (!dryRun) assertWritable(store);
    const removed: Gone[] = [];
    try {
      return await pruneAll(store, view, until, removed);
    } catch (error) {
      throw removed.length > 0 && !dryRun ? halfDone(error, removed) : error;
    }
  },
});

/** Names what it removed as it goes, so that it can be told where it does not come to the end. */
async function pruneAll(store: Store, view: View, until: Until, removed: Gone[]): Promise<Pruned> {
  const { moment, dryRun } = until;
  runsBefore(store, view, until, removed);
  filesBefore(store, until, removed);
  const claims = await pruneClaims(store, view, view.now - moment, dryRun);
  removed.push(...claims.ids.map((name) => ({ kind: "claim", name, at: null }) as const));
  const { config } = await readAgents(store);
  const worktrees = await removeFinished(store, view, config.base, dryRun);
  removed.push(...worktrees.removed.map(({ name }) => ({ kind: "worktree", name, at: null }) as const));
  const { objects = 0, merged = 0 } = dryRun ? {} : (packStore(store) ?? {});
  return {
    removed,
    kept: worktrees.kept,
    packed: { objects, merged },
    notices: claims.notice === undefined ? [] : [claims.notice],
    ...(dryRun ? { dryRun: true } : {}),
  };
}

/** What cannot be packed at the end is not begun with; a full disk is no reason, for it gets emptier. @throws store_not_writable */
function assertWritable(store: Store): void {
  const [closed] = checkWritable(store, store.journal).filter(({ finding }) => finding.code === "not_writable");
  if (closed === undefined) return;
  const { message, path: place } = closed.finding;
  throw new AyoError("store_not_writable", `nothing was removed: ${message}`, { data: { path: place } });
}

function halfDone(error: unknown, removed: readonly Gone[]): unknown {
  const {
    code,
    message,
    data = {},
    try: line,
  } = error instanceof AyoError ? error : new AyoError("store_not_writable", (error as Error).message);
  const names = removed.slice(0, 5).map(({ name }) => name);
  const what = `${names.join(", ")}${removed.length > names.length ? `, and ${removed.length - names.length} more` : ""}`;
  return new AyoError(code, `${message}; removed before that: ${what}`, {
    ...(line === undefined ? {} : { try: line }),
    data: { ...data, removed },
    cause: error,
  });
}

/** What agents did is evidence, which none of them takes away. @throws needs_person */
function assertPerson(store: Store, as: string | undefined): void {
  if (!actorOf(as, store).agent && !isInRun(store.host)) return;
  throw new AyoError("needs_person", "only a person removes logs and worktrees of agents", { data: {} });
}

/** @throws bad_input */
function momentFor({ now }: View, before: string | undefined): number {
  const moment = before === undefined ? now - DEFAULT_KEEP_MS : pastMoment(before, now);
  if (moment !== undefined) return moment;
  throw new AyoError("bad_input", `'${before}' is neither a duration (30d) nor a date`, { data: { field: "before" } });
}

/** What config.yml says of runs. */
function runsMoment({ config, now }: View, moment: number): number {
  return typeof config.keepRuns === "number" ? now - config.keepRuns : moment;
}

interface Until {
  readonly moment: number;
  /** The same for runs. */
  readonly runs: number;
  readonly dryRun: boolean;
}

/** Runs of what is over: of work that goes on they say how often it was tried, and what it has cost. */
function runsBefore(store: Store, view: View, { runs: moment, dryRun }: Until, gone: Gone[]): void {
  if (view.config.keepRuns === "ever") return;
  if (!dryRun) finishRemoving(store);
  for (const run of oldRuns(store, moment)) {
    if (!isAllOver(view, run.ticket) || isTold(store, view, run)) continue;
    if (!dryRun) removeRun(store, run);
    gone.push({ kind: "run", name: runWord(run), at: run.ended ?? run.at });
  }
}

function isAllOver({ board, byId }: View, id: string): boolean {
  const ticket = byId.get(id);
  if (ticket === undefined) return true;
  return isFinished(board, ticket.status) && isFinished(board, rootOf(byId, ticket).status);
}

/** The last run of what failed is what the inbox tells of it, as long as nobody has done or cancelled that. */
function isTold(store: Store, { board, byId }: View, { ticket: id, n }: RunRecord): boolean {
  const ticket = byId.get(id);
  if (ticket === undefined || categoryOf(board, ticket.status) !== "failed") return false;
  return allRuns(store, id).every((other) => other.n <= n);
}

function filesBefore({ journal }: Store, { moment, dryRun }: Until, gone: Gone[]): void {
  if (journal === undefined) return;
  const aside = oldAside(path.join(journal.stateDir, "set-aside"), moment);
  const found = [
    ...oldParts(journal, moment).map((file) => ({ kind: "hook_log" as const, file, at: null })),
    ...aside.map((file) => ({
      kind: "set_aside" as const,
      file,
      at: new Date(Number(path.basename(file))).toISOString(),
    })),
  ];
  for (const { kind, file, at } of found) {
    if (!dryRun) removeOld(file);
    gone.push({ kind, name: path.basename(file), at });
  }
}
