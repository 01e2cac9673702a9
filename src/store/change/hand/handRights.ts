import { statSync } from "node:fs";
import path from "node:path";
import { walkCommits } from "../../../git/commits/history.ts";
import { readObject } from "../../../git/objects/objects.ts";
import { pipelineOfActor } from "../../../ticket/pipeline/pipeline.ts";
import type { Board } from "../../../ticket/rules/board.ts";
import { DEFAULT_LEASE_MS, isLeaseLive } from "../../../ticket/rules/claim.ts";
import { gatesPassed, loosened, type Version } from "../../../ticket/rules/handGates.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { HandEdit } from "../../disk/archive/archiveEdits.ts";
import { isFinished } from "../../disk/view.ts";
import { readTrailers } from "../../events/commitEvents.ts";
import { parseConfig } from "../../open/config/config.ts";
import { keptRules, withUnconfirmed } from "../../open/config/unconfirmedConfig.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";
import type { Index } from "../../open/entry.ts";
import { type Actor, isInRun } from "../../open/identity/identity.ts";
import type { Journal, Store } from "../../open/store.ts";
import { knownBefore, ticketsBefore, versionNow } from "./handVersions.ts";

/** What hand edits did that a person has to confirm, where agents were at work. */
export interface PassedByHand {
  /** Their files, and those that go with them. */
  readonly files: ReadonlySet<string>;
  readonly tickets: readonly PassedTicket[];
  /** The rules of config.yml that hold on. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A ticket that passed a gate by hand. */
export interface PassedTicket {
  readonly id: string;
  /** The fields that wait for a person. */
  readonly keys: readonly string[];
  /** Who had held it before the edit. */
  readonly authors: readonly string[];
}

/** The agents' last sign of life is looked for in so many commits. */
const MAX_COMMITS = 50;
/** What takes effect by itself; who changes it while agents work is unknown too. */
const EFFECTIVE = /^(?:hooks|pipelines|schemas|templates\/prompts)\/|^agents\.yml$/;

/**
 * What of hand edits passed a gate while agents were at work: nobody can tell whose edit it was, and the person is not
 * to be written down for it, see *Rights* in src/README.md. Undefined for all others.
 */
export async function passedByHand(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
  caller: Actor,
): Promise<PassedByHand | undefined> {
  const olds = await ticketsBefore(journal, edits);
  const rules = await rulesBefore(journal, index, edits);
  const knows = await knownBefore(store, journal, index, edits, olds);
  const tickets: PassedTicket[] = [];
  const files = new Set(edits.map(({ file }) => file).filter((file) => EFFECTIVE.test(file)));
  for (const edit of edits) {
    const now = await versionNow(store, index, edit, edits);
    const found = now === undefined ? undefined : judge(await knows(edit.file, now.ticket.id), now, rules.board);
    if (found === undefined) continue;
    tickets.push(found);
    files.add(edit.file);
    for (const [file, { id }] of olds) if (id === found.id) files.add(file);
  }
  if (Object.keys(rules.kept).length > 0) files.add(CONFIG_FILE);
  if (files.size === 0 || !(await areAgentsAtWork(store, journal, index, { edits, olds, caller, board: rules.board })))
    return undefined;
  return { files, tickets, config: rules.kept };
}

function judge(before: Ticket | undefined, now: Version, board: Board): PassedTicket | undefined {
  const { id, fields } = now.ticket;
  const passed = gatesPassed(before, now, board);
  const keys = [...new Set([...missing(before?.fields.unconfirmed, fields.unconfirmed), ...passed])];
  const authors = before?.fields.authors ?? [];
  return keys.length > 0 || missing(authors, fields.authors).length > 0 ? { id, keys, authors } : undefined;
}

function missing(before: readonly string[] = [], now: readonly string[] = []): string[] {
  return before.filter((one) => !now.includes(one));
}

/** The board that held before the edits, and what holds on of the rules that they loosened. */
async function rulesBefore(
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
): Promise<{ readonly board: Board; readonly kept: Readonly<Record<string, unknown>> }> {
  const edit = edits.find(({ file }) => file === CONFIG_FILE);
  const text = edit === undefined ? undefined : await textAt(journal, edit.before);
  const written = edit?.bytes?.toString("utf8") ?? "";
  const before = text === undefined ? undefined : await parseConfig(text).catch(() => undefined);
  if (text === undefined || before === undefined) return { board: index.config.board, kept: {} };
  const after = await parseConfig(written).catch(() => index.config);
  const keys = loosened(before.board, after.board);
  if (keys.length === 0) return { board: before.board, kept: {} };
  const kept = await keptRules(text, keys, before.board.columns);
  // Rules on columns that are gone or called otherwise hold with their board.
  const isWhole = await parseConfig(await withUnconfirmed(written, kept)).then(
    () => true,
    () => false,
  );
  const whole = isWhole ? kept : await keptRules(text, [...keys, "board", "transitions"], before.board.columns);
  return { board: before.board, kept: whole };
}

interface Circumstances {
  readonly edits: readonly HandEdit[];
  readonly olds: ReadonlyMap<string, Ticket>;
  readonly caller: Actor;
  /** The one that held before the edits. */
  readonly board: Board;
}

/** Whether an agent holds a claim, calls us, or has changed the store within a lease before the edit. */
async function areAgentsAtWork(
  store: Store,
  journal: Journal,
  index: Index,
  { edits, olds, caller, board }: Circumstances,
): Promise<boolean> {
  // A pipeline writes by ayo alone: what was edited by hand is never its.
  if ((caller.agent && pipelineOfActor(caller.name) === undefined) || isInRun(store.host)) return true;
  const at = edits.reduce(
    (first, { file }) => Math.min(first, modifiedAt(path.join(store.dir, file))),
    store.host.now(),
  );
  const tickets = [...[...index.entries.values()].flatMap(({ ticket }) => ticket ?? []), ...olds.values()];
  // What was finished by hand may carry its lease still.
  const isAtWork = ({ status, fields: { claimedBy, lease } }: Ticket): boolean =>
    isAgents(claimedBy) && lease !== undefined && isLeaseLive(lease, at) && !isFinished(board, status);
  if (tickets.some(isAtWork)) return true;
  // A lease that somebody made short hides nobody.
  const since = at - Math.max(index.config.lease ?? 0, DEFAULT_LEASE_MS);
  const { head } = index;
  const limit = { limit: MAX_COMMITS };
  for await (const { message, committer } of head === undefined ? [] : walkCommits(journal.repository, head, limit)) {
    if (committer.time * 1000 < since) return false;
    if (isAgents(readTrailers(message).get("Actor"))) return true;
  }
  return false;
}

function isAgents(name: string | undefined): boolean {
  return name?.startsWith("@") === true && pipelineOfActor(name) === undefined;
}

function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

async function textAt({ repository }: Journal, oid: string | null): Promise<string | undefined> {
  // Where there was no file, ayo's own rules held.
  if (oid === null) return "";
  const read = await readObject(repository, oid).catch(() => undefined);
  return read?.bytes.toString("utf8");
}
