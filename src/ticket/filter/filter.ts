import { AyoError } from "../../error.ts";
import { FILTER_FIELDS, type FieldFilterKey, type FilterField } from "../plainFields.ts";
import { FIELDS } from "../ticket.ts";
import type { Condition, FilterKey } from "./condition.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";
import type { FilterScope, Reader, Test } from "./reader.ts";
import {
  anyOf,
  dateFilter,
  hasTest,
  isTest,
  listOf,
  priorityTest,
  projectTest,
  statusTest,
  typeTest,
  whoTest,
} from "./valueTests.ts";

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
