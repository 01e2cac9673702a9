import { AyoError } from "../../error.ts";
import { dueEnd, momentOf } from "../moments.ts";
import { FILTER_FIELDS } from "../plainFields.ts";
import { noPriority, priorityFrom } from "../priority.ts";
import { type Board, CATEGORIES } from "../rules/board.ts";
import { columnFor } from "../rules/columns.ts";
import { FIELDS } from "../ticket.ts";
import type { Condition, Operator } from "./condition.ts";
import { dateTest } from "./dateFilter.ts";
import type { FilterScope, Test } from "./reader.ts";

/** The names that `is:` knows besides the categories. */
export const STATES = [
  ...["open", "closed", "ready", "blocked", "claimed", "unassigned", "overdue", "unconfirmed", "archived"],
] as readonly string[];

/** The names that `has:` knows. */
export const PARTS = [
  ...["assignee", "children", "claim", "commits", "criteria", "deps", "links", "parent", "question", "tags"],
  ...FILTER_FIELDS.map((name) => FIELDS[name].key),
].sort() as readonly string[];

/** A project is meant by its slug or its name, in any case. */
export function projectTest<T>({ reader, project: keyOf }: FilterScope<T>, values: readonly string[]): Test<T> {
  const wanted = new Set(values.filter((value) => value !== "none").map(keyOf));
  const takesNone = values.includes("none");
  return (one) => {
    const { project } = reader.fields(one);
    return project ? wanted.has(keyOf(project)) : takesNone;
  };
}

/** Passes what one of several tests lets pass. */
export function anyOf<T>(tests: readonly Test<T>[]): Test<T> {
  return tests.length === 1 ? (tests[0] as Test<T>) : (one) => tests.some((test) => test(one));
}

/** A name as a list; none where there is none. */
export function listOf(name: string | null | undefined): readonly string[] {
  return name ? [name] : [];
}

/** What is in one of the columns, or the categories of columns. */
export function statusTest<T>({ board, reader, all }: FilterScope<T>, values: readonly string[]): Test<T> {
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

/** What is of one of the types. */
export function typeTest<T>({ board, reader, all }: FilterScope<T>, values: readonly string[]): Test<T> {
  for (const type of values) {
    const isKnown = board.types.includes(type) || [...all].some((one) => reader.words(one).type === type);
    if (!isKnown) throw unknown("type", type, board.types);
  }
  return (one) => values.includes(reader.words(one).type ?? "");
}

/** What names somebody: `none`, `any`, `@me`, or a name with or without its @. */
export function whoTest<T>({ me }: FilterScope<T>, wanted: string, read: (one: T) => readonly string[]): Test<T> {
  if (wanted === "none") return (one) => read(one).length === 0;
  if (wanted === "*" || wanted === "any") return (one) => read(one).length > 0;
  const bare = (name: string): string => name.replace(/^@/, "").toLowerCase();
  const who = bare(wanted === "@me" || wanted === "me" ? me() : wanted);
  return (one) => read(one).some((name) => bare(name) === who);
}

/** What has a priority, or lies on one side of it, or between two. */
export function priorityTest<T>({ reader }: FilterScope<T>, value: string, operator: Operator): Test<T> {
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

/** What a date says; `ahead` where people set it for days to come. */
export function dateFilter<T>(
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

/** The test of a value of `is:`. */
export function isTest<T>({ reader, now }: FilterScope<T>, value: string): Test<T> {
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

/** The test of a value of `has:`. */
export function hasTest<T>({ reader }: FilterScope<T>, value: string): Test<T> {
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
