import type { Board } from "../../../ticket/rules/board.ts";
import { DELEGATION_LIMITS, type DelegationLimits } from "../../../ticket/rules/delegation.ts";
import { isVerifyName } from "../../../ticket/rules/verify.ts";
import { parseDuration } from "../../../ticket/time.ts";

/** Says what is wrong near `needle` in config.yml. */
type Fail = (needle: string, fact: string, allowed?: readonly string[]) => never;

/** The longest lease that config.yml may set; in milliseconds. */
const MAX_LEASE_MS = 365 * 24 * 60 * 60_000;

/**
 * The rules of config.yml on finishing: `review: required`, or `review: {bug: required, chore: none}` by type, and
 * `close: {criteria: required, output: required, verify: required}`; `verify: test`, or `verify: {bug: [test, lint],
 * chore: none}` by type; `questions: {defaults: on}`; `ready: {deps: landed}`; and `delegation: {depth: 4}`.
 */
export function rulesFrom(
  raw: Readonly<Record<string, unknown>>,
  fail: Fail,
): Pick<
  Board,
  "review" | "criteria" | "output" | "verify" | "verifyWith" | "defaultAnswers" | "landsOn" | "delegation"
> {
  const review = raw.review === undefined ? undefined : reviewFrom(raw.review, fail);
  const close = raw.close === undefined ? {} : mapping(raw.close, "close", fail);
  const isRequired = (key: string): boolean => close[key] !== undefined && requiredOrNone(close[key], key, fail);
  const verifyWith = raw.verify === undefined ? undefined : verifyFrom(raw.verify, fail);
  return {
    ...(review === undefined ? {} : { review }),
    ...(isRequired("criteria") ? { criteria: "required" as const } : {}),
    ...(isRequired("output") ? { output: "required" as const } : {}),
    ...(isRequired("verify") ? { verify: "required" as const } : {}),
    ...(verifyWith === undefined ? {} : { verifyWith }),
    ...(raw.questions !== undefined && areDefaultsOn(raw.questions, fail) ? { defaultAnswers: true as const } : {}),
    ...(raw.ready === undefined ? {} : landingFrom(raw.ready, fail)),
    ...(raw.delegation === undefined ? {} : { delegation: delegationFrom(raw.delegation, fail) }),
  };
}

/** The branch that work lands on where config.yml names none. */
export const DEFAULT_BASE = "main";

/** `ready: {deps: landed, base: main}`. */
function landingFrom(value: unknown, fail: Fail): Pick<Board, "landsOn"> {
  const { deps = "closed", base = DEFAULT_BASE } = mapping(value, "ready", fail);
  if (deps !== "landed" && deps !== "closed")
    fail("deps", `ready.deps '${String(deps)}' is not known here`, ["closed", "landed"]);
  if (!isBranchName(base)) return fail("base", "ready.base must be the name of a branch, such as main");
  return deps === "landed" ? { landsOn: base } : {};
}

/** `delegation: {depth: 4, children: 20, tickets: 50, cost: 10}`. */
function delegationFrom(value: unknown, fail: Fail): DelegationLimits {
  const written = mapping(value, "delegation", fail);
  const limits = { ...DELEGATION_LIMITS };
  for (const key of ["depth", "children", "tickets", "cost"] as const) {
    const one = written[key];
    if (one === undefined) continue;
    const isFine = typeof one === "number" && one >= 0 && (key === "cost" || Number.isInteger(one));
    if (!isFine) fail(key, `delegation.${key} must be a ${key === "cost" ? "number" : "whole number"}, 0 or more`);
    Object.assign(limits, { [key]: one });
  }
  return limits;
}

/** What `git check-ref-format --branch` lets pass, and no option of git's. */
function isBranchName(name: unknown): name is string {
  if (typeof name !== "string" || name === "" || name === "@" || name.length > 200) return false;
  if (/^[-/.]|[/.]$|\.\.|@\{|\/\/|[\p{Cc} ~^:?*[\\]/u.test(name)) return false;
  return name !== "HEAD" && !name.split("/").some((part) => part.startsWith(".") || part.endsWith(".lock"));
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

function verifyFrom(value: unknown, fail: Fail): NonNullable<Board["verifyWith"]> {
  if (typeof value === "string" || Array.isArray(value)) return namesFrom(value, "verify", fail);
  const byType = Object.entries(mapping(value, "verify", fail));
  return Object.fromEntries(byType.map(([type, names]) => [type, namesFrom(names, type, fail)]));
}

function namesFrom(value: unknown, near: string, fail: Fail): readonly string[] {
  if (value === "none") return [];
  const names: unknown[] = Array.isArray(value) ? value : [value];
  const odd = names.find((name) => typeof name !== "string" || !isVerifyName(name));
  if (odd === undefined) return names as string[];
  return fail(near, `'${String(odd)}' cannot name an entry of agents.yml's verify: test, [test, lint], or none`);
}

function requiredOrNone(value: unknown, near: string, fail: Fail): boolean {
  if (value === "required") return true;
  return value === "none" ? false : fail(near, `'${String(value)}' is not known here`, ["required", "none"]);
}

function mapping(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(name, `${name} must be a mapping of keys to values`);
}
