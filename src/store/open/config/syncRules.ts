import { parseDuration } from "../../../ticket/time.ts";

/** Says what is wrong near `needle` in config.yml. */
type Fail = (needle: string, fact: string, allowed?: readonly string[]) => never;

/** `sync:` of config.yml: how a store is kept the same on several machines. */
export interface SyncRules {
  /** Processes that go on (watch, serve, mcp) bring and send by themselves. */
  readonly auto: boolean;
  /** How often they do at least, in milliseconds, unless they say. */
  readonly every?: number;
  /** The ref that holds the tickets on the other side; the store's own branch unless it says. */
  readonly ref?: string;
  /** Every commit from now on asks build servers to leave it alone. */
  readonly skipCi: boolean;
}

/** What may be named: nothing of a project's, and nothing that git takes for an option. */
const REF = /^refs\/(?:heads\/)?ayo\/[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;

/** A remote is not asked more often; in milliseconds. */
const LEAST_MS = 5_000;

/** `sync: {auto: true, ref: refs/ayo/tickets, skip-ci: true}`; undefined where config.yml does not say. */
export function syncFrom(value: unknown, fail: Fail): SyncRules | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail("sync", "sync must be a mapping of keys to values");
  const { auto, every, ref, "skip-ci": skipCi } = value as Readonly<Record<string, unknown>>;
  if (ref !== undefined && !isStoreRef(ref))
    fail("ref", "sync.ref must be a ref of ayo's own: refs/heads/ayo/NAME or refs/ayo/NAME");
  return {
    auto: auto !== undefined && yesOrNo(auto, "auto", fail),
    skipCi: skipCi !== undefined && yesOrNo(skipCi, "skip-ci", fail),
    ...(every === undefined ? {} : { every: durationFrom(every, fail) }),
    ...(ref === undefined ? {} : { ref: ref as string }),
  };
}

/** Which store this is, wherever it lies; undefined where config.yml does not say. */
export function storeIdFrom(value: unknown, fail: Fail): string | undefined {
  if (value === undefined) return undefined;
  return /^[a-z0-9]{6,40}$/.test(String(value))
    ? String(value)
    : fail("id", "id must be 6 to 40 lower-case letters and digits; ayo makes it, and nobody needs to change it");
}

function durationFrom(value: unknown, fail: Fail): number {
  const every = typeof value === "string" ? parseDuration(value) : undefined;
  return every !== undefined && every >= LEAST_MS
    ? every
    : fail("every", "sync.every must be a duration such as 1m, 30s or 2h");
}

function isStoreRef(ref: unknown): boolean {
  return typeof ref === "string" && REF.test(ref) && !ref.includes("..") && !/\.lock(?:\/|$)|\.(?:\/|$)/.test(ref);
}

function yesOrNo(value: unknown, near: string, fail: Fail): boolean {
  return typeof value === "boolean" ? value : fail(near, `'${String(value)}' is not known here`, ["true", "false"]);
}
