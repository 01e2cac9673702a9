import { AyoError } from "../../error.ts";
import { findTicket, isFinished, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { CATEGORIES } from "../../ticket/board.ts";
import { dateTest } from "../../ticket/dateFilter.ts";
import { type Condition, type FilterKey, type Operator, parseQuery } from "../../ticket/query.ts";
import { categoryOf, columnFor } from "../../ticket/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import { checkPriority, checkType } from "../input/checkInput.ts";

/** Whether a ticket passes. */
export type Test = (ticket: Ticket) => boolean;

/** What filters are judged by. */
export interface Scope {
  readonly store: Store;
  readonly view: View;
  /** The tickets to choose from: a status or type that only they have is allowed too. */
  readonly tickets: readonly Ticket[];
}

/**
 * The test of a filter string, for lists: every `word:value` is a filter, other words must be in the title, the id or
 * the tags.
 * @throws bad_input naming the word and what is allowed
 */
export async function queryTest(scope: Scope, text: string): Promise<Test> {
  const { conditions, text: words, phrases, excluded } = parseQuery(text, { strict: true });
  const plain = phrases.reduce((rest, phrase) => rest.replace(phrase, " "), words);
  const wanted = [...plain.split(/\s+/).filter((word) => word !== ""), ...phrases].map((word) => word.toLowerCase());
  const unwanted = excluded.map((word) => word.toLowerCase());
  const test = await conditionsTest(scope, conditions);
  return (ticket) => {
    if (!test(ticket)) return false;
    const text = [ticket.title, ticket.id, ...(ticket.fields.tags ?? [])].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
  };
}

/**
 * The test of all conditions together.
 * @throws bad_input for a value that can never match: an unknown column, type, priority or date; not_found
 */
export async function conditionsTest(scope: Scope, conditions: readonly Condition[]): Promise<Test> {
  const tests: Test[] = [];
  for (const one of conditions) {
    const test = await named(one, () => TESTS[one.key](scope, one));
    tests.push(one.not ? (ticket) => !test(ticket) : test);
  }
  if (tests.length === 1) return tests[0] as Test;
  return (ticket) => tests.every((test) => test(ticket));
}

/** Errors name the word as it was typed. */
async function named(one: Condition, make: () => Test | Promise<Test>): Promise<Test> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof AyoError) || one.word === "") throw error;
    throw new AyoError(error.code, `'${one.word}': ${error.message}`, { data: { ...error.data, word: one.word } });
  }
}

type MakeTest = (scope: Scope, condition: Condition) => Test | Promise<Test>;

const TESTS: Readonly<Record<FilterKey, MakeTest>> = {
  status: statusTest,
  is: (scope, { values }) => anyOf(values.map((value) => isTest(scope, value))),
  has: async (scope, { values }) => anyOf(await Promise.all(values.map((value) => hasTest(scope, value)))),
  tag: (_, { values }) =>
    anyOf(
      values.map(
        (tag) =>
          ({ fields }) =>
            fields.tags?.includes(tag) ?? false,
      ),
    ),
  assignee: (scope, { values }) => anyOf(values.map((who) => whoTest(scope, who, ({ fields }) => fields.assignee))),
  "claimed-by": (scope, { values }) =>
    anyOf(values.map((who) => whoTest(scope, who, ({ fields }) => (fields.claimedBy ? [fields.claimedBy] : [])))),
  type: typeTest,
  priority: (_, one) => anyOf(one.values.map((value) => priorityTest(value, one.operator))),
  project: (_, { values }) =>
    anyOf(
      values.map(
        (project) =>
          ({ fields }) =>
            isNoneOr(fields.project, project),
      ),
    ),
  parent: parentTest,
  id: (_, { values }) => anyOf(values.map((id) => (ticket) => ticket.id.toLowerCase().includes(id.toLowerCase()))),
  created: dateFilter(({ created }) => created),
  started: dateFilter(({ started }) => started),
  closed: dateFilter(({ closed }) => closed),
  updated: dateFilter(({ closed, started, created }) => closed ?? started ?? created),
  due: dateFilter(({ due }) => due),
};

function anyOf(tests: readonly Test[]): Test {
  return tests.length === 1 ? (tests[0] as Test) : (ticket) => tests.some((test) => test(ticket));
}

function isNoneOr(value: string | undefined, wanted: string): boolean {
  return wanted === "none" ? value === undefined : value === wanted;
}

function statusTest({ view, tickets }: Scope, { values }: Condition): Test {
  const statuses = new Set<string>();
  for (const name of values) {
    const column = columnFor(view.board, name);
    const inCategory = view.board.columns.filter((one) => one.category === name);
    if (column !== undefined) statuses.add(column.id);
    else if (inCategory.length > 0) for (const one of inCategory) statuses.add(one.id);
    else if (tickets.some((ticket) => ticket.status === name)) statuses.add(name);
    else
      throw unknown(
        "status",
        name,
        view.board.columns.map((one) => one.id),
      );
  }
  return (ticket) => statuses.has(ticket.status) || statuses.has(columnFor(view.board, ticket.status)?.id ?? "");
}

function typeTest({ view, tickets }: Scope, { values }: Condition): Test {
  for (const type of values) {
    if (!tickets.some((ticket) => ticket.fields.type === type)) checkType(view.board, type);
  }
  return ({ fields }) => values.includes(fields.type ?? "");
}

async function parentTest({ store, view }: Scope, { values }: Condition): Promise<Test> {
  const ids = await Promise.all(
    values.map(async (id) => (id === "none" ? undefined : (await findTicket(store, view, id, true)).id)),
  );
  return ({ fields }) => ids.includes(fields.parent);
}

function whoTest({ store }: Scope, wanted: string, read: (ticket: Ticket) => readonly string[] | undefined): Test {
  if (wanted === "none") return (ticket) => (read(ticket) ?? []).length === 0;
  if (wanted === "*" || wanted === "any") return (ticket) => (read(ticket) ?? []).length > 0;
  const who = wanted === "@me" || wanted === "me" ? actorOf(undefined, store).name : wanted;
  const bare = who.replace(/^@/, "").toLowerCase();
  return (ticket) => (read(ticket) ?? []).some((name) => name.replace(/^@/, "").toLowerCase() === bare);
}

function priorityTest(value: string, operator: Operator): Test {
  const [from = "", to] = value.split("..");
  const low = checkPriority(from);
  const high = to === undefined ? low : checkPriority(to);
  const tests: Record<Operator, (priority: number) => boolean> = {
    "=": (priority) => priority >= low && priority <= high,
    "<": (priority) => priority < low,
    "<=": (priority) => priority <= low,
    ">": (priority) => priority > low,
    ">=": (priority) => priority >= low,
  };
  return ({ fields }) => tests[operator](fields.priority ?? 2);
}

function dateFilter(read: (fields: Ticket["fields"]) => string | undefined): MakeTest {
  return ({ view }, { key, values, operator }) => {
    const tests = values.map((value) => {
      const test = dateTest(value, operator, view.now, key === "due");
      if (test === undefined)
        throw unknown(key, value, ["2026-01-31", "2026-01", "2026-01-01..2026-03-31", "7d", "today"]);
      return test;
    });
    return ({ fields }) => {
      const time = parseTime(read(fields) ?? "");
      return time !== undefined && tests.some((test) => test(time));
    };
  };
}

/** What `is:` knows besides the categories. */
const STATES: Readonly<Record<string, (scope: Scope) => Test>> = {
  open:
    ({ view }) =>
    (ticket) =>
      !isFinished(view.board, ticket.status),
  closed:
    ({ view }) =>
    (ticket) =>
      isFinished(view.board, ticket.status),
  ready:
    ({ view }) =>
    (ticket) =>
      view.isReady(ticket),
  blocked:
    ({ view }) =>
    (ticket) =>
      view.readiness(ticket).blocked,
  claimed:
    ({ view }) =>
    ({ fields }) =>
      fields.claimedBy !== undefined && (parseTime(fields.lease ?? "") ?? Number.POSITIVE_INFINITY) > view.now,
  unassigned:
    () =>
    ({ fields }) =>
      (fields.assignee ?? []).length === 0,
  overdue:
    ({ view }) =>
    ({ fields, status }) =>
      (parseTime(fields.due ?? "") ?? Number.POSITIVE_INFINITY) < view.now && !isFinished(view.board, status),
  unconfirmed:
    () =>
    ({ fields }) =>
      fields.unconfirmed !== undefined,
  archived:
    () =>
    ({ path }) =>
      path.startsWith("archive/"),
};

function isTest(scope: Scope, value: string): Test {
  const state = Object.hasOwn(STATES, value) ? STATES[value] : undefined;
  if (state !== undefined) return state(scope);
  const category = CATEGORIES.find((one) => one === value);
  if (category !== undefined) return ({ status }) => categoryOf(scope.view.board, status) === category;
  throw unknown("is", value, [...new Set([...Object.keys(STATES), ...CATEGORIES])]);
}

/** What `has:` knows: fields that may be empty, and what other tickets say of one. */
const PARTS: Readonly<Record<string, (view: View, store: Store) => Test | Promise<Test>>> = {
  assignee:
    () =>
    ({ fields }) =>
      (fields.assignee ?? []).length > 0,
  children:
    (view) =>
    ({ id }) =>
      view.children(id).length > 0,
  claim:
    () =>
    ({ fields }) =>
      fields.claimedBy !== undefined,
  commits: linkedTest,
  criteria:
    () =>
    ({ criteria }) =>
      criteria.total > 0,
  deps:
    () =>
    ({ fields }) =>
      (fields.deps ?? []).length > 0,
  due:
    () =>
    ({ fields }) =>
      fields.due !== undefined,
  links:
    () =>
    ({ fields }) =>
      (fields.links ?? []).length > 0,
  parent:
    () =>
    ({ fields }) =>
      fields.parent !== undefined,
  project:
    () =>
    ({ fields }) =>
      fields.project !== undefined,
  question:
    () =>
    ({ fields }) =>
      fields.question !== undefined,
  tags:
    () =>
    ({ fields }) =>
      (fields.tags ?? []).length > 0,
};

/** Commits that the file records, or that name the ticket on a branch of the project. */
async function linkedTest(view: View, store: Store): Promise<Test> {
  const { commitsByTicket } = await import("../../store/codeCommits/commitsByTicket.ts");
  const { byTicket } = await commitsByTicket(store, view);
  return ({ id, fields }) => (fields.commits ?? []).length > 0 || byTicket.has(id);
}

function hasTest({ store, view }: Scope, value: string): Test | Promise<Test> {
  const part = Object.hasOwn(PARTS, value) ? PARTS[value] : undefined;
  if (part === undefined) throw unknown("has", value, Object.keys(PARTS));
  return part(view, store);
}

function unknown(field: string, value: string, allowed: readonly string[]): AyoError {
  return new AyoError("bad_input", `${field} '${value}' is not one of ${allowed.join(", ")}`, {
    data: { field, allowed },
  });
}
