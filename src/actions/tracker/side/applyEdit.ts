import type { Draft } from "../../../store/change/draft.ts";
import { moveTicket } from "../../../store/change/moveTicket.ts";
import { parseText, withYaml } from "../../../store/disk/readFile.ts";
import { isFinished } from "../../../store/disk/view.ts";
import type { Column } from "../../../ticket/rules/board.ts";
import { isHeld } from "../../../ticket/rules/claim.ts";
import { columnAt, columnFor } from "../../../ticket/rules/columns.ts";
import { gatesPassed } from "../../../ticket/rules/handGates.ts";
import { setTitle } from "../../../ticket/text/body.ts";
import { formatTicket } from "../../../ticket/text/formatTicket.ts";
import { appendNote, rewriteNote } from "../../../ticket/text/notes.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import type { Fields, Ticket } from "../../../ticket/ticket.ts";
import { withTrackedText } from "../../../ticket/tracked/trackedText.ts";
import type { LocalTicket, TicketEdit } from "../../../trackers/sync/localSide.ts";
import { reached } from "../../lifecycle/moving/reached.ts";
import type { TrackerRules } from "../rules.ts";
import { refOf } from "./refs.ts";

/** Makes what a sync has decided of a ticket; nothing stands in its way, as with an edit by hand. */
export async function applyEdit(draft: Draft, edit: TicketEdit, rules: TrackerRules): Promise<void> {
  const { name: tracker } = rules;
  const { before, after } = edit;
  if (before === undefined) {
    addTicket(draft, edit, rules);
    return;
  }
  const ticket = await draft.find(after.id);
  const changes = { ...fieldChanges(draft, ticket, before, after), ...foreign(ticket, edit, tracker) };
  await draft.patch(ticket, changes);
  await rewrite(draft, ticket, before, after);
  tellHolder(draft, ticket, edit, tracker);
  await markPassed(draft, ticket);
  const isBack = ticket.path.startsWith("archive/") && !isFinished(draft.view.board, after.fields.status as string);
  if (isBack) moveTicket(draft, ticket, `${ticket.id}.md`);
}

/** Whether a tracker brought something, and ayo did not only say something in a note. */
export function isBrought({ before, after }: TicketEdit): boolean {
  if (before === undefined) return true;
  const said = ({ notes }: LocalTicket): string => JSON.stringify(notes.filter(({ by }) => by !== "ayo"));
  const rest = ({ fields, labels, deps }: LocalTicket): string => JSON.stringify([fields, labels, deps]);
  return said(before) !== said(after) || rest(before) !== rest(after);
}

/** Whatever a tracker brought waits for a person's yes before it starts an agent. */
function foreign(ticket: Ticket, edit: TicketEdit, tracker: string): FieldChanges {
  return isBrought(edit) && ticket.fields.origin === undefined ? { origin: tracker } : {};
}

/** A claim under which somebody works now: only the end of the ticket ends it. */
function keepsStatus(draft: Draft, ticket: Ticket, to: Column): boolean {
  return isHeld(ticket, draft.view.now) && ticket.fields.lease !== undefined && !isFinished(draft.view.board, to.id);
}

/** Says in the ticket what became of its holder's claim. */
function tellHolder(draft: Draft, ticket: Ticket, { before, after }: TicketEdit, tracker: string): void {
  const { claimedBy } = ticket.fields;
  const to = columnFor(draft.view.board, String(after.fields.status));
  if (before?.fields.status === after.fields.status || to === undefined || !isHeld(ticket, draft.view.now)) return;
  const text = keepsStatus(draft, ticket, to)
    ? `In ${tracker} it was moved to ${to.id}. ${claimedBy} has it, so it stays here as it is.`
    : `In ${tracker} it was moved to ${to.id}, which ended the claim of ${claimedBy}.`;
  draft.note(ticket, text, "ayo");
}

/** What a move passed that would have stopped a command waits for a person, as after an edit by hand. */
async function markPassed(draft: Draft, ticket: Ticket): Promise<void> {
  const text = draft.read(ticket);
  const now = await parseText(text, ticket.path);
  if (!("id" in now) || now.status === ticket.status) return;
  const passed = gatesPassed(ticket, { ticket: now, text }, draft.view.board).filter((key) => PASSED.includes(key));
  if (passed.length === 0) return;
  await draft.patch(ticket, { unconfirmed: [...new Set([...(now.fields.unconfirmed ?? []), ...passed])] });
  draft.notices.push(`${ticket.id} passed what the board asks for: 'ayo ticket confirm ${ticket.id}' says yes to it`);
}

const PASSED = ["status", "question"];

function fieldChanges(draft: Draft, ticket: Ticket, before: LocalTicket, after: LocalTicket): FieldChanges {
  const changes: Record<string, FieldChanges[string]> = {};
  const isOther = (field: keyof LocalTicket["fields"]): boolean => before.fields[field] !== after.fields[field];
  const to = isOther("status") ? columnFor(draft.view.board, String(after.fields.status)) : undefined;
  const isMoved = to !== undefined && columnAt(draft.view.board, ticket.status)?.id !== to.id;
  if (isMoved && !keepsStatus(draft, ticket, to)) {
    Object.assign(changes, reached(draft, ticket, to));
    draft.moved.add(ticket.id);
  }
  if (isOther("priority")) changes.priority = after.fields.priority;
  if (isOther("parent")) changes.parent = after.fields.parent;
  if (isOther("assignee")) changes.assignee = assignees(ticket, after.fields.assignee);
  if (before.labels.join("\n") !== after.labels.join("\n"))
    changes.tags = after.labels.length === 0 ? null : after.labels;
  if (before.deps.join("\n") !== after.deps.join("\n")) changes.deps = [...after.deps];
  return changes;
}

/** There is one there, and may be several here: the first is the one. */
function assignees({ fields }: Ticket, name: string | number | null): readonly string[] | string | null {
  const [, ...others] = fields.assignee ?? [];
  const names = [...(name === null ? [] : [String(name)]), ...others.filter((one) => one !== name)];
  return names.length === 0 ? null : names.length === 1 ? (names[0] as string) : names;
}

async function rewrite(draft: Draft, ticket: Ticket, before: LocalTicket, after: LocalTicket): Promise<void> {
  let source = draft.read(ticket);
  const title = String(after.fields.title);
  if (title !== before.fields.title)
    source = await withYaml((frontMatter) => setTitle(source, title, ticket.path, frontMatter));
  if (after.fields.description !== before.fields.description)
    source = withTrackedText(source, String(after.fields.description ?? ""));
  draft.write(ticket, withNotes(source, before, after));
}

function withNotes(source: string, before: Pick<LocalTicket, "notes">, after: LocalTicket): string {
  let text = source;
  for (const [at, { text: now }] of after.notes.slice(0, before.notes.length).entries())
    if (now !== before.notes[at]?.text) text = rewriteNote(text, at, now);
  for (const note of after.notes.slice(before.notes.length)) text = appendNote(text, note);
  return text;
}

function addTicket(draft: Draft, { after, key, createdAt }: TicketEdit, rules: TrackerRules): void {
  const { view } = draft;
  const { title, description, status, priority, assignee, parent } = after.fields;
  const column = columnFor(view.board, String(status)) ?? columnFor(view.board, view.board.initial);
  const fields: Fields = {
    id: after.id,
    status: column?.id ?? view.board.initial,
    deps: after.deps,
    links: [],
    created: createdAt ?? draft.time,
    type: view.board.types.includes("task") ? "task" : (view.board.types[0] as string),
    priority: Number(priority ?? 2),
    ...(assignee === null ? {} : { assignee: [String(assignee)] }),
    externalRef: refOf(rules, key),
    ...(parent === null ? {} : { parent: String(parent) }),
    ...(after.labels.length === 0 ? {} : { tags: after.labels }),
    ...(column?.category === "active" ? { started: draft.time } : {}),
    ...(column !== undefined && isFinished(view.board, column.id) ? { closed: draft.time } : {}),
    origin: rules.name,
    once: refOf(rules, key),
  };
  const empty = formatTicket({ fields, title: String(title), body: "" });
  const text = withTrackedText(empty, String(description ?? ""));
  draft.put(`${after.id}.md`, withNotes(text, { notes: [] }, after));
}
