import { AyoError } from "../../../error.ts";
import { queryTest } from "../../../ticket/filter/filter.ts";
import type { Reader, Test as TestOf } from "../../../ticket/filter/reader.ts";
import { PARTS, STATES } from "../../../ticket/filter/valueTests.ts";
import { projectKeys } from "../../../ticket/project.ts";
import type { Board } from "../../../ticket/rules/board.ts";
import { offered, type Projects } from "../projects.ts";
import { type Card, type Column, isFinished } from "../shapes.ts";

/** Whether a card passes. */
export type Test = TestOf<Card>;

/** What filters are judged by. */
export interface Scope {
  readonly board: { readonly columns: readonly Column[]; readonly types: readonly string[] };
  readonly cards: ReadonlyMap<string, Card>;
  readonly projects: Projects;
  /** Who `@me` is. */
  readonly me: string;
  /** Whether a ticket has parts. */
  readonly hasChildren: (id: string) => boolean;
  /** The tickets that commits name, where the server was asked; without, those whose files record some. */
  readonly hasCommits?: ReadonlySet<string> | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The test of a filter such as `login is:ready -tag:ui assignee:@a,@b`: the language of `ayo ticket list` and of the
 * REST interface, judged by what the page knows.
 * @throws bad_input naming the word and what is allowed
 */
export function filterOf(text: string, { board, cards, projects, me, hasChildren, hasCommits, now }: Scope): Test {
  const parts = {
    ...READER.parts,
    children: ({ id }: Card) => hasChildren(id),
    commits: (card: Card) => READER.parts.commits(card) || hasCommits?.has(card.id) === true,
  };
  const reader = { ...READER, parts };
  const parent = (wanted: string): string => parentOf(cards, wanted);
  const project = projectKeys(projects.all);
  const all = cards.values();
  return queryTest({ reader, board: board as unknown as Board, all, me: () => me, parent, project, now }, text);
}

/** Whether a ticket waits for others, or is in a column of waiting. */
export function isBlocked(card: Card): boolean {
  return card.category === "blocked" || (!isFinished(card) && card.blockedBy.length > 0);
}

const READER: Reader<Card> = {
  texts: (card) => card,
  category: ({ category }) => category,
  tags: ({ tags }) => tags,
  assignees: ({ assignee }) => assignee?.split(", ") ?? [],
  claimant: ({ claim }) => claim?.by,
  words: (card) => card,
  priority: ({ priority }) => priority,
  dates: (card) => card,
  fields: (card) => card,
  states: {
    ready: ({ ready }) => ready,
    blocked: isBlocked,
    claimed: ({ claim }) => claim !== null,
    unconfirmed: ({ unconfirmed }) => unconfirmed !== undefined,
    // What is archived is not on the page.
    archived: () => false,
  },
  parts: {
    children: () => false,
    commits: ({ commits }) => commits.length > 0,
    criteria: ({ criteria }) => criteria.total > 0,
    deps: ({ deps }) => deps.length > 0,
    links: ({ links }) => links.length > 0,
    question: ({ question }) => question !== undefined,
  },
};

/** A parent may be archived, and then is known only by its parts. */
function parentOf(cards: Scope["cards"], wanted: string): string {
  const all = new Set([...cards.values()].flatMap(({ id, parent }) => (parent === null ? [id] : [id, parent])));
  if (all.has(wanted)) return wanted;
  const found = [...all].filter((id) => id.includes(wanted));
  if (found.length === 1) return found[0] as string;
  const what = found.length === 0 ? "no ticket" : `several tickets: ${found.slice(0, 5).join(", ")}`;
  throw new AyoError("not_found", `'${wanted}' means ${what}`);
}

/** What could be typed instead of the last word of a filter, each with what stands before that word. */
export function suggestions(text: string, { board, cards, projects }: Scope): string[] {
  const [, head = "", minus = "", last = ""] = /^(.*?)(-?)([^\s]*)$/s.exec(text) ?? [];
  const people = new Set<string>();
  const tags = new Set<string>();
  for (const { assignee, tags: some } of cards.values()) {
    for (const one of assignee?.split(", ") ?? []) people.add(one);
    for (const one of some) tags.add(one);
  }
  const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);
  const words = [
    ...STATES.map((name) => `is:${name}`),
    ...board.columns.map(({ id }) => `status:${id}`),
    ...board.types.map((name) => `type:${name}`),
    ...["assignee:@me", "assignee:none", "priority:<2"],
    ...[...people].slice(0, 50).map((name) => `assignee:${quoted(name)}`),
    ...[...tags].slice(0, 50).map((name) => `tag:${quoted(name)}`),
    ...offered(projects, "").map(({ slug }) => `project:${quoted(slug)}`),
    ...PARTS.map((name) => `has:${name}`),
  ];
  const wanted = last.toLowerCase();
  return words.filter((word) => word.startsWith(wanted)).map((word) => `${head}${minus}${word}`);
}
