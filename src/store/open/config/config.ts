import path from "node:path";
import { AyoError } from "../../../error.ts";
import { type Board, DEFAULT_BOARD } from "../../../ticket/rules/board.ts";
import { parseDuration } from "../../../ticket/time.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { boardFrom } from "./boardFrom.ts";
import { isMapping, TOP_KEYS, type UnknownKey, unknownKeys } from "./configKeys.ts";
import type { syncFrom as SyncFrom, SyncRules } from "./syncRules.ts";
import { CONFIG_FILE, type Fail, failer, lineOf, oneOf, record } from "./values.ts";

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
  /** How long runs of agents are kept, in milliseconds; `ever`: none of them goes. */
  readonly keepRuns?: number | "ever";
  /** How long a claim holds unless its holder says, in milliseconds. */
  readonly lease?: number;
  /** Keys that were loosened by hand while agents were at work, and what holds of them until a person says yes. */
  readonly unconfirmed?: Readonly<Record<string, unknown>>;
  /** Settings of other rooms, as written: claims, review, close, questions, search, duplicates. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the file has besides, and values of `sync` that are not known: it is told, and left there. */
  readonly unknown?: readonly UnknownKey[];
}

/** A larger one is not read. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** What holds where config.yml says nothing. */
export const DEFAULT_CONFIG: Config = { board: DEFAULT_BOARD, settings: {} };

/** Keys of other rooms, kept as they are written. */
export const OTHER_KEYS = [
  "claims",
  "review",
  "close",
  "verify",
  "questions",
  "search",
  "duplicates",
  "hooks",
  "ready",
  "delegation",
  "keep",
  "trackers",
  "views",
];

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
  const whole = record(value, "config.yml", fail);
  const written = withoutEmpty(whole);
  const unknown = unknownKeys(written, (name) => lineOf(text, name));
  const odd = (key: string, fact: string, allowed: readonly string[] = []): void => {
    unknown.push({ key, fact, allowed, line: lineOf(text, key.split(".").at(-1) as string) });
  };
  const unconfirmed = written.unconfirmed === undefined ? undefined : unconfirmedFrom(written.unconfirmed, fail);
  // Of what is kept null is for ever, and not nothing said.
  const raw: Record<string, unknown> = {
    ...written,
    ...(whole.keep === undefined ? {} : { keep: whole.keep }),
    ...unconfirmed,
  };
  const archive = archiveAfter(raw.archive, fail);
  const prefix = raw.prefix === undefined ? undefined : prefixFrom(raw.prefix, fail);
  if (raw.hooks !== undefined) checkHooks(raw.hooks, fail);
  const git = raw.git === undefined ? undefined : oneOf(raw.git, "git", ["own", "inline"] as const, fail);
  const { leaseFrom, rulesFrom } = await import("./configRules.ts");
  const lease = leaseFrom(raw, fail);
  const keepRuns = keepFrom(raw.keep, fail);
  const shared = await sharedFrom(raw, fail, odd);
  return {
    board: { ...boardFrom(raw, fail), ...rulesFrom(raw, fail) },
    ...(lease === undefined ? {} : { lease }),
    ...(keepRuns === undefined ? {} : { keepRuns }),
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

/** The keys of config.yml that hold rules for agents, which `unconfirmed:` may keep as they were. */
export const RULE_KEYS = ["review", "close", "verify", "questions", "ready", "delegation", "board", "transitions"];

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

/** How long runs of agents are kept where config.yml says nothing. */
export const DEFAULT_KEEP_MS = 30 * 24 * 60 * 60_000;

/** `keep: {runs: 30d}`. */
function keepFrom(value: unknown, fail: Fail): Config["keepRuns"] {
  if (value === undefined || value === null) return undefined;
  const { runs } = record(value, "keep", fail);
  if (runs === undefined) return undefined;
  if (runs === null || runs === "null") return "ever";
  const time = typeof runs === "string" ? parseDuration(runs) : undefined;
  return time ?? fail("runs", "keep.runs must be a duration such as 30d, or null for ever");
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
