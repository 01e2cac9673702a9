import {
  type Board,
  CATEGORIES,
  type Category,
  type Column,
  DEFAULT_BOARD,
  ENTER_CHECKS,
} from "../../../ticket/rules/board.ts";
import { isMapping } from "./configKeys.ts";
import { type Fail, oneOf, record } from "./values.ts";

/** The board that config.yml describes. @throws bad_config */
export function boardFrom(raw: Record<string, unknown>, fail: Fail): Board {
  const board = raw.board === undefined ? {} : record(raw.board, "board", fail);
  const columns = board.columns === undefined ? DEFAULT_BOARD.columns : columnsFrom(board.columns, board.initial, fail);
  const ids = columns.map((column) => column.id);
  const todo = columns.find((column) => column.category === "todo") ?? (columns[0] as Column);
  const transitions = raw.transitions ?? board.transitions;
  return {
    columns,
    initial: board.initial === undefined ? todo.id : oneOf(board.initial, "initial", ids, fail),
    types: typesFrom(raw.types ?? board.types, fail),
    ...(transitions === undefined ? {} : { transitions: transitionsFrom(transitions, ids, fail) }),
  };
}

function columnsFrom(value: unknown, initial: unknown, fail: Fail): Column[] {
  if (!Array.isArray(value) || value.length === 0) return fail("columns", "board.columns must be a list of columns");
  const seen = new Set<string>();
  return value.map((item, at) => {
    const raw = typeof item === "string" ? { id: item } : record(item, "columns", fail);
    const id = raw.id;
    if (typeof id !== "string" || !/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(id)) {
      return fail(String(id ?? "columns"), `column ${at + 1} needs an id of letters, digits, '-', '_' or '.'`);
    }
    if (seen.has(id)) fail(id, `two columns have the id '${id}'`);
    seen.add(id);
    const isInitial = initial === undefined ? at === 0 : id === initial;
    return columnFrom(id, raw, defaultCategory(isInitial, at === value.length - 1), fail);
  });
}

/** Without a category the first (or initial) column is todo, the last done, the others active. */
function defaultCategory(isInitial: boolean, isLast: boolean): Category {
  if (isInitial) return "todo";
  return isLast ? "done" : "active";
}

function columnFrom(id: string, raw: Record<string, unknown>, fallback: Category, fail: Fail): Column {
  const category = raw.category === undefined ? fallback : oneOf(raw.category, id, CATEGORIES, fail);
  return {
    id,
    name: raw.name === undefined ? id : String(raw.name),
    category,
    ...(raw.phase === undefined ? {} : { phase: String(raw.phase) }),
    ...(raw.limit === undefined ? {} : limitFrom(id, raw.limit, fail)),
    ...(raw.role === undefined ? {} : { role: roleFrom(id, raw.role, category, fail) }),
    ...(raw.prompt === undefined ? {} : { prompt: promptFrom(id, raw.prompt, fail) }),
    ...(raw.enter === undefined ? {} : { enter: enterFrom(id, raw.enter, fail) }),
  };
}

/** `limit: 3` is shown; `limit: {max: 3, refuse: true}` holds. */
function limitFrom(id: string, value: unknown, fail: Fail): Pick<Column, "limit" | "refuse"> {
  const { max, refuse = false } = isMapping(value) ? value : { max: value };
  if (!Number.isInteger(max) || Number(max) < 1) fail(id, `limit of column ${id} must be a whole number from 1`);
  if (typeof refuse !== "boolean") fail(id, `limit.refuse of column ${id} must be true or false`);
  return { limit: Number(max), ...(refuse === true ? { refuse: true as const } : {}) };
}

/** A name, or a file of the store; whether it is there is looked at when somebody is to be started by it. */
function promptFrom(id: string, value: unknown, fail: Fail): string {
  const isPath = typeof value === "string" && /^[\p{L}\p{N}_][\p{L}\p{N} ._/-]{0,199}$/u.test(value);
  if (isPath && !value.split("/").some((part) => part === "" || part === "..")) return value;
  return fail(
    id,
    `prompt of column ${id} must be a name such as tester, or a file of the store: templates/prompts/tester.md`,
  );
}

function enterFrom(id: string, value: unknown, fail: Fail): NonNullable<Column["enter"]> {
  const checks = Array.isArray(value) ? value : [value];
  return [...new Set(checks.map((check) => oneOf(check, id, ENTER_CHECKS, fail)))];
}

/** Whom a column is for; one where nobody works is for nobody. */
function roleFrom(id: string, value: unknown, category: Category, fail: Fail): string {
  if (category !== "todo" && category !== "active" && category !== "review") {
    fail(id, `column ${id} is ${category}: only columns of work (todo, active, review) have a role`);
  }
  if (typeof value === "string" && /^[^\s@,][^\n,]{0,63}$/.test(value.trim())) return value.trim();
  return fail(id, `role of column ${id} must be a name such as tester`);
}

function typesFrom(value: unknown, fail: Fail): readonly string[] {
  if (value === undefined) return DEFAULT_BOARD.types;
  if (Array.isArray(value) && value.length > 0 && value.every((type) => typeof type === "string")) return value;
  return fail("types", "types must be a list of names");
}

function transitionsFrom(value: unknown, ids: readonly string[], fail: Fail): Record<string, string[]> {
  const rules: Record<string, string[]> = {};
  for (const [from, to] of Object.entries(record(value, "transitions", fail))) {
    oneOf(from, from, ids, fail);
    const targets = Array.isArray(to) ? to : [to];
    rules[from] = targets.map((target) => oneOf(target, from, ids, fail));
  }
  return rules;
}
