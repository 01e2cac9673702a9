import { AyoError } from "../error.ts";
import { type Board, CATEGORIES } from "../ticket/board.ts";
import { dateTest } from "../ticket/dateFilter.ts";
import { type Condition, type FilterKey, type Operator, parseQuery } from "../ticket/query.ts";
import { columnFor } from "../ticket/readiness.ts";
import { parseTime } from "../ticket/time.ts";
import { type Card, type Column, isFinished } from "./shapes.ts";

/** Whether a card passes. */
export type Test = (card: Card) => boolean;

/** What filters are judged by. */
export interface Scope {
  readonly board: { readonly columns: readonly Column[]; readonly types: readonly string[] };
  readonly cards: ReadonlyMap<string, Card>;
  /** Who `@me` is. */
  readonly me: string;
  /** Whether a ticket has parts. */
  readonly hasChildren: (id: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const PRIORITIES = ["critical", "high", "medium", "low", "lowest"];

/**
 * The test of a filter such as `login is:ready -tag:ui assignee:@a,@b`: the language of `ayo ticket list` and of the
 * REST interface, judged by what the page knows. Words are looked for in titles, ids and tags.
 * @throws bad_input naming the word and what is allowed
 */
export function filterOf(text: string, scope: Scope): Test {
  const { conditions, text: words, phrases, excluded } = parseQuery(text, { strict: true });
  const plain = phrases.reduce((rest, phrase) => rest.replace(phrase, " "), words);
  const wanted = [...plain.split(/\s+/).filter((word) => word !== ""), ...phrases].map((word) => word.toLowerCase());
  const unwanted = excluded.map((word) => word.toLowerCase());
  const tests = conditions.map((one) => {
    const test = named(one, scope);
    return one.not ? (card: Card) => !test(card) : test;
  });
  return (card) => {
    if (!tests.every((test) => test(card))) return false;
    if (wanted.length === 0 && unwanted.length === 0) return true;
    const text = [card.title, card.id, ...card.tags].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
  };
}

/** Whether a ticket waits for others, or is in a column of waiting. */
export function isBlocked(card: Card): boolean {
  return card.category === "blocked" || (!isFinished(card) && card.blockedBy.length > 0);
}

/** What could be typed instead of the last word of a filter, each with what stands before that word. */
export function suggestions(text: string, { board, cards }: Scope): string[] {
  const [, head = "", minus = "", last = ""] = /^(.*?)(-?)([^\s]*)$/s.exec(text) ?? [];
  const people = new Set<string>();
  const tags = new Set<string>();
  for (const { assignee, tags: some } of cards.values()) {
    for (const one of assignee?.split(", ") ?? []) people.add(one);
    for (const one of some) tags.add(one);
  }
  const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);
  const words = [
    ...Object.keys(STATES).map((name) => `is:${name}`),
    ...board.columns.map(({ id }) => `status:${id}`),
    ...board.types.map((name) => `type:${name}`),
    ...["assignee:@me", "assignee:none", "priority:<2"],
    ...[...people].slice(0, 50).map((name) => `assignee:${quoted(name)}`),
    ...[...tags].slice(0, 50).map((name) => `tag:${quoted(name)}`),
    ...Object.keys(PARTS).map((name) => `has:${name}`),
  ];
  const wanted = last.toLowerCase();
  return words.filter((word) => word.startsWith(wanted)).map((word) => `${head}${minus}${word}`);
}

/** Errors name the word as it was typed. */
function named(one: Condition, scope: Scope): Test {
  try {
    return TESTS[one.key](scope, one);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    throw new AyoError(error.code, `'${one.word}': ${error.message}`);
  }
}

type MakeTest = (scope: Scope, condition: Condition) => Test;

const TESTS: Readonly<Record<FilterKey, MakeTest>> = {
  status: statusTest,
  is: (scope, { values }) => anyOf(values.map((value) => isTest(scope, value))),
  has: (scope, { values }) => anyOf(values.map((value) => known("has", value, PARTS)(scope))),
  tag:
    (_, { values }) =>
    ({ tags }) =>
      values.some((tag) => tags.includes(tag)),
  assignee: (scope, { values }) =>
    anyOf(values.map((who) => whoTest(scope, who, ({ assignee }) => assignee?.split(", ") ?? []))),
  "claimed-by": (scope, { values }) =>
    anyOf(values.map((who) => whoTest(scope, who, ({ claim }) => (claim === null ? [] : [claim.by])))),
  type: typeTest,
  priority: (_, { values, operator }) => anyOf(values.map((value) => priorityTest(value, operator))),
  project:
    (_, { values }) =>
    ({ project }) =>
      values.some((value) => (value === "none" ? project === null : project === value)),
  parent: parentTest,
  id:
    (_, { values }) =>
    ({ id }) =>
      values.some((value) => id.toLowerCase().includes(value.toLowerCase())),
  created: dateFilter(({ created }) => created),
  started: dateFilter(({ started }) => started),
  closed: dateFilter(({ closed }) => closed),
  updated: dateFilter(({ closed, started, created }) => closed ?? started ?? created),
  due: dateFilter(({ due }) => due),
};

function anyOf(tests: readonly Test[]): Test {
  return (card) => tests.some((test) => test(card));
}

function statusTest({ board, cards }: Scope, { values }: Condition): Test {
  const statuses = new Set<string>();
  for (const name of values) {
    const column = columnFor(board as unknown as Board, name);
    const inCategory = board.columns.filter(({ category }) => category === name);
    if (column !== undefined) statuses.add(column.id);
    else if (inCategory.length > 0) for (const { id } of inCategory) statuses.add(id);
    else if ([...cards.values()].some(({ status }) => status === name)) statuses.add(name);
    else throw unknown("status", name, ids(board));
  }
  return ({ status }) => statuses.has(status) || statuses.has(columnFor(board as unknown as Board, status)?.id ?? "");
}

function ids({ columns }: Scope["board"]): string[] {
  return columns.map(({ id }) => id);
}

function typeTest({ board, cards }: Scope, { values }: Condition): Test {
  for (const type of values) {
    const isKnown = board.types.includes(type) || [...cards.values()].some((card) => card.type === type);
    if (!isKnown) throw unknown("type", type, board.types);
  }
  return ({ type }) => values.includes(type ?? "");
}

/** A parent may be archived, and then is known only by its parts. */
function parentTest({ cards }: Scope, { values }: Condition): Test {
  const all = new Set([...cards.values()].flatMap(({ id, parent }) => (parent === null ? [id] : [id, parent])));
  const parents = values.map((value) => {
    if (value === "none") return null;
    if (all.has(value)) return value;
    const found = [...all].filter((id) => id.includes(value));
    if (found.length === 1) return found[0] as string;
    const what = found.length === 0 ? "no ticket" : `several tickets: ${found.slice(0, 5).join(", ")}`;
    throw new AyoError("not_found", `'${value}' means ${what}`);
  });
  return ({ parent }) => parents.includes(parent);
}

function whoTest({ me }: Scope, wanted: string, read: (card: Card) => readonly string[]): Test {
  if (wanted === "none") return (card) => read(card).length === 0;
  if (wanted === "*" || wanted === "any") return (card) => read(card).length > 0;
  const bare = (name: string): string => name.replace(/^@/, "").toLowerCase();
  const who = bare(wanted === "@me" || wanted === "me" ? me : wanted);
  return (card) => read(card).some((name) => bare(name) === who);
}

function priorityTest(value: string, operator: Operator): Test {
  const [from = "", to = from] = value.split("..");
  const [low, high] = [numberOf(from), numberOf(to)];
  const tests: Record<Operator, Test> = {
    "=": ({ priority }) => priority >= low && priority <= high,
    "<": ({ priority }) => priority < low,
    "<=": ({ priority }) => priority <= low,
    ">": ({ priority }) => priority > low,
    ">=": ({ priority }) => priority >= low,
  };
  return tests[operator];
}

function numberOf(value: string): number {
  const text = value
    .trim()
    .toLowerCase()
    .replace(/^p(?=\d$)/, "");
  const number = /^[0-4]$/.test(text) ? Number(text) : PRIORITIES.indexOf(text);
  if (number < 0) throw unknown("priority", value, ["0", "1", "2", "3", "4", ...PRIORITIES]);
  return number;
}

function dateFilter(read: (card: Card) => string | null | undefined): MakeTest {
  return ({ now }, { key, values, operator }) => {
    const tests = values.map((value) => {
      const test = dateTest(value, operator, now, key === "due");
      if (test === undefined) throw unknown(key, value, ["2026-01-31", "2026-01", "2026-01-01..2026-03-31", "7d"]);
      return test;
    });
    return (card) => {
      const time = parseTime(read(card) ?? "");
      return time !== undefined && tests.some((test) => test(time));
    };
  };
}

/** What `is:` knows besides the categories; what is archived is not on the page. */
const STATES: Readonly<Record<string, (scope: Scope) => Test>> = {
  ready: () => (card) => card.ready,
  blocked: () => isBlocked,
  claimed: () => (card) => card.claim !== null,
  unassigned: () => (card) => card.assignee === null,
  open: () => (card) => !isFinished(card),
  closed: () => isFinished,
  overdue:
    ({ now }) =>
    (card) =>
      (parseTime(card.due ?? "") ?? Number.POSITIVE_INFINITY) < now && !isFinished(card),
  unconfirmed: () => (card) => card.unconfirmed !== undefined,
  archived: () => () => false,
};

function isTest(scope: Scope, value: string): Test {
  const category = CATEGORIES.find((one) => one === value);
  const isCategory = category !== undefined && !Object.hasOwn(STATES, value);
  if (isCategory) return (card) => card.category === category;
  return known("is", value, STATES, CATEGORIES)(scope);
}

/** What `has:` knows. */
const PARTS: Readonly<Record<string, (scope: Scope) => Test>> = {
  assignee: () => (card) => card.assignee !== null,
  children:
    ({ hasChildren }) =>
    ({ id }) =>
      hasChildren(id),
  claim: () => (card) => card.claim !== null,
  commits: () => (card) => card.commits.length > 0,
  criteria: () => (card) => card.criteria.total > 0,
  deps: () => (card) => card.deps.length > 0,
  due: () => (card) => card.due !== undefined,
  links: () => (card) => card.links.length > 0,
  parent: () => (card) => card.parent !== null,
  project: () => (card) => card.project !== null,
  question: () => (card) => card.question !== undefined,
  tags: () => (card) => card.tags.length > 0,
};

function known<T>(field: string, value: string, all: Readonly<Record<string, T>>, more: readonly string[] = []): T {
  const found = Object.hasOwn(all, value) ? all[value] : undefined;
  if (found === undefined) throw unknown(field, value, [...new Set([...Object.keys(all), ...more])]);
  return found;
}

function unknown(field: string, value: string, allowed: readonly string[]): AyoError {
  return new AyoError("bad_input", `${field} '${value}' is not one of ${allowed.join(", ")}`);
}
