import { posix } from "node:path";
import type { View } from "../../store/disk/view.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import type { PastRow } from "../../store/history/pasts.ts";
import { ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Journal } from "../../store/open/store.ts";
import { isHeld, isSameName } from "../../ticket/rules/claim.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import type { Groups, Looked, Need } from "./item.ts";

/** Commits that say who was given a ticket, where nothing of the kind came after them; what is open again waits for him anew. */
const GIVING: ReadonlySet<string | undefined> = new Set(["assigned", "created", "imported", "reopened"]);

/** Tickets that somebody has in hand without having begun, and all whose work is his: candidates of what follows. */
export function inHandOf(
  { now }: View,
  { todo, active }: Groups,
  name: string,
): { readonly waiting: Ticket[]; readonly inHand: Ticket[] } {
  const isHis = (ticket: Ticket): boolean =>
    isAmong(fieldOf(ticket, "assignee"), name) || isSameName(fieldOf(ticket, "claimedBy"), name);
  const own = todo.filter(isHis);
  // What was sent back is nobody's again, and waits for who did it, as for everybody.
  const left = todo.filter(
    (ticket) =>
      isAmong(fieldOf(ticket, "authors"), name) && fieldOf(ticket, "assignee") === undefined && !isHeld(ticket, now),
  );
  return { waiting: own.filter((ticket) => !isHeld(ticket, now)), inHand: [...own, ...left, ...active.filter(isHis)] };
}

function isAmong(names: readonly string[] | undefined, name: string): boolean {
  return names?.some((one) => isSameName(one, name)) === true;
}

/** What others gave to somebody and he has not begun: told until he begins it, or it is somebody else's. */
export async function handedNeeds(looked: Looked, tickets: readonly Ticket[]): Promise<Need[]> {
  const needs: Need[] = [];
  for (const ticket of tickets) {
    const row = await givenBy(looked, ticket);
    if (row === undefined || isSameName(row.actor, looked.name)) continue;
    const { id, title } = ticket;
    // What waits for others cannot be started.
    const act = looked.view.blockers(ticket).length > 0 ? "show" : "start";
    const common = { key: `${id}:handed`, kind: "handed" as const, id, title, text: "", act };
    needs.push({ ...common, by: row.actor, at: row.time * 1000, about: row.oid });
  }
  return needs;
}

/** The commit by which somebody was given a ticket. */
async function givenBy(looked: Looked, ticket: Ticket): Promise<PastRow | undefined> {
  const rows = looked.past(ticket);
  for (const row of rows) {
    if (GIVING.has(row.event)) return row;
    const mayBe = row.byHand || row.event === undefined || (row.event === "updated" && /assignee/.test(row.subject));
    if (mayBe && (await gaveBy(looked, ticket, row))) return row;
  }
  return rows.at(-1);
}

/** Whether somebody is assigned to a ticket behind a commit, and was not before it. */
async function gaveBy({ store, table, name }: Looked, { path }: Ticket, { oid }: PastRow): Promise<boolean> {
  const step = ticketSteps(table, posix.basename(path, ".md")).find(({ row }) => row.oid === oid);
  if (step === undefined || store.journal === undefined) return false;
  const objects = historyObjects(store, store.journal as Journal);
  const [before, after] = [
    await objects.snapshot(step.from, step.before),
    await objects.snapshot(step.path, step.after),
  ];
  const has = (one: typeof after): boolean => isAmong(one?.ticket.fields.assignee, name);
  return has(after) && !has(before);
}

/** Work that a reviewer sent back, until whoever has it does anything. */
export function returnedNeeds({ past, name }: Looked, tickets: readonly Ticket[]): Need[] {
  return tickets.flatMap((ticket) => {
    const row = past(ticket).find(({ actor, event }) => event === "rejected" || isSameName(actor, name));
    if (row?.event !== "rejected" || isSameName(row.actor, name)) return [];
    const { id, title } = ticket;
    const common = { key: `${id}:returned`, kind: "returned" as const, id, title, act: "show" };
    return [{ ...common, by: row.actor, at: row.time * 1000, text: "sent back from review", about: row.oid }];
  });
}
