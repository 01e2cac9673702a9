import type { FilterField, PlainValues } from "../../ticket/plainFields.ts";
import { comparePlaced } from "../../ticket/rank.ts";
import type { IdentifiedNote } from "../../ticket/ticket.ts";
import { say } from "../words/say.ts";

/** A ticket as the board needs it; see Ticket in /api/openapi.json. */
export interface Card extends Omit<Pick<PlainValues, FilterField>, "project"> {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: Category | null;
  readonly type: string | null;
  readonly priority: number;
  /** Its place by hand among those of its priority. */
  readonly rank?: string | undefined;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly deps: readonly string[];
  readonly links: readonly string[];
  readonly commits: readonly string[];
  readonly question?: string;
  /** What a tracker calls it: `ENG-12`. */
  readonly externalKey?: string;
  /** Where a browser finds it there. */
  readonly externalUrl?: string;
  /** Of a run its pipeline, and the steps that it has made; of what a run made that run, and the step. */
  readonly pipeline?: string;
  readonly pipelineSteps?: readonly string[];
  readonly pipelineRun?: string;
  readonly pipelineStep?: string;
  /** What was changed by hand past a gate, and waits for a person. */
  readonly unconfirmed?: readonly string[];
  readonly parent: string | null;
  readonly project: string | null;
  readonly authors?: readonly string[];
  readonly claim: {
    readonly by: string;
    readonly until: string | null;
    readonly branch?: string | null;
    /** Others could not be asked yet whether it is theirs. */
    readonly confirmed?: false;
  } | null;
  readonly criteria: { readonly done: number; readonly total: number };
  readonly blockedBy: readonly string[];
  readonly ready: boolean;
  readonly created: string | null;
  readonly started: string | null;
  readonly closed: string | null;
  /** The beginning of its version: random digits are most of what a board of thousands weighs. */
  readonly shortVersion: string;
}

/** What a column means; its name never matters. */
export type Category = "todo" | "active" | "blocked" | "review" | "done" | "cancelled" | "failed";

/** A column of the board's configuration. */
export interface Column {
  readonly id: string;
  readonly name: string;
  readonly category: Category | null;
  readonly phase?: string;
  readonly limit?: number | null;
  /** Whom its tickets are for. */
  readonly role?: string;
}

/** What the server tells of a store. */
export interface Config {
  readonly workflow: string;
  readonly dir: string;
  readonly version: string;
  readonly actor: { readonly name: string; readonly agent: boolean };
  readonly board: {
    readonly columns: readonly Column[];
    readonly initial: string;
    readonly types: readonly string[];
    readonly transitions?: Readonly<Record<string, readonly string[]>>;
  };
  /** Names of the events of the stream. */
  readonly events: readonly string[];
  /** Where the stream of events stood; who reads tickets after that and listens from there misses nothing. */
  readonly position: string | null;
  /** Another text for another config.yml, as the stream says it. */
  readonly config: string;
  /** What can be done with a ticket: `start`, `close`, … */
  readonly verbs: readonly string[];
  /** What a page offers of that, the likeliest first: by the ticket's category, and where it waits for a person's yes. */
  readonly offers: Readonly<Record<Category | "unconfirmed", readonly Offer[]>>;
  /** What config.yml names under `views`. */
  readonly views: readonly SavedView[];
}

/** A filter with a name, and how it is looked at. */
export interface SavedView {
  readonly name: string;
  readonly filter: string;
  readonly sort?: string;
  readonly group?: string;
  /** The rows across the columns. */
  readonly lanes?: string;
}

/** Something that can be done with a ticket, and the question that is asked before. */
export interface Offer {
  readonly verb: string;
  readonly asks?: string;
}

/** A file that cannot be read as a ticket. */
export interface FileProblem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** One thing that needs who looks at the page; see Inbox in /api/openapi.json. */
export interface Line {
  /** What the server calls it, always the same. */
  readonly key: string;
  readonly kind: string;
  /** The ticket; the file's name where it cannot be read, `config` for config.yml. */
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly at: string | null;
  readonly text: string;
  /** The answers that a question offers, and which of them holds where nobody answers by when. */
  readonly options?: readonly string[];
  readonly defaultAnswer?: string;
  readonly answerBy?: string;
  /** The command to act. */
  readonly act: string;
}

/** A ticket by name only. */
export interface Named {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

/** A file of a ticket. */
export interface AttachedFile {
  readonly name: string;
  /** As texts name it. */
  readonly path: string;
  /** In bytes; null where it cannot be read, as `why` says. */
  readonly size: number | null;
  readonly type: string;
  readonly width?: number;
  readonly height?: number;
  readonly why?: string;
}

/** Everything about one ticket. */
export interface Shown {
  readonly ticket: Omit<Card, "shortVersion"> &
    Omit<PlainValues, "project"> & {
      readonly version: string;
      readonly body: string;
      readonly notes: readonly IdentifiedNote[];
      readonly checklist: readonly { readonly n: number; readonly done: boolean; readonly text: string }[];
      readonly reasons: readonly string[];
      readonly blockedReason?: string;
      /** The tracker that it came from, until a person says that agents may work on it. */
      readonly origin?: string;
      /** The answers that its question offers, and which of them holds where nobody answers by when. */
      readonly answerOptions?: readonly string[];
      readonly defaultAnswer?: string;
      readonly answerBy?: string;
      readonly outputSchema?: string;
      /** What its work made, and whether that is what was handed in and fits. */
      readonly output?: unknown;
      readonly outputState?: "valid" | "unverified";
      readonly outputWhy?: string;
      readonly outputFaults?: readonly { readonly pointer: string; readonly message: string }[];
      readonly outputRefused?: unknown;
      readonly path: string;
      readonly extra: Readonly<Record<string, unknown>>;
    };
  readonly attachments?: readonly AttachedFile[];
  readonly waitsFor: readonly (Named & {
    readonly state: string;
    readonly base?: string;
    readonly unlanded?: readonly string[];
  })[];
  readonly unlocks: readonly Named[];
  readonly parent: Named | null;
  readonly children: readonly Named[];
  readonly links: readonly Named[];
  readonly linkedCommits: readonly {
    readonly oid: string;
    readonly subject: string | null;
    readonly author: string | null;
    readonly date: string | null;
  }[];
  readonly text: string;
  /** What a tracker calls it, and how it stands with that. */
  readonly item?: {
    readonly tracker: string;
    readonly key: string;
    readonly url: string;
    readonly state: "creating" | "linked" | "archived" | "detached" | "severed" | "unread";
    readonly why?: string;
  };
  /** How its work stands with what ayo runs for it. */
  readonly verification?: {
    readonly head: string | null;
    readonly elsewhere: boolean;
    readonly entries: readonly {
      readonly name: string;
      readonly state: "passed" | "doubtful" | "failed" | "open";
      readonly why: string;
      /** The command, as agents.yml has it now. */
      readonly run: string | null;
      readonly at: string | null;
      readonly by: string | null;
      readonly ms: number | null;
      readonly exit: number | null;
      readonly tail: string;
    }[];
  };
}

/** A ticket that may be about the same as a new one. */
export interface Alike extends Named {
  readonly category: Category | null;
}

/** What a change answers. */
export interface Written {
  readonly tickets?: readonly Card[];
  readonly ticket?: Card;
  readonly commit: string | null;
  readonly deferred?: string;
  readonly notices?: readonly string[];
  /** Of a new ticket. */
  readonly similar?: readonly Alike[];
  readonly nowReady?: readonly { readonly id: string; readonly title: string }[];
}

/** What a claim means: in review it is its author's mark, or a reviewer's claim. */
export function claimName({ category, claim, authors = [] }: Pick<Card, "category" | "claim" | "authors">): string {
  if (category !== "review" || claim === null) return say.data.claimedBy;
  return authors.length > 0 && !authors.includes(claim.by) ? say.data.reviewedBy : say.data.workOf;
}

/** Whether no more work is expected. */
export function isFinished({ category }: { readonly category: Category | null }): boolean {
  return category === "done" || category === "cancelled" || category === "failed";
}

/** The order in which unfinished tickets are offered: by priority, then by hand, then by age. */
export function compareCards(left: Card, right: Card): number {
  return left.priority - right.priority || comparePlaced(left, right);
}
