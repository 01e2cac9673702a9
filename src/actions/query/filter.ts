import { findTicket } from "../../store/disk/findTicket.ts";
import type { View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { Condition } from "../../ticket/filter/condition.ts";
import { conditionsTest as conditionsOn, named, queryTest as queryOn } from "../../ticket/filter/filter.ts";
import { parseQuery } from "../../ticket/filter/query.ts";
import type { FilterScope, Reader, Test } from "../../ticket/filter/reader.ts";
import { projectKeys } from "../../ticket/project.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";

/** What filters of tickets are judged by. */
export interface Scope {
  readonly store: Store;
  readonly view: View;
  /** The tickets to choose from: a status or type that only they have is allowed too. */
  readonly tickets: readonly Ticket[];
}

/**
 * The test of a filter string, for lists: every `word:value` is a filter, other words must be in the title, the id or
 * the tags.
 * @throws bad_input naming the word and what is allowed; not_found
 */
export async function queryTest(scope: Scope, text: string): Promise<Test<Ticket>> {
  const conditions = parseQuery(text, { strict: true }).flatMap((alternative) => alternative.conditions);
  return queryOn(await scopeFor(scope, conditions), text);
}

/**
 * The test of all conditions together.
 * @throws bad_input for a value that can never match: an unknown column, type, priority or date; not_found
 */
export async function conditionsTest(scope: Scope, conditions: readonly Condition[]): Promise<Test<Ticket>> {
  return conditionsOn(await scopeFor(scope, conditions), conditions);
}

/** What the conditions need to be looked up is looked up here, so that judging waits for nothing. */
async function scopeFor(
  { store, view, tickets }: Scope,
  conditions: readonly Condition[],
): Promise<FilterScope<Ticket>> {
  const parents = new Map<string, string>();
  let hasCommits: Test<Ticket> = ({ fields }) => (fields.commits ?? []).length > 0;
  for (const one of conditions) {
    if (one.key === "has" && one.values.includes("commits")) hasCommits = await linkedTest(store, view);
    if (one.key !== "parent") continue;
    for (const value of one.values.filter((wanted) => wanted !== "none")) {
      const found = await findTicket(store, view, value, true).catch((error: unknown) => error as Error);
      if (found instanceof Error) named(one, () => fail(found));
      else parents.set(value, found.id);
    }
  }
  return {
    reader: readerOf(view, hasCommits),
    board: view.board,
    all: tickets,
    me: () => actorOf(undefined, store).name,
    parent: (wanted) => parents.get(wanted) ?? wanted,
    project: await projectsAsked(store, conditions),
    now: view.now,
  };
}

/** Files are read only where somebody asks for a project. */
async function projectsAsked({ dir }: Store, conditions: readonly Condition[]): Promise<(word: string) => string> {
  if (conditions.every(({ key }) => key !== "project")) return projectKeys([]);
  const { projectKeysOf } = await import("../../store/projects/projectFiles.ts");
  return projectKeysOf(dir);
}

function fail(error: Error): never {
  throw error;
}

function readerOf(view: View, hasCommits: Test<Ticket>): Reader<Ticket> {
  return {
    texts: (ticket) => ticket,
    category: ({ status }) => categoryOf(view.board, status),
    tags: ({ fields }) => fields.tags ?? [],
    assignees: ({ fields }) => fields.assignee ?? [],
    claimant: ({ fields }) => fields.claimedBy,
    words: ({ fields }) => fields,
    priority: ({ fields }) => fields.priority,
    dates: ({ fields }) => fields,
    fields: ({ fields }) => fields,
    states: {
      ready: (ticket) => view.isReady(ticket),
      blocked: (ticket) => view.isBlocked(ticket),
      claimed: ({ fields }) =>
        fields.claimedBy !== undefined && (parseTime(fields.lease ?? "") ?? Number.POSITIVE_INFINITY) > view.now,
      unconfirmed: ({ fields }) => fields.unconfirmed !== undefined,
      archived: ({ path }) => path.startsWith("archive/"),
    },
    parts: {
      children: ({ id }) => view.children(id).length > 0,
      commits: hasCommits,
      criteria: ({ criteria }) => criteria.total > 0,
      deps: ({ fields }) => (fields.deps ?? []).length > 0,
      links: ({ fields }) => (fields.links ?? []).length > 0,
      question: ({ fields }) => fields.question !== undefined,
    },
  };
}

/** Commits that the file records, or that name the ticket on a branch of the project. */
async function linkedTest(store: Store, view: View): Promise<Test<Ticket>> {
  const { commitsByTicket } = await import("../../store/codeCommits/commitsByTicket.ts");
  const { byTicket } = await commitsByTicket(store, view);
  return ({ id, fields }) => (fields.commits ?? []).length > 0 || byTicket.has(id);
}
