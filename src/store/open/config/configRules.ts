import type { Board } from "../../../ticket/rules/board.ts";
import { parseDuration } from "../../../ticket/time.ts";

/** Says what is wrong near `needle` in config.yml. */
type Fail = (needle: string, fact: string, allowed?: readonly string[]) => never;

/** The longest lease that config.yml may set; in milliseconds. */
const MAX_LEASE_MS = 365 * 24 * 60 * 60_000;

/**
 * The rules of config.yml on finishing: `review: required`, or `review: {bug: required, chore: none}` by type, and
 * `close: {criteria: required}`; and `questions: {defaults: on}`.
 */
export function rulesFrom(
  raw: Readonly<Record<string, unknown>>,
  fail: Fail,
): Pick<Board, "review" | "criteria" | "defaultAnswers"> {
  const review = raw.review === undefined ? undefined : reviewFrom(raw.review, fail);
  const close = raw.close === undefined ? {} : mapping(raw.close, "close", fail);
  const isRequired = close.criteria !== undefined && requiredOrNone(close.criteria, "criteria", fail);
  return {
    ...(review === undefined ? {} : { review }),
    ...(isRequired ? { criteria: "required" as const } : {}),
    ...(raw.questions !== undefined && areDefaultsOn(raw.questions, fail) ? { defaultAnswers: true as const } : {}),
  };
}

/** YAML 1.1 has `on` for true, and so has whoever writes it. */
function areDefaultsOn(value: unknown, fail: Fail): boolean {
  const { defaults = "off" } = mapping(value, "questions", fail);
  if (defaults === "on" || defaults === true || defaults === "true") return true;
  const isOff = defaults === "off" || defaults === false || defaults === "false";
  return isOff ? false : fail("defaults", `questions.defaults '${String(defaults)}' is not known here`, ["on", "off"]);
}

/** `claims: {lease: 30m}` in milliseconds, or undefined where config.yml does not say. */
export function leaseFrom(raw: Readonly<Record<string, unknown>>, fail: Fail): number | undefined {
  if (raw.claims === undefined) return undefined;
  const claims = mapping(raw.claims, "claims", fail);
  if (claims.lease === undefined) return undefined;
  const lease = typeof claims.lease === "string" ? parseDuration(claims.lease) : undefined;
  if (lease !== undefined && lease > 0 && lease <= MAX_LEASE_MS) return lease;
  return fail("lease", "claims.lease must be a duration such as 15m, 1h or 90s");
}

function reviewFrom(value: unknown, fail: Fail): Board["review"] {
  if (typeof value === "string") return requiredOrNone(value, "review", fail) ? "all" : undefined;
  const byType = Object.entries(mapping(value, "review", fail));
  const types = byType.filter(([type, rule]) => requiredOrNone(rule, type, fail)).map(([type]) => type);
  return types.length === 0 ? undefined : types;
}

function requiredOrNone(value: unknown, near: string, fail: Fail): boolean {
  if (value === "required") return true;
  return value === "none" ? false : fail(near, `'${String(value)}' is not known here`, ["required", "none"]);
}

function mapping(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(name, `${name} must be a mapping of keys to values`);
}
