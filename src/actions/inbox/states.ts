import { posix } from "node:path";
import type { View } from "../../store/disk/view.ts";
import { dueEnd } from "../../ticket/moments.ts";
import { authorsOf, isAuthor } from "../../ticket/rules/authors.ts";
import { isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { columnAt } from "../../ticket/rules/columns.ts";
import { isOverdue } from "../../ticket/rules/due.ts";
import { isReviewFor, isSameRole, isUnderReview, reviewersOf } from "../../ticket/rules/roles.ts";
import { fieldOf, type Problem, type Ticket } from "../../ticket/ticket.ts";
import type { Choice, Groups, Need } from "./item.ts";

/** Who holds a ticket, else whom it is assigned to. */
export function holderOf({ fields }: Ticket): string | null {
  return fields.claimedBy ?? fields.assignee?.join(", ") ?? null;
}

/** Unfinished tickets that ask a person something, or say that they need one. */
export function askingTickets({ open }: Groups): Ticket[] {
  return open.filter(
    (ticket) => fieldOf(ticket, "question") !== undefined || fieldOf(ticket, "tags")?.includes("needs-human") === true,
  );
}

/** Unfinished tickets that should have been done. */
export function overdueTickets({ board, now }: View, { open }: Groups): Ticket[] {
  return open.filter((ticket) => isOverdue(ticket, board, now));
}

/** Tickets that were changed by hand past a gate and wait for a person's yes: what `is:unconfirmed` finds. */
export function unconfirmedTickets(view: View): Ticket[] {
  return view.marked.filter((ticket) => fieldOf(ticket, "unconfirmed") !== undefined);
}

/** A ticket that asks, as a line of an inbox. */
export function askedNeed(ticket: Ticket): Need {
  const { id, title, fields } = ticket;
  const by = holderOf(ticket);
  const { question } = fields;
  if (question === undefined)
    return { key: `${id}:human`, kind: "human", id, title, by, text: "", act: "show", about: "" };
  const need = { key: `${id}:q`, kind: "question" as const, id, title, by, text: question, act: "answer" };
  const choice = choiceOf(ticket);
  return choice === undefined ? { ...need, about: question } : { ...need, about: question, choice };
}

function choiceOf({ fields: { answerOptions = [], defaultAnswer, answerBy } }: Ticket): Choice | undefined {
  if (answerOptions.length === 0) return undefined;
  return {
    options: answerOptions,
    ...(defaultAnswer === undefined ? {} : { defaultAnswer }),
    ...(answerBy === undefined ? {} : { answerBy }),
  };
}

/** What is overdue, as a line. */
export function overdueNeed(ticket: Ticket): Need {
  const { id, title, fields } = ticket;
  const due = fields.due ?? "";
  const text = `was due ${due}`;
  return {
    key: `${id}:due`,
    kind: "overdue",
    id,
    title,
    by: holderOf(ticket),
    at: dueEnd(due),
    text,
    act: "show",
    about: due,
  };
}

/** Files that are no readable tickets, as lines. */
export function unreadableNeeds(problems: readonly Problem[]): Need[] {
  return problems.map(({ path, line, message }) => ({
    key: `${path}:unreadable`,
    kind: "unreadable",
    id: posix.basename(path, ".md"),
    title: path,
    by: null,
    text: `${path}${line > 0 ? `:${line}` : ""}: ${message}`,
    act: ["ayo", "doctor"],
    about: `${line} ${message}`,
  }));
}

/** What waits for a person's yes, as lines; of config.yml the id is `config`. */
export function unconfirmedNeeds(view: View): Need[] {
  const need = (id: string, title: string, fields: readonly string[]): Need => {
    const text = fields.join(", ");
    return { key: `${id}:unconfirmed`, kind: "unconfirmed", id, title, by: null, text, act: "confirm", about: text };
  };
  const { unconfirmed } = view.config;
  return [
    ...unconfirmedTickets(view).map(({ id, title, fields }) => need(id, title, fields.unconfirmed ?? [])),
    ...(unconfirmed === undefined ? [] : [need("config", "config.yml", Object.keys(unconfirmed))]),
  ];
}

/** Tickets that came from elsewhere and are an agent's, as lines: none is started for them before a person's yes. */
export function foreignNeeds({ todo }: Groups): Need[] {
  return todo.flatMap(({ id, title, fields: { origin, assignee = [], role } }): Need[] => {
    if (origin === undefined || !(role !== undefined || assignee.some(isAgent))) return [];
    const by = assignee.join(", ") || null;
    return [
      { key: `${id}:accept`, kind: "accept", id, title, by, text: `from ${origin}`, act: "accept", about: origin },
    ];
  });
}

/**
 * Tickets in review that somebody may take up: nobody is at it, it is not his work, and no others are named for it. What
 * ayo saw pass in doubt is for people, whoever is named.
 */
export function reviewsFor(
  view: View,
  { review }: Groups,
  name: string,
  doubts: ReadonlyMap<string, string>,
): Ticket[] {
  return review.filter((ticket) => {
    const column = columnAt(view.board, ticket.status);
    if (column === undefined) return false;
    if (isAgent(name)) return !doubts.has(ticket.id) && isReviewFor(ticket, column, { name }, view.now);
    if (ticket.fields.unconfirmed !== undefined || isAuthor(ticket, name)) return false;
    if (isUnderReview(ticket, view.now)) return isSameName(ticket.fields.claimedBy, name);
    return doubts.has(ticket.id) || reviewersOf(ticket, column).some((one) => isSameRole(one, name) || isRole(one));
  });
}

/** Whether a reviewer is a role and nobody's name; anybody may have it. */
function isRole(reviewer: string): boolean {
  return !isAgent(reviewer) && !/[\s\p{Lu}]/u.test(reviewer);
}

/** A ticket in review, as a line. */
export function reviewNeed(ticket: Ticket, doubt?: string): Omit<Need, "about"> {
  const { id, title } = ticket;
  const by = authorsOf(ticket).join(", ") || null;
  return { key: `${id}:review`, kind: "review", id, title, by, text: doubt ?? "", act: "approve" };
}

/** Whom an overdue ticket concerns: its holders; where none of them is a person, every person. */
export function isOverdueFor(ticket: Ticket, name: string): boolean {
  const { claimedBy, assignee = [] } = ticket.fields;
  const holders = [...assignee, ...(claimedBy === undefined ? [] : [claimedBy])];
  return holders.some((one) => isSameName(one, name)) || (!isAgent(name) && holders.every(isAgent));
}
