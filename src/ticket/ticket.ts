/** How a front matter value is read and written. `list` accepts a single scalar too. */
export type FieldKind = "text" | "list" | "int" | "time";

/** What is known of a key of the front matter. */
export type FieldRow =
  | {
      readonly key: string;
      readonly kind: FieldKind;
      /** JSON has it wherever it is set, under its name in code. */
      readonly json?: true;
      /** Another spelling that is read. */
      readonly also?: string;
    }
  | {
      readonly key: string;
      readonly kind: Exclude<FieldKind, "int">;
      readonly plain: PlainField;
      readonly also?: undefined;
    };

/**
 * A field that people set as they like: no rule and no command of its own. It has a flag of `create` and `update`, may
 * be emptied, and is in JSON and on the page of `show` wherever it is set.
 */
export interface PlainField {
  /** The help of its flag. */
  readonly help: string;
  /** The same for `update`, where it is not the help with "; '' for none" behind it. */
  readonly update?: string;
  /** By `key`, queries have the filters `key:value` and `has:key`; by `flag`, lists have a flag of its name too. */
  readonly filter?: "key" | "flag";
  /** The board's page of a ticket has an input for it. */
  readonly board?: true;
  /** Its words are searched as tags are. */
  readonly search?: true;
  /** It has one of these values, and no other. */
  readonly oneOf?: readonly string[];
}

/**
 * Every key of the front matter that ayo knows (explained in templates/guide/files.md), by its name in code and JSON.
 * A new field is one line here; what follows of a plain one is in plainFields.ts. Keys in files are kebab-case;
 * snake_case spellings are read.
 */
export const FIELDS = {
  id: { key: "id", kind: "text" },
  status: { key: "status", kind: "text" },
  deps: { key: "deps", kind: "list" },
  links: { key: "links", kind: "list" },
  created: { key: "created", kind: "time" },
  type: { key: "type", kind: "text" },
  priority: { key: "priority", kind: "int" },
  rank: { key: "rank", kind: "text", json: true },
  assignee: { key: "assignee", kind: "list" },
  tags: { key: "tags", kind: "list" },
  parent: { key: "parent", kind: "text" },
  project: {
    key: "project",
    kind: "text",
    plain: { help: "a name to group by", update: "project; '' for none", filter: "flag", board: true, search: true },
  },
  externalRef: {
    key: "external-ref",
    kind: "text",
    plain: {
      help: "what it is called elsewhere: gh-123, JIRA-9",
      update: "what it is called elsewhere; '' for nothing",
      board: true,
      search: true,
    },
  },
  duplicateOf: { key: "duplicate-of", kind: "text", json: true },
  due: { key: "due", kind: "time", plain: { help: "a date, or a duration from now", filter: "key", board: true } },
  started: { key: "started", kind: "time" },
  closed: { key: "closed", kind: "time" },
  claimedBy: { key: "claimed-by", kind: "text" },
  lease: { key: "lease", kind: "time" },
  claim: { key: "claim", kind: "text" },
  claimBranch: { key: "claim-branch", kind: "text" },
  claimHead: { key: "claim-head", kind: "text" },
  dispatched: { key: "dispatched", kind: "text", json: true },
  origin: { key: "origin", kind: "text", json: true },
  authors: { key: "authors", kind: "list", json: true },
  unconfirmed: { key: "unconfirmed", kind: "list", json: true },
  delegatedBy: {
    key: "delegated-by",
    kind: "text",
    plain: { help: "who handed it on to whoever does it", filter: "flag" },
  },
  discoveredFrom: { key: "discovered-from", kind: "text", json: true },
  team: { key: "team", kind: "text", plain: { help: "the team that it is for: @backend", filter: "key" } },
  collaborators: { key: "collaborators", kind: "list", json: true },
  mode: {
    key: "mode",
    kind: "text",
    plain: { help: "how an agent goes about it", oneOf: ["chat", "plan", "auto"], filter: "key" },
  },
  pipeline: { key: "pipeline", kind: "text", json: true },
  pipelineRun: { key: "pipeline-run", kind: "text", json: true },
  pipelineInput: { key: "pipeline-input", kind: "text", json: true },
  pipelineSteps: { key: "pipeline-steps", kind: "list", json: true },
  attachments: { key: "attachments", kind: "list", json: true },
  outputSchema: { key: "output-schema", kind: "text", json: true, also: "expected-output" },
  outputId: { key: "output", kind: "text", json: true },
  role: {
    key: "role",
    kind: "text",
    plain: {
      help: "who should do it: worker (also where none is named), manager, reviewer, or your own",
      update: "who should do it: worker, manager, reviewer, or your own; '' for none",
    },
  },
  blockedReason: { key: "blocked-reason", kind: "text", json: true },
  question: { key: "question", kind: "text", json: true },
  answerOptions: { key: "answer-options", kind: "list", json: true },
  defaultAnswer: { key: "default-answer", kind: "text", json: true },
  answerBy: { key: "answer-by", kind: "time", json: true },
  review: { key: "review", kind: "text", json: true },
  reviewer: {
    key: "reviewer",
    kind: "list",
    plain: {
      help: "who reviews it, roles or names: security, @rex, Mara Lind",
      update: "who reviews it, roles or names: security, @rex; '' for whoever its column says",
    },
  },
  verify: { key: "verify", kind: "list", json: true },
  verified: { key: "verified", kind: "text", json: true },
  wish: { key: "wish", kind: "text", json: true },
  once: { key: "once", kind: "text" },
  commits: { key: "commits", kind: "list" },
  landed: { key: "landed", kind: "text", json: true },
  unlanded: { key: "unlanded", kind: "text", json: true },
} as const satisfies Record<string, FieldRow>;

/** A field's name in code and JSON: `externalRef`. */
export type FieldName = keyof typeof FIELDS;

type ValueOf<K extends FieldKind> = K extends "list" ? readonly string[] : K extends "int" ? number : string;

/** The known fields that a front matter sets; a field that is absent, empty or null is missing here. */
export type Fields = { readonly [F in FieldName]?: ValueOf<(typeof FIELDS)[F]["kind"]> };

/** A value that JSON can carry, as found under unknown keys. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What the index keeps of a ticket: everything but its text. */
export interface Ticket {
  /** The `id:` of the front matter, else the file name without `.md`. */
  readonly id: string;
  /** From the store's directory, with `/`: `ayo-x7k2.md`, `archive/2026-11/ayo-x7k2.md`. */
  readonly path: string;
  /** The git blob id of the file's bytes: 40 hex digits. */
  readonly version: string;
  readonly title: string;
  /** The status as written, or "" where the file has none. */
  readonly status: string;
  readonly fields: Fields;
  /** Unknown keys, as they are spelled in the file. */
  readonly extra: Readonly<Record<string, Json>>;
  /** Acceptance criteria: how many are ticked, and how many there are. */
  readonly criteria: { readonly done: number; readonly total: number };
  /** What in its text still calls for somebody (calls.ts), where anything does. */
  readonly calls?: readonly string[] | undefined;
  /** What is known without reading the rest, where a cache has it; lists of thousands ask for it first. */
  readonly known?: Known;
}

/** What a cache knows of a ticket beside its name, title and status. */
export interface Known {
  /** Whether nobody holds it, nothing of it waits for a person's yes, and it is no run of a pipeline. */
  readonly isUnmarked: boolean;
  /** Whether it is assigned to an agent. */
  readonly isForAgent: boolean;
  /** Whether it has commits that are not known to be on the base branch. */
  readonly isUnlanded: boolean;
  /** The ids that it waits for. */
  readonly deps: readonly string[];
  readonly hasDeps: boolean;
  readonly hasParent: boolean;
  /** Whether it is a part of another, or was made by an agent. */
  readonly hasKin: boolean;
  readonly hasReviewer: boolean;
  /** Whether it waits for, or is a part of, what was no active ticket when the cache was written. */
  readonly hasAbsent: boolean;
  readonly priority: number;
  /** All of it, read at once: sooner for whoever asks for many of its fields. */
  readonly whole: Ticket;
  /** One of its fields. */
  field<N extends FieldName>(name: N): Fields[N] | undefined;
  readonly calls?: readonly string[] | undefined;
  /** Its place in the order of ready lists, among the tickets that have the same `among`. */
  readonly place: number;
  readonly among: object;
  /** Whether its version begins with the 16 characters of `text` from `at` on; no text is made of it. */
  hasVersion(text: string, at: number): boolean;
}

/** One field of a ticket, of thousands without reading the others. */
export function fieldOf<N extends FieldName>(ticket: Ticket, name: N): Fields[N] | undefined {
  return ticket.known === undefined ? ticket.fields[name] : ticket.known.field(name);
}

/** What in a ticket's text still calls for somebody, of thousands without reading the others. */
export function callsOf(ticket: Ticket): readonly string[] | undefined {
  return ticket.known === undefined ? ticket.calls : ticket.known.calls;
}

/** A ticket like another but for some parts; a ticket of a cache has no parts to spread. */
export function ticketWith(
  { id, path, version, title, status, fields, extra, criteria }: Ticket,
  changes: Partial<Omit<Ticket, "known">>,
): Ticket {
  return { id, path, version, title, status, fields, extra, criteria, ...changes };
}

/** A timestamped remark in the `## Notes` section. */
export interface Note {
  /** As written in the file, e.g. `2026-11-21T03:40:00Z`. */
  readonly at: string;
  /** `@coder`, or null where the note does not say. */
  readonly by: string | null;
  readonly text: string;
}

/** A note with what it is called in its ticket: 8 hex digits, made of the note alone. */
export interface IdentifiedNote extends Note {
  readonly id: string;
}

/** One `- [ ]` line under `## Acceptance Criteria`; `n` counts from 1. */
export interface Criterion {
  readonly n: number;
  readonly done: boolean;
  readonly text: string;
}

/** A file that could not be read as a ticket, or only in part. */
export interface Problem {
  readonly path: string;
  /** From 1; 0 where no line can be named. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}
