import { existsSync } from "node:fs";
import * as v from "valibot";
import { readStore, type View } from "../../store/disk/view.ts";
import { hookActorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { reviewerOf } from "../../ticket/rules/authors.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { compareReady } from "../../ticket/rules/readyOrder.ts";
import { unofferedReason } from "../../ticket/rules/unconfirmedKeys.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { claimOf } from "../answers/describe.ts";
import type { InboxItem } from "../inbox/inbox.ts";
import { action, optionalText } from "../input/action.ts";
import { template } from "./templates.ts";

/** A ticket in a line. */
export interface PrimedTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: number;
  /** It waits for a review, or is being reviewed. */
  readonly review?: true;
  /** When the claim ends, for one that is held with a lease. */
  readonly until: string | null;
}

/** What an agent is told at the start of a session, or after its context was compacted. */
export interface Primed {
  readonly actor: string;
  /** The store's directory; null where there is none. */
  readonly store: string | null;
  readonly holds: readonly PrimedTicket[];
  readonly holdsTotal: number;
  readonly ready: readonly PrimedTicket[];
  readonly readyTotal: number;
  /** What others said to the agent or sent back to it, as lines of its inbox; what it was given is in `ready`. */
  readonly inbox: readonly Pick<InboxItem, "key" | "kind" | "by" | "text">[];
  readonly inboxTotal: number;
  /** All of that and how to work, in at most 700 tokens. */
  readonly text: string;
}

/** Of each list as many are named. */
const SHOWN = 5;
/** Of the inbox as many. */
const TOLD = 3;
/** Longer titles are cut; in characters. */
const MAX_TITLE = 60;

/** `ayo agents prime`. */
export const agentsPrime = action({
  name: "agents prime",
  summary: "Tell an agent who it is, what it holds, what is ready and how to work",
  writes: false,
  input: v.object({
    as: optionalText("who is told, or @codex, say, in a hook of that harness; unless named, who calls"),
  }),
  run: async (store, { as }): Promise<Primed> => {
    const actor = hookActorOf(as, store).name;
    const view = existsSync(store.dir) ? await readStore(store) : undefined;
    const mine = view?.tickets.filter((ticket) => holds(view, ticket, actor)).sort(compareReady) ?? [];
    const reviews = view === undefined ? [] : await reviewsFor(view, actor);
    const work = view?.tickets.filter((ticket) => view.isReady(ticket) && unofferedReason(ticket) === undefined) ?? [];
    const ready = [...work, ...reviews].sort(compareReady);
    const told = view === undefined ? [] : await toldTo(store, view, actor);
    const facts = {
      actor,
      store: view === undefined ? null : store.dir,
      holds: mine.slice(0, SHOWN).map((ticket) => line(view, ticket)),
      holdsTotal: mine.length,
      ready: ready.slice(0, SHOWN).map((ticket) => line(view, ticket)),
      readyTotal: ready.length,
      inbox: told.slice(0, TOLD),
      inboxTotal: told.length,
    };
    return { ...facts, text: pageOf(store, facts) };
  },
});

/** What is in somebody's inbox but for what the other lists have. */
async function toldTo(store: Store, view: View, actor: string): Promise<Primed["inbox"]> {
  const { itemsNow } = await import("../inbox/inbox.ts");
  const items = await itemsNow(store, view, actor, TOLD, ({ kind }) => kind !== "handed" && kind !== "review");
  return items.map(({ key, kind, by, text }) => ({ key, kind, by, text: cut(text) }));
}

/** Whether somebody works on a ticket now: by its claim, or as the assignee of one without a claim. */
function holds(view: View, ticket: Ticket, actor: string): boolean {
  const category = categoryOf(view.board, ticket.status);
  if (category === "review") return reviewerOf(ticket) === actor;
  if (category !== "active") return false;
  const claim = claimOf(ticket);
  if (claim !== null) return claim.by === actor;
  return (ticket.fields.assignee ?? []).includes(actor) && !view.isReady(ticket);
}

/** What is in review and names the actor for it. */
async function reviewsFor(view: View, name: string): Promise<Ticket[]> {
  const named = view.tickets.filter(({ fields }) => fields.reviewer !== undefined);
  if (named.length === 0) return [];
  const { isReviewOf } = await import("../lifecycle/claims/offer.ts");
  return named.filter((ticket) => isReviewOf(view, ticket, { name }));
}

function line(view: View | undefined, ticket: Ticket): PrimedTicket {
  const { id, title, status, fields } = ticket;
  const isReview = view !== undefined && categoryOf(view.board, status) === "review";
  const until = claimOf(ticket)?.until ?? null;
  return { id, title, status, priority: fields.priority ?? 2, until, ...(isReview ? { review: true } : {}) };
}

function pageOf(store: Store, facts: Omit<Primed, "text">): string {
  const { actor, holds, holdsTotal, ready, readyTotal } = facts;
  const where = facts.store ?? `none yet; \`ayo init\` makes ${store.dir}`;
  return [
    `# Tickets: you are ${actor}`,
    `Store: ${where}`,
    "",
    ...section("You hold", holds, holdsTotal, "nothing: take something"),
    ...section("Ready, best first", ready, readyTotal, "nothing"),
    ...inboxSection(facts),
    "",
    template("protocol.md").trim(),
  ].join("\n");
}

function section(name: string, tickets: readonly PrimedTicket[], total: number, none: string): string[] {
  if (tickets.length === 0) return [`${name}: ${none}`];
  const count = total > tickets.length ? ` (${tickets.length} of ${total})` : "";
  return [`${name}${count}:`, ...tickets.map((ticket) => `- ${text(ticket)}`)];
}

function inboxSection({ inbox, inboxTotal }: Pick<Primed, "inbox" | "inboxTotal">): string[] {
  if (inboxTotal === 0) return [];
  const count = inboxTotal > inbox.length ? `${inbox.length} of ${inboxTotal}, \`ayo inbox\` has all` : "`ayo inbox`";
  return [
    `For you (${count}):`,
    ...inbox.map(({ key, kind, by, text }) => `- ${key} ${by === null ? kind : `${kind} of ${by}`}: ${text}`),
  ];
}

function cut(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text;
}

function text({ id, title, priority, until, review }: PrimedTicket): string {
  return `${id} [P${priority}]${review ? " review:" : ""} ${cut(title)}${until === null ? "" : ` (until ${until})`}`;
}
