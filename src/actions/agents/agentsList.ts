import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore } from "../../store/disk/view.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { worktreeAgents } from "../../store/open/identity/worktreeAgents.ts";
import type { Store } from "../../store/open/store.ts";
import { isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import type { Note, Ticket } from "../../ticket/ticket.ts";
import { action } from "../input/action.ts";
import { heldBy } from "../lifecycle/claims/held.ts";
import { isOpen } from "../list.ts";

/** A ticket that an agent holds. */
export interface HeldJson {
  readonly id: string;
  readonly title: string;
  /** When the work on it began. */
  readonly since: string | null;
  readonly until: string | null;
  /** The branch that it was claimed on. */
  readonly branch: string | null;
  /** The agent's last note there; the beginning of a long one. */
  readonly said: { readonly at: string; readonly text: string } | null;
}

/** So much of a note is told, in characters. */
const SAID = 500;

/** An agent, by what it holds, was given, where it works, or as agents.yml names it. */
export interface AgentJson {
  readonly name: string;
  /** The worktree that it joined; null where it joined none. */
  readonly worktree: string | null;
  readonly holds: readonly HeldJson[];
  /** How many unfinished tickets are assigned to it. */
  readonly assigned: number;
}

/** Who is here. */
export interface AgentList {
  readonly agents: readonly AgentJson[];
}

/** Every agent that holds a ticket, was given one that is not finished, joined a worktree, or is in agents.yml; by name. */
export const agentsList = action({
  name: "agents list",
  summary: "List the agents: where they work, what they hold, how much they were given",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<AgentList> => {
    const view = await readStore(store);
    const worktrees = new Map(worktreeAgents(store).map(({ name, worktree }) => [name, worktree]));
    const open = view.tickets.filter((ticket) => isOpen(view, ticket));
    const given = open.flatMap(({ fields }) => fields.assignee ?? []).filter(isAgent);
    const holders = open.flatMap(({ fields }) => fields.claimedBy ?? []).filter(isAgent);
    const seen = new Set([...worktrees.keys(), ...given, ...holders]);
    const { agents: entries } = (await readAgents(store)).config;
    const others = [...entries.keys()].filter((name) => ![...seen].some((one) => isSameName(one, name)));
    const names = [...seen, ...others].sort();
    const agents = names.map((name) => ({
      name,
      worktree: worktrees.get(name) ?? null,
      holds: heldBy(view, name).map((ticket) => heldJson(store, ticket, name)),
      assigned: given.filter((one) => one === name).length,
    }));
    const isHere = ({ name, worktree, holds, assigned }: AgentJson): boolean =>
      worktree !== null || holds.length + assigned > 0 || entries.has(name);
    return { agents: agents.filter(isHere) };
  },
});

function heldJson(store: Store, ticket: Ticket, name: string): HeldJson {
  const { started = null, lease = null, claimBranch = null } = ticket.fields;
  const held = { id: ticket.id, title: ticket.title, since: started, until: lease, branch: claimBranch };
  return { ...held, said: lastNote(store, ticket, name) };
}

function lastNote({ dir }: Store, { path }: Ticket, name: string): HeldJson["said"] {
  const note = notesIn(dir, path).findLast(({ by }) => by !== null && isSameName(by, name));
  return note === undefined ? null : { at: note.at, text: note.text.slice(0, SAID) };
}

/** None of a file that went meanwhile. */
function notesIn(dir: string, file: string): readonly Note[] {
  try {
    return parseNotes(readTicketText(dir, file));
  } catch (error) {
    if (error instanceof AyoError && ["not_found", "bad_ticket"].includes(error.code)) return [];
    throw error;
  }
}
