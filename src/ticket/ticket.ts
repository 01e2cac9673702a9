/** How a front matter value is read and written. `list` accepts a single scalar too. */
export type FieldKind = "text" | "list" | "int" | "time";

/**
 * Every key of the front matter that ayo knows (explained in templates/guide/files.md), by its name in code and JSON.
 * A new field is one line here. Keys in files are kebab-case; snake_case spellings are read.
 */
export const FIELDS = {
  id: { key: "id", kind: "text" },
  status: { key: "status", kind: "text" },
  deps: { key: "deps", kind: "list" },
  links: { key: "links", kind: "list" },
  created: { key: "created", kind: "time" },
  type: { key: "type", kind: "text" },
  priority: { key: "priority", kind: "int" },
  assignee: { key: "assignee", kind: "list" },
  tags: { key: "tags", kind: "list" },
  parent: { key: "parent", kind: "text" },
  project: { key: "project", kind: "text" },
  externalRef: { key: "external-ref", kind: "text" },
  duplicateOf: { key: "duplicate-of", kind: "text" },
  due: { key: "due", kind: "time" },
  started: { key: "started", kind: "time" },
  closed: { key: "closed", kind: "time" },
  claimedBy: { key: "claimed-by", kind: "text" },
  lease: { key: "lease", kind: "time" },
  claim: { key: "claim", kind: "text" },
  claimBranch: { key: "claim-branch", kind: "text" },
  claimHead: { key: "claim-head", kind: "text" },
  authors: { key: "authors", kind: "list" },
  unconfirmed: { key: "unconfirmed", kind: "list" },
  delegatedBy: { key: "delegated-by", kind: "text" },
  team: { key: "team", kind: "text" },
  collaborators: { key: "collaborators", kind: "list" },
  mode: { key: "mode", kind: "text" },
  pipelineRun: { key: "pipeline-run", kind: "text" },
  attachments: { key: "attachments", kind: "list" },
  role: { key: "role", kind: "text" },
  blockedReason: { key: "blocked-reason", kind: "text" },
  question: { key: "question", kind: "text" },
  review: { key: "review", kind: "text" },
  reviewer: { key: "reviewer", kind: "list" },
  once: { key: "once", kind: "text" },
  commits: { key: "commits", kind: "list" },
} as const satisfies Record<string, { key: string; kind: FieldKind }>;

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
}

/** A timestamped remark in the `## Notes` section. */
export interface Note {
  /** As written in the file, e.g. `2026-11-21T03:40:00Z`. */
  readonly at: string;
  /** `@coder`, or null where the note does not say. */
  readonly by: string | null;
  readonly text: string;
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
