import { existsSync } from "node:fs";
import { posix } from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { UNKNOWN } from "../../store/change/hand/unconfirmed.ts";
import { recordDeleted, recordRestored } from "../../store/change/recordDeleted.ts";
import { DELETED_FILE } from "../../store/disk/deleted.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { type HistoryObjects, historyObjects } from "../../store/history/historyObjects.ts";
import { type HistoryTable, readHistory, rowsNamed } from "../../store/history/historyTable.ts";
import { type Step, stepsOf } from "../../store/history/ticketHistory.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { changesOf } from "../../ticket/events/changes.ts";
import { needsReview } from "../../ticket/rules/gate.ts";
import { saidYes } from "../../ticket/rules/unconfirmedKeys.ts";
import { ticketWith } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { withTicket } from "../answers/written.ts";
import { bringAttachments } from "../attachments/bringAttachments.ts";
import { action, change, optionalText, type WriteOptions, type Written, writeOptions } from "../input/action.ts";
import { bringOutputs } from "../output/bringOutputs.ts";
import { ofThisRun } from "./ofThisRun.ts";
import { type Around, readyAround, turned } from "./readiness.ts";
import { nameOf, undoesOf } from "./takenBack.ts";
import { type Direction, findTarget, type Target, type Uncommitted } from "./target.ts";
import { uncommittedEdit } from "./uncommittedEdit.ts";
import { undoFiles } from "./undoFiles.ts";
import { type Kept, textsOf, type UndoneJson, type UndoneTicket, undoneJson } from "./undone.ts";
import { undoStep } from "./undoStep.ts";

/** What `undo` answers. */
export interface Undone extends Written, Around {
  /** The commit that was taken back. */
  readonly undone: {
    /** Null in a dry run for an edit by hand that is not committed yet: the real run commits it first. */
    readonly commit: string | null;
    readonly at: string;
    readonly actor: string;
    readonly subject: string;
    readonly byHand: boolean;
  };
  readonly tickets: readonly UndoneJson[];
  readonly ticket?: UndoneJson;
  readonly notUndone: readonly Kept[];
  /** Tickets of the same commit that an undo of one ticket leaves alone. */
  readonly others: readonly string[];
}

const options = { as: writeOptions.as, dryRun: writeOptions.dryRun };

/** `ayo undo [id | COMMIT]`: a new commit that takes a change back, field by field. */
export const undo = action({
  name: "undo",
  summary: "Take back your last change, a ticket's last one, or a commit",
  writes: true,
  input: v.object({
    what: optionalText("a ticket, whose last change is taken back, or a commit"),
    ...options,
  }),
  run: (store, input) => takeBack(store, input, "undo"),
});

/** `ayo redo [id | COMMIT]`: a new commit that takes an undo back. */
export const redo = action({
  name: "redo",
  summary: "Bring back what was undone last",
  writes: true,
  input: v.object({
    what: optionalText("a ticket, whose last undo is taken back, or a commit that was undone"),
    ...options,
  }),
  run: (store, input) => takeBack(store, input, "redo"),
});

interface Input extends WriteOptions {
  readonly what?: string | undefined;
}

async function takeBack(store: Store, input: Input, direction: Direction): Promise<Undone> {
  const outcome = await change(store, input, (draft) => undoIn(store, draft, input, direction));
  const { around, undoneTickets, texts, ...result } = outcome.result;
  const after = input.dryRun === true ? around.after : await outcome.after();
  const described = undoneJson(undoneTickets, texts, { before: around.before, after });
  return { ...outcome.written, ...withTicket(described), ...result, ...turned(around, after) };
}

async function undoIn(store: Store, draft: Draft, { what, dryRun }: Input, direction: Direction) {
  const table = await readHistory(store);
  const uncommitted = dryRun === true ? await uncommittedEdit(store) : undefined;
  const actor = draft.actor.name;
  const isOwn = ofThisRun(store, draft.view, actor);
  const target = await findTarget(store, { table, actor, direction, uncommitted, isOwn }, what);
  const objects = historyObjects(store, store.journal as Journal);
  const { subject } = target.row;
  const tickets: UndoneTicket[] = [];
  const notUndone: Kept[] = [];
  const steps = await withMirrors(objects, target);
  for (const step of steps) {
    const { ticket, kept } = await undoStep(store, draft, objects, step);
    if (ticket !== undefined) tickets.push(ticket);
    const by = kept.length === 0 ? [] : changedBy(table, step, uncommitted);
    notUndone.push(...kept.map((one) => ({ ...one, by })));
  }
  const files = target.whole ? await undoFiles(store, draft, objects, target.row) : { undone: 0, kept: [] };
  notUndone.push(...files.kept.map((one) => ({ ...one, by: [] })));
  if (tickets.length + files.undone === 0) throw nothingLeft(target, subject, notUndone, direction);
  keepIds(store, draft, tickets);
  const undone = tickets.map(({ id }) => id);
  await bringOutputs(store, draft, undone);
  await bringAttachments(store, draft, objects, { row: target.row, ids: undone });
  if (target.row.actor === UNKNOWN.name) await unmark(draft, tickets);
  const { oid, time, byHand } = target.row;
  const ids = tickets.map(({ id }) => id);
  const result = {
    undone: { commit: oid === "" ? null : oid, at: formatTime(time * 1000), actor: target.row.actor, subject, byHand },
    undoneTickets: tickets,
    texts: await textsOf(draft, tickets),
    notUndone,
    others: stepsOf(target.row).flatMap(({ path }) => (steps.some((one) => one.path === path) ? [] : [nameOf(path)])),
    around: await readyAround(store, draft, ids),
  };
  const undoes = undoesOf(target.row, target.whole ? undefined : steps.map((step) => step.path));
  const said = { subject: subjectOf(subject, { ...target, steps }), event: "undone", tickets: ids };
  return { result, sentence: { ...said, undoes } };
}

/** What waited for a person's yes and is as it was got a no; what else was changed by hand still waits. */
async function unmark(draft: Draft, undone: readonly UndoneTicket[]): Promise<void> {
  for (const { id, kind, changes } of undone) {
    const ticket = kind === "changed" ? draft.view.byId.get(id) : undefined;
    if (ticket?.fields.unconfirmed === undefined) continue;
    const now = await parseText(draft.read(ticket), ticket.path);
    if (!("id" in now)) continue;
    const { unconfirmed: _, ...fields } = now.fields;
    const isBack = (key: string): boolean =>
      key === "review" ? needsReview(draft.view.board, ticketWith(now, { fields })) : key in changes;
    await draft.patch(ticket, saidYes(ticket.fields.unconfirmed, ticket.fields.unconfirmed.filter(isBack)));
  }
}

/** With a link of one ticket goes its other end, which the same commit made. */
async function withMirrors(objects: HistoryObjects, { row, steps, whole }: Target): Promise<readonly Step[]> {
  const fieldsOf = async ({ from, path, before, after }: Step): Promise<string> =>
    Object.keys(changesOf(await objects.snapshot(from, before), await objects.snapshot(path, after))).join();
  const [only] = steps;
  if (whole || only === undefined || !(await fieldsOf(only)).split(",").includes("links")) return steps;
  const mirrors: Step[] = [];
  for (const step of stepsOf(row)) {
    if (step.path !== only.path && (await fieldsOf(step)) === "links") mirrors.push(step);
  }
  return [...steps, ...mirrors];
}

/** Deleted ids are never given out again, restored ones are no longer deleted. */
function keepIds(store: Store, draft: Draft, tickets: readonly UndoneTicket[]): void {
  const ids = (kind: UndoneTicket["kind"]) => tickets.filter((one) => one.kind === kind).map(({ id }) => id);
  const [deleted, restored] = [ids("deleted"), ids("restored")];
  if (deleted.length > 0) recordDeleted(draft, store.dir, deleted);
  else if (restored.length > 0 && existsSync(posix.join(store.dir, DELETED_FILE))) {
    recordRestored(draft, store.dir, restored);
  }
}

/** `undo close ayo-x7k2: …`; taking an undo back is `redo close ayo-x7k2: …`. */
function subjectOf(subject: string, { row, whole, steps }: Target): string {
  const [, verb, rest] = /^(undo|redo) (.*)$/s.exec(subject) ?? [];
  if (rest !== undefined) return `${verb === "undo" ? "redo" : "undo"} ${rest}`;
  const isNested = !whole && stepsOf(row).length > 1;
  return `undo ${subject}${isNested ? ` (only ${steps.map(({ path }) => nameOf(path)).join(", ")})` : ""}`;
}

/** Who changed the ticket after the step. */
function changedBy(table: HistoryTable, { row, path }: Step, uncommitted: Uncommitted): string[] {
  if (row === uncommitted) return [];
  const rows = rowsNamed(table, [posix.basename(path)]);
  const at = rows.findIndex(({ oid }) => oid === row.oid);
  const later = [...rows.slice(at + 1), ...(uncommitted === undefined ? [] : [uncommitted])];
  return [...new Set(later.filter(({ changes }) => changes.length > 0).map(({ actor }) => actor))];
}

function nothingLeft({ row }: Target, subject: string, kept: readonly Kept[], direction: Direction): AyoError {
  const name = `'${subject}' (${row.oid.slice(0, 7)})`;
  const data = { commit: row.oid, notUndone: kept };
  if (kept.length === 0) return new AyoError("conflict", `${name} is undone already`, { data });
  const facts = kept.map(({ id, field, reason, by }) => {
    const who = by.length > 0 && reason === "changed since" ? ` by ${by.join(", ")}` : "";
    return `${[id, field].filter((part) => part !== null).join(" ")} ${reason}${who}`;
  });
  const done = direction === "redo" ? "brought back" : "undone";
  return new AyoError("conflict", `nothing of ${name} can be ${done}: ${facts.join("; ")}`, { data });
}
