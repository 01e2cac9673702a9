import path from "node:path";
import { AyoError } from "../../../error.ts";
import { type Board, CATEGORIES, type Category, type Column, DEFAULT_BOARD } from "../../../ticket/rules/board.ts";
import { parseDuration } from "../../../ticket/time.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { isMapping, TOP_KEYS, type UnknownKey, unknownKeys } from "./configKeys.ts";
import type { syncFrom as SyncFrom, SyncRules } from "./syncRules.ts";

/** What config.yml settles for a store. */
export interface Config {
  readonly board: Board;
  /** How changes are journalled, where the file says so. */
  readonly git?: "own" | "inline";
  /** Which store this is, in whatever clone. */
  readonly id?: string;
  /** What new ids begin with. */
  readonly prefix?: string;
  /** How it is kept the same on several machines. */
  readonly sync?: SyncRules;
  /** Closed tickets older than this, in milliseconds, move to the archive by themselves. */
  readonly archiveAfter?: number;
  /** How long a claim holds unless its holder says, in milliseconds. */
  readonly lease?: number;
  /** Keys that were loosened by hand while agents were at work, and what holds of them until a person says yes. */
  readonly unconfirmed?: Readonly<Record<string, unknown>>;
  /** Settings of other rooms, as written: claims, review, close, search, duplicates. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the file has besides, and values of `sync` that are not known: it is told, and left there. */
  readonly unknown?: readonly UnknownKey[];
}

/** The file in the store that settles how it works. */
export const CONFIG_FILE = "config.yml";
/** A larger one is not read. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** What holds where config.yml says nothing. */
export const DEFAULT_CONFIG: Config = { board: DEFAULT_BOARD, settings: {} };

/** Keys of other rooms, kept as they are written. */
export const OTHER_KEYS = ["claims", "review", "close", "search", "duplicates", "hooks"];

/** What `git:` says in config.yml, read without a YAML parser since every command needs it. */
export function readGitMode(dir: string): "own" | "inline" | undefined {
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  const text = read.bytes.toString("utf8");
  return /^git:[ \t]*['"]?(own|inline)['"]?[ \t]*(?:#.*)?$/m.exec(text)?.[1] as "own" | "inline" | undefined;
}

/** The first line of a config.yml that ayo writes. */
export const CONFIG_HEADER =
  "# How this store works; every key may be left out. `ayo config` shows all settings and where they come from.";

/**
 * Whether a directory's config.yml is a store's and not, say, a web site's: it begins as ayo writes it, or has keys of
 * ayo's and no others.
 */
export function looksLikeConfig(dir: string): boolean {
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (read === undefined || read instanceof Unread) return false;
  const text = read.bytes.toString("utf8");
  if (text.includes(CONFIG_HEADER.slice(0, 22))) return true;
  const keys = text.match(/^[^\s#:{][^:\n]*(?=:(?:\s|$))/gm) ?? [];
  return keys.length > 0 && keys.every((key) => TOP_KEYS.includes(key.trim()));
}

/**
 * Reads a config.yml.
 * @throws bad_config naming the file, the line and the allowed values
 */
export async function parseConfig(text: string): Promise<Config> {
  const { parseYaml } = await import("../../../ticket/text/frontMatter.ts");
  const value = named(() => parseYaml(text, { path: CONFIG_FILE, firstLine: 1 }));
  if (value === null || value === undefined) return DEFAULT_CONFIG;
  const fail = failer(text);
  const written = withoutEmpty(record(value, "config.yml", fail));
  const unknown = unknownKeys(written, (name) => lineOf(text, name));
  const odd = (key: string, fact: string, allowed: readonly string[] = []): void => {
    unknown.push({ key, fact, allowed, line: lineOf(text, key.split(".").at(-1) as string) });
  };
  const unconfirmed = written.unconfirmed === undefined ? undefined : unconfirmedFrom(written.unconfirmed, fail);
  const raw = { ...written, ...unconfirmed };
  const archive = archiveAfter(raw.archive, fail);
  const prefix = raw.prefix === undefined ? undefined : prefixFrom(raw.prefix, fail);
  if (raw.hooks !== undefined) checkHooks(raw.hooks, fail);
  const git = raw.git === undefined ? undefined : oneOf(raw.git, "git", ["own", "inline"] as const, fail);
  const { leaseFrom, rulesFrom } = await import("./configRules.ts");
  const lease = leaseFrom(raw, fail);
  const shared = await sharedFrom(raw, fail, odd);
  return {
    board: { ...boardFrom(raw, fail), ...rulesFrom(raw, fail) },
    ...(lease === undefined ? {} : { lease }),
    ...(unconfirmed === undefined ? {} : { unconfirmed }),
    ...(git === undefined ? {} : { git }),
    ...(prefix === undefined ? {} : { prefix }),
    ...shared,
    ...(archive === undefined ? {} : { archiveAfter: archive }),
    settings: Object.fromEntries(OTHER_KEYS.filter((key) => key in raw).map((key) => [key, raw[key]])),
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}

/** What tells one store from another, and how its clones are kept the same. */
async function sharedFrom(
  raw: Record<string, unknown>,
  fail: Fail,
  odd: Parameters<typeof SyncFrom>[1],
): Promise<Pick<Config, "id" | "sync">> {
  if (raw.id === undefined && raw.sync === undefined) return {};
  const { storeIdFrom, syncFrom } = await import("./syncRules.ts");
  const id = storeIdFrom(raw.id, fail);
  const sync = syncFrom(raw.sync, odd);
  return { ...(id === undefined ? {} : { id }), ...(sync === undefined ? {} : { sync }) };
}

/** A key without a value says nothing, as one that is left out. */
function withoutEmpty(raw: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(raw).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [key, isMapping(value) ? withoutEmpty(value) : value]));
}

/** Puts file and line before what the YAML parser says. */
function named<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const line = Number(error.data?.line ?? 1);
    throw new AyoError("bad_config", `${CONFIG_FILE}:${line}: ${error.message}`, {
      data: { ...error.data },
      cause: error,
    });
  }
}

type Fail = (needle: string, fact: string, allowed?: readonly string[]) => never;

/** Errors point at the first line that holds `needle`: YAML values carry no positions. */
function failer(text: string): Fail {
  return (needle, fact, allowed) => {
    const line = text.split("\n").findIndex((row) => row.includes(needle)) + 1 || 1;
    const hint = allowed === undefined ? "" : `; allowed: ${allowed.join(", ")}`;
    throw new AyoError("bad_config", `${CONFIG_FILE}:${line}: ${fact}${hint}`, {
      data: { path: CONFIG_FILE, line, ...(allowed === undefined ? {} : { allowed }) },
    });
  };
}

/** The first line that has a key of this name. */
function lineOf(text: string, name: string): number {
  const rows = text.split("\n");
  const isKey = (row: string): boolean => row.replaceAll(/["']/g, "").includes(`${name}:`);
  return rows.findIndex(isKey) + 1 || rows.findIndex((row) => row.includes(name)) + 1 || 1;
}

function boardFrom(raw: Record<string, unknown>, fail: Fail): Board {
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
  const limit = raw.limit;
  if (limit !== undefined && (!Number.isInteger(limit) || Number(limit) < 1)) {
    fail(id, `limit of column ${id} must be a whole number from 1`);
  }
  return {
    id,
    name: raw.name === undefined ? id : String(raw.name),
    category,
    ...(raw.phase === undefined ? {} : { phase: String(raw.phase) }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(raw.role === undefined ? {} : { role: roleFrom(id, raw.role, category, fail) }),
  };
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

/** The keys of config.yml that hold rules for agents, which `unconfirmed:` may keep as they were. */
export const RULE_KEYS = ["review", "close", "board", "transitions"];

function unconfirmedFrom(value: unknown, fail: Fail): Record<string, unknown> {
  const kept = record(value, "unconfirmed", fail);
  return Object.fromEntries(Object.entries(kept).filter(([key]) => RULE_KEYS.includes(key)));
}

function archiveAfter(value: unknown, fail: Fail): number | undefined {
  if (value === undefined) return undefined;
  const after = record(value, "archive", fail).after;
  if (after === undefined) return undefined;
  const duration = typeof after === "string" ? parseDuration(after) : undefined;
  return duration ?? fail("after", "archive.after must be a duration such as 30d, 12h or 2w");
}

function checkHooks(value: unknown, fail: Fail): void {
  const { timeout } = record(value, "hooks", fail);
  if (timeout !== undefined && !(typeof timeout === "string" && (parseDuration(timeout) ?? 0) > 0)) {
    fail("timeout", "hooks.timeout must be a duration such as 30s or 2m");
  }
}

function prefixFrom(value: unknown, fail: Fail): string {
  const text = String(value);
  return /^[a-z0-9][a-z0-9._]{0,31}$/.test(text)
    ? text
    : fail("prefix", "prefix must be lower-case letters and digits");
}

function record(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  return isMapping(value) ? value : fail(name, `${name} must be a mapping of keys to values`);
}

function oneOf<const T extends string>(value: unknown, near: string, allowed: readonly T[], fail: Fail): T {
  const found = allowed.find((name) => name === value);
  return (
    found ?? fail(String(value).length > 0 ? String(value) : near, `'${String(value)}' is not known here`, allowed)
  );
}
