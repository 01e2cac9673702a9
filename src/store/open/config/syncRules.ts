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
  /** It says which, in a way that nobody here understands: where the tickets were brought from last holds. */
  readonly isRefUnknown?: true;
  /** What others' say is to a claim; `warn` unless it says. */
  readonly claims: ClaimsMode;
  /** Claims lie among the branches there, for hosts that take no other refs. */
  readonly claimBranches?: true;
  /** Bundles in branches of the project are taken in. */
  readonly outbox: boolean;
  /** Every commit from now on asks build servers to leave it alone. */
  readonly skipCi: boolean;
}

/**
 * `off`: claims are this machine's alone; `warn`: others are asked, and where they cannot be the claim is not confirmed;
 * `required`: without their answer there is no claim.
 */
export type ClaimsMode = "off" | "warn" | "required";
const MODES: readonly string[] = ["off", "warn", "required"] satisfies ClaimsMode[];

/** What may be named: nothing of a project's, and nothing that git takes for an option. */
const REF = /^refs\/(?:heads\/)?ayo\/[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;

/** A remote is not asked more often; in milliseconds. */
const LEAST_MS = 5_000;

/** Hears of a value that is not known here: of a later ayo, or mistyped. */
type Odd = (key: string, fact: string, allowed?: readonly string[]) => void;

/**
 * `sync: {auto: true, ref: refs/ayo/tickets, skip-ci: true}`; undefined where config.yml does not say. A value that is
 * not known is told and not used: the file comes from everybody who shares the store, and must not stop it.
 */
export function syncFrom(value: unknown, odd: Odd): SyncRules | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    odd("sync", "sync must be a mapping of keys to values");
    return undefined;
  }
  const {
    auto,
    every,
    outbox,
    ref,
    claims,
    "claims-ref": claimsRef,
    "skip-ci": skipCi,
  } = value as Readonly<Record<string, unknown>>;
  const everyMs = every === undefined ? undefined : durationFrom(every, odd);
  if (ref !== undefined && !isStoreRef(ref))
    odd("sync.ref", "sync.ref must be a ref of ayo's own: refs/heads/ayo/NAME or refs/ayo/NAME");
  if (claims !== undefined && !isMode(claims))
    odd("sync.claims", `'${String(claims)}' is no value of sync.claims`, MODES);
  if (claimsRef !== undefined && !PLACES.includes(claimsRef))
    odd("sync.claims-ref", `'${String(claimsRef)}' is no value of sync.claims-ref`, ["ayo", "heads"]);
  return {
    claims: isMode(claims) ? claims : "warn",
    ...(claimsRef === "heads" ? { claimBranches: true as const } : {}),
    auto: yesOrNo(auto, "sync.auto", odd, false),
    outbox: yesOrNo(outbox, "sync.outbox", odd, true),
    skipCi: yesOrNo(skipCi, "sync.skip-ci", odd, false),
    ...(everyMs === undefined ? {} : { every: everyMs }),
    ...refFrom(ref),
  };
}

/** `refs/ayo/claims/`, and `refs/heads/ayo/claims/`. */
const PLACES: readonly unknown[] = ["ayo", "heads"];

function isMode(value: unknown): value is ClaimsMode {
  // `off` is false to YAML 1.1.
  return typeof value === "string" && MODES.includes(value);
}

function refFrom(ref: unknown): Pick<SyncRules, "ref" | "isRefUnknown"> {
  if (ref === undefined) return {};
  return isStoreRef(ref) ? { ref } : { isRefUnknown: true };
}

/** Which store this is, wherever it lies; undefined where config.yml does not say. */
export function storeIdFrom(value: unknown, fail: Fail): string | undefined {
  if (value === undefined) return undefined;
  return /^[a-z0-9]{6,40}$/.test(String(value))
    ? String(value)
    : fail("id", "id must be 6 to 40 lower-case letters and digits; ayo makes it, and nobody needs to change it");
}

function durationFrom(value: unknown, odd: Odd): number | undefined {
  const every = typeof value === "string" ? parseDuration(value) : undefined;
  if (every !== undefined && every >= LEAST_MS) return every;
  odd("sync.every", "sync.every must be a duration such as 1m, 30s or 2h");
  return undefined;
}

function isStoreRef(ref: unknown): ref is string {
  return typeof ref === "string" && REF.test(ref) && !ref.includes("..") && !/\.lock(?:\/|$)|\.(?:\/|$)/.test(ref);
}

/** What does not say yes says no; `standard` is what holds where nothing is said. */
function yesOrNo(value: unknown, key: string, odd: Odd, standard: boolean): boolean {
  if (value === undefined) return standard;
  if (typeof value !== "boolean") odd(key, `'${String(value)}' is no value of ${key}`, ["true", "false"]);
  return value === true;
}
