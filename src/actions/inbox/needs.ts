import { posix } from "node:path";
import type { View } from "../../store/disk/view.ts";
import { ancestryOf } from "../../store/history/ancestry.ts";
import type { HistoryTable } from "../../store/history/historyTable.ts";
import { type PastRow, pastsOf } from "../../store/history/pasts.ts";
import type { Store } from "../../store/open/store.ts";
import { doubtsIn } from "../../store/verify/doubts.ts";
import { isAgent } from "../../ticket/rules/claim.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import { mergedTickets } from "./beside.ts";
import { calledNeeds, calledTickets } from "./called.ts";
import { delegatedNeeds, delegatedTickets } from "./delegated.ts";
import { effectNeeds, spentNeeds } from "./effects.ts";
import { runNeeds } from "./failedRuns.ts";
import { handedNeeds, inHandOf, returnedNeeds } from "./handed.ts";
import { groupsOf, INBOX_KINDS, type InboxKind, type Looked, type Need } from "./item.ts";
import { offTrackNeeds, workedOn } from "./offTrack.ts";
import { pipelineNeeds } from "./pipelines.ts";
import {
  askedNeed,
  askingTickets,
  foreignNeeds,
  isOverdueFor,
  overdueNeed,
  overdueTickets,
  reviewNeed,
  reviewsFor,
  unconfirmedNeeds,
  unreadableNeeds,
} from "./states.ts";
import { takenBackNeeds, takenBackTickets } from "./takenBack.ts";

/**
 * Everything that needs somebody, what others wait for first, and of one kind the oldest first. What was settled is not in
 * it: each line is there because of what the store says now.
 */
export async function needsOf(store: Store, view: View, table: HistoryTable, name: string): Promise<Need[]> {
  const groups = groupsOf(view);
  const isPerson = !isAgent(name);
  const asked = isPerson ? askingTickets(groups) : [];
  const doubts = await doubtsIn(store, view, groups.review);
  const reviews = reviewsFor(view, groups, name, doubts);
  const { waiting, inHand } = inHandOf(view, groups, name);
  const called = calledTickets(view, table, name);
  const delegated = delegatedTickets(view, name);
  const above = delegated.flatMap((ticket) => view.byId.get(fieldOf(ticket, "parent") ?? "") ?? []);
  const worked = isPerson ? workedOn(groups) : [];
  const back = takenBackTickets(view);
  const ancestry = ancestryOf(table);
  const merged = mergedTickets(view, ancestry);
  const past = pastOf(table, [
    asked,
    reviews,
    inHand,
    called.map(({ ticket }) => ticket),
    worked,
    merged,
    delegated,
    above,
    back,
  ]);
  const looked: Looked = { store, view, table, groups, name, past, ancestry, beside: new Set(merged) };
  const since = (ticket: Ticket, event: string) => past(ticket).find((row) => row.event === event);
  const needs: Need[] = [
    ...asked.map((ticket) => {
      const [row, need] = [since(ticket, "asked"), askedNeed(ticket)];
      return { ...need, by: row?.actor ?? need.by, at: timeOf(row) };
    }),
    ...returnedNeeds(looked, inHand),
    ...delegatedNeeds(looked, delegated),
    ...reviews.map((ticket) => {
      const row = since(ticket, "submitted");
      return {
        ...reviewNeed(ticket, doubts.get(ticket.id)),
        at: timeOf(row ?? past(ticket)[0]),
        about: row?.oid ?? "",
      };
    }),
    ...takenBackNeeds(looked, back),
    ...(isPerson ? [...runNeeds(looked), ...pipelineNeeds(looked)] : []),
    ...(isPerson
      ? [
          ...unconfirmedNeeds(view),
          ...foreignNeeds(groups),
          ...unreadableNeeds(view.problems),
          ...(await effectNeeds(store)),
          ...spentNeeds(looked),
        ]
      : []),
    ...(await calledNeeds(looked, called)),
    ...(await handedNeeds(looked, waiting)),
    ...overdueTickets(view, groups)
      .filter((ticket) => isOverdueFor(ticket, name))
      .map(overdueNeed),
    ...(isPerson ? await offTrackNeeds(looked) : []),
  ];
  return inOrder(withoutDoubles(needs));
}

/** What was sent back to somebody is not handed to him as well, and a question is no message of its own. */
function withoutDoubles(needs: readonly Need[]): Need[] {
  const returned = new Set(needs.filter(({ kind }) => kind === "returned").map(({ id }) => id));
  const asked = new Map(needs.filter(({ kind }) => kind === "question").map(({ id, at }) => [id, at]));
  return needs.filter(({ kind, id, at }) => {
    if (kind === "handed") return !returned.has(id);
    return kind !== "message" || Math.abs((asked.get(id) ?? 0) - (at ?? 0)) > SAME_MOMENT;
  });
}

/** A note's time is that of its commit, to a second or two; in milliseconds. */
const SAME_MOMENT = 2_000;

function inOrder(needs: readonly Need[]): Need[] {
  const byKind = new Map<InboxKind, Need[]>(INBOX_KINDS.map((kind) => [kind, []]));
  for (const need of needs) byKind.get(need.kind)?.push(need);
  const time = ({ at }: Need): number => at ?? Number.POSITIVE_INFINITY;
  return [...byKind.values()].flatMap((some) =>
    some.sort((one, two) => (time(one) < time(two) ? -1 : time(one) > time(two) ? 1 : 0)),
  );
}

function pastOf(table: HistoryTable, tickets: readonly (readonly Ticket[])[]): Looked["past"] {
  const nameOf = ({ path }: Ticket): string => posix.basename(path, ".md");
  const names = new Set(tickets.flatMap((some) => some.map(nameOf)));
  const pasts = pastsOf(table, names);
  return (ticket) => pasts.get(nameOf(ticket)) ?? [];
}

function timeOf(row: PastRow | undefined): number | undefined {
  return row === undefined ? undefined : row.time * 1000;
}
