import path from "node:path";
import { quoteWord } from "../../error.ts";
import { type Approval, type ApprovalFolder, fingerprint, readApproval } from "./approvals.ts";
import { type Named, storeFlags } from "./locate/storeFlags.ts";

/**
 * Whether something takes effect: only what is `allowed` does. `new`: nobody decided yet; `changed`: somebody decided
 * about other content; `broken`: it could not take effect whatever anybody decides.
 */
export type EffectState = "allowed" | "new" | "changed" | "denied" | "broken";

/** Why something can never take effect as it is; the code is stable. */
export interface EffectProblem {
  readonly code: string;
  readonly message: string;
}

/** What was decided about some content. */
export interface Judged {
  readonly state: Exclude<EffectState, "broken">;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly approval?: Approval;
  /** Why what was decided cannot be read; it then counts as not decided. */
  readonly trouble?: string;
}

/** Something in a store that takes effect beyond it, such as a hook that runs: with its content, and what was decided. */
export interface Effect {
  readonly kind: "store" | "hook" | "agent" | "pipeline" | "verify" | "url" | "keys";
  /** What a decision is recorded under: a hook's path in the store, a key of config.yml, a store's path. */
  readonly name: string;
  /** Every way to name it on a command line, the one to show first. */
  readonly words: readonly [string, ...string[]];
  /** What it does once it is allowed. */
  readonly about: string;
  readonly approvalFolder: ApprovalFolder;
  readonly state: EffectState;
  readonly problem?: EffectProblem;
  readonly bytes?: Buffer;
  readonly sha256?: string;
  readonly approval?: Approval;
  readonly trouble?: string;
}

/** What was decided about `name` with this content. */
export function judge(approvalFolder: ApprovalFolder, name: string, bytes: Buffer): Judged {
  const sha256 = fingerprint(bytes);
  const { approval, trouble } = readApproval(approvalFolder, name);
  if (trouble !== undefined) return { state: "new", bytes, sha256, trouble };
  if (approval === undefined) return { state: "new", bytes, sha256 };
  return { state: approval.sha256 === sha256 ? approval.decision : "changed", bytes, sha256, approval };
}

/** What a person types to allow something; the path of a store names the store too. */
export function allowLine(store: Named, word: string): string[] {
  return ["ayo", "allow", word, ...(path.isAbsolute(word) ? [] : storeFlags(store))];
}

/**
 * Why something called `title` takes no effect, in a sentence that says what to do; undefined where it does or was
 * denied. `cannot`: what it is that something broken cannot.
 */
export function whyNotAllowed(
  store: Named,
  title: string,
  { state, trouble, problem, words }: Pick<Effect, "state" | "trouble" | "problem" | "words">,
  cannot = "be used",
): string | undefined {
  const allow = allowLine(store, words[0]).map(quoteWord).join(" ");
  if (state === "broken") return `${title} cannot ${cannot}: ${problem?.message}`;
  if (trouble !== undefined && state !== "allowed") {
    return `${title} is not allowed: what was decided cannot be read (${trouble}); look at it, then run: ${allow}`;
  }
  if (state === "new") return `${title} is not allowed yet; run: ${allow}`;
  if (state === "changed") return `${title} was changed since it was allowed; look at it, then run: ${allow}`;
  return undefined;
}
