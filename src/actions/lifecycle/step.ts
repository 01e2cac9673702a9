import type { Draft } from "../../store/change/draft.ts";
import { moveTicket, placeTaken } from "../../store/change/moveTicket.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import { assertSelf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { Category, Column } from "../../ticket/rules/board.ts";
import { columnFor, columnOf } from "../../ticket/rules/columns.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { WriteOptions } from "../input/action.ts";
import { checkText } from "../input/checkInput.ts";
import { assertNotFinishedByAnother } from "./claims/holder.ts";
import { type Begins, moving } from "./moving/moving.ts";
import { confirmed, reached } from "./moving/reached.ts";
import { tellOverfull } from "./moving/room.ts";
import { assertBeyondPlan } from "./planned.ts";
import { wishedMove } from "./proven.ts";

/** What a verb makes of one ticket. */
export interface Step {
  readonly to: Column;
  /** More front matter that goes with it; in a ticket that is in the column already, all that changes. */
  readonly fields?: FieldChanges | undefined;
  /** The note that goes with it, where it is not the message. */
  readonly note?: string;
  /** Whose work goes on by it. */
  readonly begins?: Begins;
  /** It takes work back or hands it on: no gate and no `transitions:` stand in the way. */
  readonly isUngated?: true;
}

/** What every ticket of one command has in common. */
export interface Moves {
  readonly input: MoveInput;
  /** The tickets that move together. */
  readonly tickets: readonly Ticket[];
}

/** What a verb of the lifecycle is given. */
export interface MoveInput extends WriteOptions {
  readonly ids: readonly string[];
  readonly message?: string | undefined;
  readonly force?: boolean | undefined;
  /** A commit to record. */
  readonly commit?: string | undefined;
  /** What the work made, as JSON. */
  readonly output?: unknown;
}

/** A step to the first column of a category. */
export function toCategory(category: Category): (ticket: Ticket, draft: Draft) => Step {
  return (_, { view }) => ({ to: columnOf(view.board, category) });
}

/** Whether a ticket is in a column already. */
export function isIn({ board }: View, ticket: Ticket, column: Column): boolean {
  return columnFor(board, ticket.status)?.id === column.id;
}

/** Whether a person insists: what a verb itself refuses is then done. @throws needs_person, where an agent does */
export function isForced({ actor }: Draft, { force }: MoveInput): boolean {
  if (force !== true) return false;
  assertSelf(actor, "--force");
  return !actor.agent;
}

/**
 * Makes a step on the draft. Answers in which column the ticket is then, and whether anything changed: a ticket that is
 * there already stays as it is, but for the step's fields and note.
 */
export async function makeStep(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  step: Step,
  { input, tickets }: Moves,
): Promise<{ readonly to: Column; readonly isChanged: boolean }> {
  const { view } = draft;
  const note = step.note ?? input.message;
  const addNote = (): void => {
    if (note !== undefined) draft.note(ticket, checkText("message", note));
  };
  if (isIn(view, ticket, step.to)) {
    assertNotFinishedByAnother({ store, actor: draft.actor }, draft, ticket);
    const yes = confirmed(draft, ticket, step.to);
    const fields = { ...step.fields, ...yes };
    await draft.patch(ticket, fields);
    if (yes.unconfirmed !== undefined) draft.notices.push(`${ticket.id}: what was changed by hand is confirmed`);
    addNote();
    return { to: step.to, isChanged: note !== undefined || Object.keys(fields).length > 0 };
  }
  if (!isForced(draft, input)) assertBeyondPlan(draft, ticket, step.to);
  const wish = step.isUngated || input.dryRun ? undefined : wishedMove(store, draft, ticket, step.to);
  const here = wish && columnFor(view.board, ticket.status);
  if (wish !== undefined && here !== undefined) {
    await draft.patch(ticket, wish);
    addNote();
    return { to: here, isChanged: true };
  }
  const { force, claim } = input;
  if (step.isUngated) tellOverfull(draft, ticket, step.to);
  const { to, fields } = step.isUngated
    ? { to: step.to, fields: reached(draft, ticket, step.to) }
    : moving(store, draft, ticket, step.to, { force, claim, together: tickets, begins: step.begins });
  const restore = ticket.path.startsWith("archive/") && !isFinished(view.board, to.id);
  await draft.patch(ticket, { ...fields, ...step.fields });
  addNote();
  if (restore) leaveArchive(draft, ticket);
  return { to, isChanged: true };
}

function leaveArchive(draft: Draft, ticket: Ticket): void {
  const target = ticket.path.slice(ticket.path.lastIndexOf("/") + 1);
  if (!moveTicket(draft, ticket, target)) throw placeTaken(ticket, target);
}
