import { existsSync } from "node:fs";
import * as v from "valibot";
import { boundActorOf } from "../store/identity.ts";
import type { Store } from "../store/store.ts";
import { readStore, type View } from "../store/view.ts";
import { categoryOf, compareReady } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, optionalText } from "./action.ts";
import { template } from "./agents/pieces.ts";
import { claimOf } from "./describe.ts";

/** A ticket in a line. */
export interface PrimedTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: number;
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
  /** All of that and how to work, in at most 700 tokens. */
  readonly text: string;
}

/** Of each list as many are named. */
const SHOWN = 5;
/** Longer titles are cut; in characters. */
const MAX_TITLE = 60;

/** `ayo agents prime`. */
export const agentsPrime = action({
  name: "agents prime",
  summary: "Tell an agent who it is, what it holds, what is ready and how to work",
  writes: false,
  input: v.object({ as: optionalText("the agent who is told; unless named, who calls") }),
  run: async (store, { as }): Promise<Primed> => {
    // A hook names its harness; in a run or a joined worktree somebody is more than that.
    const actor = boundActorOf(as, store).name;
    const view = existsSync(store.dir) ? await readStore(store) : undefined;
    const mine = view?.tickets.filter((ticket) => holds(view, ticket, actor)).sort(compareReady) ?? [];
    const ready = view?.tickets.filter((ticket) => view.isReady(ticket)).sort(compareReady) ?? [];
    const facts = {
      actor,
      store: view === undefined ? null : store.dir,
      holds: mine.slice(0, SHOWN).map(line),
      holdsTotal: mine.length,
      ready: ready.slice(0, SHOWN).map(line),
      readyTotal: ready.length,
    };
    return { ...facts, text: pageOf(store, facts) };
  },
});

/** Whether somebody works on a ticket now: by its claim, or as the assignee of one without a claim. */
function holds({ board }: View, ticket: Ticket, actor: string): boolean {
  if (categoryOf(board, ticket.status) !== "active") return false;
  const claim = claimOf(ticket);
  return claim === null ? (ticket.fields.assignee ?? []).includes(actor) : claim.by === actor;
}

function line(ticket: Ticket): PrimedTicket {
  const { id, title, status, fields } = ticket;
  return { id, title, status, priority: fields.priority ?? 2, until: claimOf(ticket)?.until ?? null };
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
    "",
    template("protocol.md").trim(),
  ].join("\n");
}

function section(name: string, tickets: readonly PrimedTicket[], total: number, none: string): string[] {
  if (tickets.length === 0) return [`${name}: ${none}`];
  const count = total > tickets.length ? ` (${tickets.length} of ${total})` : "";
  return [`${name}${count}:`, ...tickets.map((ticket) => `- ${text(ticket)}`)];
}

function text({ id, title, priority, until }: PrimedTicket): string {
  const short = title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
  return `${id} [P${priority}] ${short}${until === null ? "" : ` (until ${until})`}`;
}
