import { AyoError } from "../../error.ts";
import { dueEnd, momentOf } from "../moments.ts";
import { FILTER_FIELDS, type FieldFilterKey, type FilterField, type PlainValues } from "../plainFields.ts";
import { noPriority, priorityFrom } from "../priority.ts";
import { type Board, CATEGORIES, type Category } from "../rules/board.ts";
import { columnFor } from "../rules/columns.ts";
import { FIELDS } from "../ticket.ts";
import type { Condition, FilterKey, Operator } from "./condition.ts";
import { dateTest } from "./dateFilter.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";

/** Whether a thing passes. */
export type Test<T> = (one: T) => boolean;

/** How the filter language reads a thing: a ticket of a store, or a card of the page. */
export interface Reader<T> {
  readonly texts: (one: T) => { readonly id: string; readonly title: string; readonly status: string };
  readonly category: (one: T) => Category | null | undefined;
  readonly tags: (one: T) => readonly string[];
  readonly assignees: (one: T) => readonly string[];
  readonly claimant: (one: T) => string | null | undefined;
  readonly words: (one: T) => Readonly<Partial<Record<"type" | "parent", string | null>>>;
  readonly priority: (one: T) => number | undefined;
  readonly dates: (one: T) => Readonly<Partial<Record<"created" | "started" | "closed", string | null>>>;
  /** The plain fields that can be asked for, under their names in code. */
  readonly fields: (one: T) => { readonly [N in FilterField]?: PlainValues[N] | null };
  /** What `is:` knows besides the categories and what follows from them. */
  readonly states: Readonly<Record<"ready" | "blocked" | "claimed" | "unconfirmed" | "archived", Test<T>>>;
  /** What `has:` knows besides what the fields above tell. */
  readonly parts: Readonly<Record<"children" | "commits" | "criteria" | "deps" | "links" | "question", Test<T>>>;
}

/** What a filter is judged by. */
export interface FilterScope<T> {
  readonly reader: Reader<T>;
  readonly board: Pick<Board, "columns" | "types">;
  /** The things to choose from: a status or type that only they have is allowed too. */
  readonly all: Iterable<T>;
  /** Who `@me` is. */
  readonly me: () => string;
  /** The id that a part of one means, among parents. @throws not_found */
  readonly parent: (wanted: string) => string;
  /** What two words have in common that mean the same project. */
  readonly project: (word: string) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The test of a filter string: every `word:value` is a filter, other words must be in the title, the id or the tags.
 * @throws bad_input naming the word and what is allowed; not_found
 */
export function queryTest<T>(scope: FilterScope<T>, text: string): Test<T> {
  return anyOf(parseQuery(text, { strict: true }).map((alternative) => alternativeTest(scope, alternative)));
}

function alternativeTest<T>(scope: FilterScope<T>, alternative: ParsedQuery): Test<T> {
  const { conditions, text: words, phrases, excluded } = alternative;
  const plain = phrases.reduce((rest, phrase) => rest.replace(phrase, " "), words);
  const wanted = [...plain.split(/\s+/).filter((word) => word !== ""), ...phrases].map((word) => word.toLowerCase());
  const unwanted = excluded.map((word) => word.toLowerCase());
  const test = conditionsTest(scope, conditions);
  if (wanted.length === 0 && unwanted.length === 0) return test;
  const { texts, tags } = scope.reader;
  return (one) => {
    if (!test(one)) return false;
    const { id, title } = texts(one);
    const text = [title, id, ...tags(one)].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
  };
}

/**
 * The test of all conditions together.
 * @throws bad_input for a value that can never match: an unknown column, type, priority or date; not_found
 */
export function conditionsTest<T>(scope: FilterScope<T>, conditions: readonly Condition[]): Test<T> {
  const tests = conditions.map((one) => {
    const test = named(one, () => testOf(scope, one));
    return one.not ? (thing: T) => !test(thing) : test;
  });
  if (tests.length === 1) return tests[0] as Test<T>;
  return (one) => tests.every((test) => test(one));
}

/** Runs what may refuse a condition's value: the error names the word as it was typed. */
export function named<R>({ word }: Condition, run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AyoError) || word === "") throw error;
    throw new AyoError(error.code, `'${word}': ${error.message}`, { data: { ...error.data, word } });
  }
}

/** The names that `is:` knows besides the categories. */
export const STATES = [
  ...["open", "closed", "ready", "blocked", "claimed", "unassigned", "overdue", "unconfirmed", "archived"],
] as readonly string[];

/** The names that `has:` knows. */
export const PARTS = [
  ...["assignee", "children", "claim", "commits", "criteria", "deps", "links", "parent", "question", "tags"],
  ...FILTER_FIELDS.map((name) => FIELDS[name].key),
].sort() as readonly string[];

function testOf<T>(scope: FilterScope<T>, condition: Condition): Test<T> {
  const { values, operator } = condition;
  const { reader } = scope;
  const any = (make: (value: string) => Test<T>): Test<T> => anyOf(values.map(make));
  const past = (read: (dates: ReturnType<Reader<T>["dates"]>) => string | null | undefined) =>
    dateFilter(scope, condition, { read: (one) => read(reader.dates(one)), ahead: false });
  const tests: Record<Exclude<FilterKey, FieldFilterKey>, () => Test<T>> = {
    status: () => statusTest(scope, values),
    is: () => any((value) => isTest(scope, value)),
    has: () => any((value) => hasTest(scope, value)),
    tag: () => any((tag) => (one) => reader.tags(one).includes(tag)),
    assignee: () => any((who) => whoTest(scope, who, reader.assignees)),
    "claimed-by": () => any((who) => whoTest(scope, who, (one) => listOf(reader.claimant(one)))),
    type: () => typeTest(scope, values),
    priority: () => any((value) => priorityTest(scope, value, operator)),
    parent: () => {
      const ids = values.map((value) => (value === "none" ? undefined : scope.parent(value)));
      return (one) => ids.includes(reader.words(one).parent ?? undefined);
    },
    id: () => any((id) => (one) => reader.texts(one).id.toLowerCase().includes(id.toLowerCase())),
    created: () => past(({ created }) => created),
    started: () => past(({ started }) => started),
    closed: () => past(({ closed }) => closed),
    updated: () => past(({ closed, started, created }) => closed ?? started ?? created),
  };
  const field = FILTER_FIELDS.find((name) => FIELDS[name].key === condition.key);
  return field === undefined ? tests[condition.key as keyof typeof tests]() : fieldTest(scope, condition, field);
}

/** Dates that people set lie ahead: `<7d` is in less than seven days. */
function fieldTest<T>(scope: FilterScope<T>, condition: Condition, name: FilterField): Test<T> {
  const read = (one: T): readonly string[] => [scope.reader.fields(one)[name] ?? []].flat();
  if (name === "delegatedBy") return anyOf(condition.values.map((value) => whoTest(scope, value, read)));
  if (name === "project") return projectTest(scope, condition.values);
  if (FIELDS[name].kind === "time") return dateFilter(scope, condition, { read: (one) => read(one)[0], ahead: true });
  return anyOf(
    condition.values.map((value) => (one) => (value === "none" ? read(one).length === 0 : read(one).includes(value))),
  );
}

/** A project is meant by its slug or its name, in any case. */
function projectTest<T>({ reader, project: keyOf }: FilterScope<T>, values: readonly string[]): Test<T> {
  const wanted = new Set(values.filter((value) => value !== "none").map(keyOf));
  const takesNone = values.includes("none");
  return (one) => {
    const { project } = reader.fields(one);
    return project ? wanted.has(keyOf(project)) : takesNone;
  };
}

function anyOf<T>(tests: readonly Test<T>[]): Test<T> {
  return tests.length === 1 ? (tests[0] as Test<T>) : (one) => tests.some((test) => test(one));
}

function listOf(name: string | null | undefined): readonly string[] {
  return name ? [name] : [];
}

function statusTest<T>({ board, reader, all }: FilterScope<T>, values: readonly string[]): Test<T> {
  const statuses = new Set<string>();
  const column = (name: string) => columnFor(board as Board, name);
  for (const name of values) {
    const found = column(name);
    const inCategory = board.columns.filter(({ category }) => category === name);
    if (found !== undefined) statuses.add(found.id);
    else if (inCategory.length > 0) for (const { id } of inCategory) statuses.add(id);
    else if ([...all].some((one) => reader.texts(one).status === name)) statuses.add(name);
    else
      throw unknown(
        "status",
        name,
        board.columns.map(({ id }) => id),
      );
  }
  return (one) => {
    const { status } = reader.texts(one);
    return statuses.has(status) || statuses.has(column(status)?.id ?? "");
  };
}

function typeTest<T>({ board, reader, all }: FilterScope<T>, values: readonly string[]): Test<T> {
  for (const type of values) {
    const isKnown = board.types.includes(type) || [...all].some((one) => reader.words(one).type === type);
    if (!isKnown) throw unknown("type", type, board.types);
  }
  return (one) => values.includes(reader.words(one).type ?? "");
}

function whoTest<T>({ me }: FilterScope<T>, wanted: string, read: (one: T) => readonly string[]): Test<T> {
  if (wanted === "none") return (one) => read(one).length === 0;
  if (wanted === "*" || wanted === "any") return (one) => read(one).length > 0;
  const bare = (name: string): string => name.replace(/^@/, "").toLowerCase();
  const who = bare(wanted === "@me" || wanted === "me" ? me() : wanted);
  return (one) => read(one).some((name) => bare(name) === who);
}

function priorityTest<T>({ reader }: FilterScope<T>, value: string, operator: Operator): Test<T> {
  const number = (text: string): number => {
    const found = priorityFrom(text);
    if (found === undefined) throw new AyoError("bad_input", noPriority(text), { data: { field: "priority" } });
    return found;
  };
  const [from = "", to] = value.split("..");
  const low = number(from);
  const high = to === undefined ? low : number(to);
  const tests: Record<Operator, (priority: number) => boolean> = {
    "=": (priority) => priority >= low && priority <= high,
    "<": (priority) => priority < low,
    "<=": (priority) => priority <= low,
    ">": (priority) => priority > low,
    ">=": (priority) => priority >= low,
  };
  const test = tests[operator];
  return (one) => test(reader.priority(one) ?? 2);
}

function dateFilter<T>(
  { now }: FilterScope<T>,
  { key, values, operator }: Condition,
  { read, ahead }: { readonly read: (one: T) => string | null | undefined; readonly ahead: boolean },
): Test<T> {
  const tests = values.map((value) => {
    const test = dateTest(value, operator, now, ahead);
    if (test === undefined)
      throw unknown(key, value, ["2026-01-31", "2026-01", "2026-01-01..2026-03-31", "7d", "today"]);
    return test;
  });
  return (one) => {
    const time = momentOf(read(one) ?? "");
    return time !== undefined && tests.some((test) => test(time));
  };
}

function isTest<T>({ reader, now }: FilterScope<T>, value: string): Test<T> {
  const isOver = (one: T): boolean => ["done", "cancelled", "failed"].includes(reader.category(one) ?? "");
  const tests: Readonly<Record<string, Test<T>>> = {
    ...reader.states,
    open: (one) => !isOver(one),
    closed: isOver,
    unassigned: (one) => reader.assignees(one).length === 0,
    overdue: (one) => (dueEnd(reader.fields(one).due ?? "") ?? Number.POSITIVE_INFINITY) <= now && !isOver(one),
  };
  if (STATES.includes(value)) return tests[value] as Test<T>;
  const category = CATEGORIES.find((one) => one === value);
  if (category === undefined) throw unknown("is", value, [...new Set([...STATES, ...CATEGORIES])]);
  return (one) => reader.category(one) === category;
}

function hasTest<T>({ reader }: FilterScope<T>, value: string): Test<T> {
  const tests: Readonly<Record<string, Test<T>>> = {
    ...reader.parts,
    assignee: (one) => reader.assignees(one).length > 0,
    claim: (one) => listOf(reader.claimant(one)).length > 0,
    parent: (one) => Boolean(reader.words(one).parent),
    tags: (one) => reader.tags(one).length > 0,
    ...Object.fromEntries(
      FILTER_FIELDS.map((name) => [FIELDS[name].key, (one: T) => Boolean(reader.fields(one)[name]?.length)]),
    ),
  };
  if (!PARTS.includes(value)) throw unknown("has", value, PARTS);
  return tests[value] as Test<T>;
}

function unknown(field: string, value: string, allowed: readonly string[]): AyoError {
  return new AyoError("bad_input", `${field} '${value}' is not one of ${allowed.join(", ")}`, {
    data: { field, allowed },
  });
}
