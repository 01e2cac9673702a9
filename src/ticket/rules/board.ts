import type { DelegationLimits } from "./delegation.ts";

/** What a column means to every rule; the column's own name never matters. */
export const CATEGORIES = ["todo", "active", "blocked", "review", "done", "cancelled", "failed"] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a column may ask of a ticket that comes into it; each means what it means where work is finished. */
export const ENTER_CHECKS = ["criteria", "verify", "review", "output"] as const;
export type EnterCheck = (typeof ENTER_CHECKS)[number];

/** One column of the board; `id` is what stands in a ticket's `status:`. */
export interface Column {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  /** Groups columns of a multi-phase workflow. */
  readonly phase?: string;
  /** How many tickets the column should hold at most. */
  readonly limit?: number;
  /** Past its limit nobody moves a ticket into it; a person can by force. */
  readonly refuse?: true;
  /** Whom the tickets in it are for, whatever role they name: the phases of a workflow; in review, who reviews. */
  readonly role?: string;
  /** What agents that are started for its tickets are told besides: a name in `templates/prompts/`, or a file of the store. */
  readonly prompt?: string;
  /** What a ticket must have before it comes in. */
  readonly enter?: readonly EnterCheck[];
}

/** The columns, types and moves of a store. */
export interface Board {
  readonly columns: readonly Column[];
  /** The id of the column where new and reopened tickets go. */
  readonly initial: string;
  readonly types: readonly string[];
  /** From a column's id to those it may move to; a column without an entry may move anywhere. */
  readonly transitions?: Readonly<Record<string, readonly string[]>>;
  /** Whose work must be reviewed before it is done: of every ticket, or of these types. */
  readonly review?: "all" | readonly string[];
  /** A ticket with unticked acceptance criteria cannot be done or submitted. */
  readonly criteria?: "required";
  /** A ticket that names a schema cannot be done or submitted without an output that fits it. */
  readonly output?: "required";
  /** A ticket whose work ayo itself has not seen pass its commands cannot be done. */
  readonly verify?: "required";
  /** Which entries of agents.yml are these commands: of every ticket, or by type. */
  readonly verifyWith?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** A question that nobody answers in time has the answer that it proposed. */
  readonly defaultAnswers?: true;
  /** The branch that work must be on before those who wait for it can begin; undefined where being done is enough. */
  readonly landsOn?: string;
  /** How far agents may hand work on. */
  readonly delegation?: DelegationLimits;
}

/** The board of a store whose config.yml names none. */
export const DEFAULT_BOARD: Board = {
  columns: [
    { id: "open", name: "Open", category: "todo" },
    { id: "in_progress", name: "In progress", category: "active" },
    { id: "blocked", name: "Blocked", category: "blocked" },
    { id: "in_review", name: "In review", category: "review" },
    { id: "closed", name: "Closed", category: "done" },
    { id: "cancelled", name: "Cancelled", category: "cancelled" },
    { id: "failed", name: "Failed", category: "failed" },
  ],
  initial: "open",
  types: ["task", "bug", "feature", "epic", "chore", "component"],
};
