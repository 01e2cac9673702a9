import fc from "fast-check";

/** Verbs that the actors use. */
const VERBS = ["note", "update", "create", "close", "reopen", "claim", "release", "dep", "link", "batch"] as const;
const RARE_VERBS = ["archive", "undo", "delete"] as const;
export type Verb = (typeof VERBS)[number] | (typeof RARE_VERBS)[number];

/** What a person does to a ticket's file: all but `held` is over at once. */
const HAND = ["append", "held", "field", "rename-save", "new"] as const;
const RARE_HAND = ["delete", "break", "copy"] as const;
export type Hand = (typeof HAND)[number] | (typeof RARE_HAND)[number];

/** What a person does in the store's repository. */
const GIT = ["log", "gc", "commit", "side", "back", "pull"] as const;
export type Git = (typeof GIT)[number];

/** A command of one of four actors; the first is the person. */
export interface RunStep {
  readonly do: "run";
  readonly actor: number;
  readonly verb: Verb;
  /** Which of the tickets known by then, counted round. */
  readonly of: number;
  readonly other: number;
  /** Where it stands still, or dies: before this call of the disk. */
  readonly at: { readonly call: number; readonly by: "SIGSTOP" | "SIGKILL" } | null;
  /** Whether the next step waits until it has ended or stands still. */
  readonly wait: boolean;
}

/** One step of a play; after `settle` everybody has ended and the store is judged. */
export type Step =
  | RunStep
  | { readonly do: "resume" | "kill"; readonly actor: number }
  | { readonly do: "hand"; readonly what: Hand; readonly of: number }
  | { readonly do: "git"; readonly what: Git; readonly of: number }
  | { readonly do: "settle" };

const actor = fc.nat(3);
const of = fc.nat(5);
/** A change has about two hundred calls of the disk. */
const call = fc.integer({ min: 1, max: 260 });

const run = fc.record({
  do: fc.constant("run" as const),
  actor,
  verb: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...VERBS) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE_VERBS) },
  ),
  of,
  other: of,
  at: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.record({ call, by: fc.constant("SIGSTOP" as const) }) },
    { weight: 1, arbitrary: fc.record({ call, by: fc.constant("SIGKILL" as const) }) },
  ),
  wait: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

const hand = fc.record({
  do: fc.constant("hand" as const),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...HAND) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE_HAND) },
  ),
  of,
});

const git = fc.record({ do: fc.constant("git" as const), what: fc.constantFrom(...GIT), of });

/** A step of a play. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: run },
  { weight: 6, arbitrary: hand },
  { weight: 3, arbitrary: git },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("resume" as const), actor }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), actor }) },
  { weight: 1, arbitrary: fc.constant({ do: "settle" as const }) },
);
