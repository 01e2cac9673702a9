import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { recordDeleted } from "../../store/change/recordDeleted.ts";
import { readArchived } from "../../store/disk/archive/archive.ts";
import { idsEverDeleted } from "../../store/disk/deleted.ts";
import { isLeftOut } from "../../store/disk/gitMarks.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { archiveOf, isFinished } from "../../store/disk/view.ts";
import { isTopTicket } from "../../store/open/entry.ts";
import type { Store } from "../../store/open/store.ts";
import { type Projects, readProjects } from "../../store/projects/projectFiles.ts";
import { isValidId } from "../../ticket/ids.ts";
import { columnFor } from "../../ticket/rules/columns.ts";
import { findCycles } from "../../ticket/rules/graph.ts";
import { findDeadlocks } from "../../ticket/rules/waits.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { valueFaults } from "../../ticket/valueFaults.ts";
import { assertStorable } from "../input/checkInput.ts";
import { assertTakesMore } from "../lifecycle/projectField.ts";
import { takeFiles } from "./attachments.ts";
import { type Foreign, formatForeign, type Gathered, refusal } from "./foreign.ts";
import { takeOutput, takeSchemas } from "./outputs.ts";
import { assertPasses } from "./passes.ts";
import { takeProjects } from "./projects.ts";
import { assertSameProject } from "./sameProject.ts";
import { count, countEach, nothingTaken, type Taken } from "./taken.ts";

/** What the decisions on single tickets need. */
interface Here {
  readonly store: Store;
  readonly draft: Draft;
  /** The blob that an import last wrote, by id. */
  readonly last: ReadonlyMap<string, string>;
  /** Ids in lower case that are taken, here or by this import, and the id as it is spelled. */
  readonly taken: Map<string, string>;
  /** Where this import read an id first. */
  readonly read: Map<string, string>;
  readonly deleted: ReadonlySet<string>;
  /** The projects of this store, where an agent imports: nothing is added to archived ones. */
  readonly projects: Projects | undefined;
  /** The ticket here with this very id, archived or not. */
  find(id: string): Promise<Ticket | undefined>;
  has(id: string): boolean;
}

/** Puts a source's tickets into the draft, each on its own: what cannot be taken stops no other. */
export async function takeOver(
  store: Store,
  draft: Draft,
  gathered: Gathered,
  last: ReadonlyMap<string, string>,
  onTicket: (done: number, total: number) => void,
): Promise<Taken> {
  const here = await openHere(store, draft, last);
  await assertSameProject(gathered, here.find);
  const taken = nothingTaken(gathered.needYou);
  const references: Ticket[] = [];
  for (const [n, foreign] of gathered.tickets.entries()) {
    try {
      const ticket = await takeOne(here, taken, foreign);
      if (ticket !== undefined) references.push(ticket);
    } catch (error) {
      taken.needYou.push(refusal(error, foreign.place, foreign.id));
    }
    onTicket(n + 1, gathered.tickets.length);
  }
  taken.schemas.push(...takeSchemas(store, draft, gathered.schemas ?? []));
  taken.schemas.push(...(await takeProjects(store, draft, gathered.projects ?? [])));
  await bury(here, taken, gathered.tombstones);
  taken.dangling = countDangling(here, references);
  taken.circles = circlesOf(here, references);
  return taken;
}

async function openHere(store: Store, draft: Draft, last: ReadonlyMap<string, string>): Promise<Here> {
  const { view } = draft;
  const archive = await archiveOf(store, view);
  const taken = new Map([...archive.ids(), ...view.byId.keys()].map((id) => [id.toLowerCase(), id]));
  const deleted = new Set([...(await idsEverDeleted(store))].map((id) => id.toLowerCase()));
  const find = async (id: string): Promise<Ticket | undefined> => {
    const archived = view.byId.has(id) ? undefined : archive.find(id);
    return archived === undefined ? view.byId.get(id) : readArchived(store, archived.path);
  };
  const has = (id: string): boolean => view.byId.has(id) || archive.find(id) !== undefined;
  const projects = draft.actor.agent ? await readProjects(store.dir) : undefined;
  return { store, draft, last, taken, read: new Map(), deleted, projects, find, has };
}

/** @throws bad_input, bad_ticket, unpatchable for what only the user can settle */
async function takeOne(here: Here, taken: Taken, foreign: Foreign): Promise<Ticket | undefined> {
  const { draft, last } = here;
  const { id } = foreign;
  claimId(here, foreign);
  const why = whyNot(here, id);
  if (why !== undefined) {
    taken.skipped.push({ id, why });
    return undefined;
  }
  const file = `${foreign.folder}${id}.md`;
  const text = formatForeign(foreign, draft.view.board);
  assertStorable("the ticket", text);
  const ticket = await readBack(foreign, text, file);
  const old = await here.find(id);
  if (old !== undefined && old.version !== ticket.version && old.version !== last.get(id)) {
    taken.skipped.push({ id, why: last.has(id) ? "changed here" : "was here before, and differs" });
    return undefined;
  }
  assertPasses(draft, { ticket, text }, old);
  if (here.projects !== undefined) assertTakesMore(here.projects, ticket, old);
  taken.blobs.set(id, ticket.version);
  countStatus(here, taken, ticket);
  taken.faults.push(...valueFaults(ticket).map(({ message }) => `${id}: ${message}`));
  const isKnown = old?.version === ticket.version;
  if (isKnown) taken.unchanged++;
  else write(here, ticket, text, old);
  const hasOutput = [ticket, old].some((one) => one?.fields.outputId !== undefined);
  const isWithout = hasOutput && !(await takeOutput(here.store, draft, ticket, foreign.output));
  if (isWithout) taken.withoutOutput.push(id);
  const lost = takeFiles(draft, ticket, foreign.files, !isKnown);
  taken.withoutFiles.push(...lost.map((name) => `${id}: ${name}`));
  const leftOut = [
    ...(foreign.leftOut ?? []),
    ...(isWithout ? ["output"] : []),
    ...(lost.length > 0 ? ["attachments"] : []),
  ];
  if (!isKnown) count(taken, { ...foreign, leftOut }, ticket, old !== undefined);
  return ticket;
}

/** Why an id is not to come back, or undefined. */
function whyNot({ store, deleted }: Here, id: string): string | undefined {
  if (deleted.has(id.toLowerCase())) return "deleted here";
  return isLeftOut(store, `${id}.md`) ? "left out of this worktree by git (sparse checkout)" : undefined;
}

/** An id is taken once, whatever its case: file systems of other people do not tell them apart. */
function claimId({ taken, read }: Here, { id, place }: Foreign): void {
  const refuse = (message: string) => new AyoError("bad_input", message);
  if (!isValidId(id)) {
    throw refuse(
      `'${id.slice(0, 80)}' can name no file: ids are letters, digits, '.', '_' and '-', at most 64, and no device name`,
    );
  }
  const lower = id.toLowerCase();
  const before = read.get(lower);
  if (before !== undefined) throw refuse(`its id was read before, at ${before}`);
  const other = taken.get(lower);
  if (other !== undefined && other !== id) throw refuse(`differs only in case from ${other}, which is here`);
  read.set(lower, place.line > 0 ? `${place.path}:${place.line}` : place.path);
  taken.set(lower, id);
}

/** What is written must be read as the same ticket again. */
async function readBack({ id, content }: Foreign, text: string, file: string): Promise<Ticket> {
  const parsed = await parseText(text, file);
  if (!("id" in parsed)) throw new AyoError("bad_ticket", parsed.message, { data: { line: parsed.line } });
  if (parsed.id !== id) throw new AyoError("bad_ticket", `would be read as '${parsed.id}'`);
  if (typeof content !== "string" && text.includes("\0")) throw new AyoError("bad_ticket", "holds a NUL character");
  return parsed;
}

function write({ draft }: Here, ticket: Ticket, text: string, old: Ticket | undefined): void {
  if (old === undefined) create(draft, ticket.path, text);
  else if (!old.path.startsWith("archive/") || isFinished(draft.view.board, ticket.status)) draft.write(old, text);
  else {
    create(draft, path.posix.basename(old.path), text);
    draft.put(old.path, null);
  }
}

/** @throws bad_input where another ticket's file, or one that cannot be read, has this name */
function create(draft: Draft, file: string, text: string): void {
  draft.put(file, text);
  if (draft.before.get(file) === null) return;
  draft.files.delete(file);
  draft.before.delete(file);
  throw new AyoError("bad_input", `${file} is here already and is not this ticket`);
}

function countStatus({ draft }: Here, { unknownStatuses, unknownTypes }: Taken, { status, fields }: Ticket): void {
  const { board } = draft.view;
  if (columnFor(board, status) === undefined) countEach(unknownStatuses, [status]);
  if (fields.type !== undefined && !board.types.includes(fields.type)) countEach(unknownTypes, [fields.type]);
}

/** Records ids that are deleted there; a ticket that came from there and was not changed here goes too. */
async function bury(here: Here, taken: Taken, tombstones: readonly string[]): Promise<void> {
  const { draft, store, last, deleted } = here;
  for (const id of new Set(tombstones)) {
    if (deleted.has(id.toLowerCase()) || here.read.has(id.toLowerCase())) continue;
    const old = await here.find(id);
    if (old === undefined && here.taken.has(id.toLowerCase())) continue;
    if (old !== undefined && old.version !== last.get(id)) {
      taken.skipped.push({ id, why: "deleted there, but changed here" });
      continue;
    }
    if (old !== undefined) {
      draft.put(old.path, null);
      taken.deleted.push(id);
    }
    taken.tombstones.push(id);
  }
  if (taken.tombstones.length > 0) recordDeleted(draft, store.dir, taken.tombstones);
}

/** Circles are taken as they are, as a hand edit's would be: which of their lines is wrong only a person knows. */
function circlesOf({ draft: { view } }: Here, taken: readonly Ticket[]): string[][] {
  const byId = new Map(view.byId);
  for (const ticket of taken) if (isTopTicket(ticket.path)) byId.set(ticket.id, ticket);
  const ids = new Set(taken.map(({ id }) => id));
  const all = [...byId.values()];
  const found = [...findCycles(all), ...findDeadlocks(all, ({ status }) => isFinished(view.board, status))];
  return found.filter((circle) => circle.some((id) => ids.has(id)));
}

function countDangling(here: Here, tickets: readonly Ticket[]): number {
  const ids = new Set(tickets.map(({ id }) => id));
  const references = tickets.flatMap(({ fields }) => [
    ...(fields.deps ?? []),
    ...(fields.parent === undefined ? [] : [fields.parent]),
  ]);
  return references.filter((id) => !ids.has(id) && !here.has(id)).length;
}
