import * as v from "valibot";
import { attachmentBytes } from "../../store/attachments/attachmentFiles.ts";
import { listArchive } from "../../store/disk/archive/archiveFolders.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { Unread } from "../../store/files/storeFile.ts";
import type { Store } from "../../store/open/store.ts";
import { projectText, readProject } from "../../store/projects/projectFiles.ts";
import { attachedNames, attachmentPath } from "../../ticket/attachments.ts";
import { isSlug } from "../../ticket/project.ts";
import { readBody } from "../../ticket/text/parseTicket.ts";
import type { FieldName, Problem, Ticket } from "../../ticket/ticket.ts";
import { namedThere, ticketJson } from "../answers/describe.ts";
import { notesNow } from "../answers/notesNow.ts";
import { action, flag, optionalList } from "../input/action.ts";
import { exportedOutput } from "./exportedOutput.ts";
import { markdownBoard } from "./markdown.ts";
import { readTickets } from "./readTickets.ts";

/** How many tickets an export holds, and what is left out: the archive, and files that cannot be read. */
export interface ExportSummary {
  readonly total: number;
  readonly archived: number;
  readonly problems: readonly Problem[];
}

/** An export that is made while it is read: a store of any size never stands in memory as one text. */
export interface Exported {
  /** The text in pieces. */
  readonly chunks: AsyncIterable<string>;
  /** Complete after the last piece. */
  summary(): ExportSummary;
}

/** `ayo export`: JSON lines that `ayo import` reads back, or the board as markdown. */
export const exportTickets = action({
  name: "export",
  summary: "Print every ticket in full as JSON lines, or the board as markdown",
  writes: false,
  input: v.object({
    format: v.optional(v.pipe(v.picklist(["jsonl", "markdown"]), v.description("jsonl (for ayo import) or markdown"))),
    all: flag("the archive too"),
    fields: optionalList("keep only these fields of JSON lines"),
  }),
  run: async (store, input): Promise<Exported> => {
    const view = await readStore(store);
    const problems: Problem[] = [...view.problems];
    let total = 0;
    const count = async function* (): ReturnType<typeof readTickets> {
      for await (const read of readTickets(store, view, { archive: input.all === true, problems })) {
        total++;
        yield read;
      }
    };
    const fields = input.fields?.flatMap((names) => names.split(","));
    const chunks =
      input.format === "markdown"
        ? markdownBoard(view, count())
        : jsonLines(store, view, count(), { fields, problems });
    // The board is to be read, and has no archive.
    const archived = input.all === true || input.format === "markdown" ? 0 : listArchive(store.dir).files.length;
    return { chunks, summary: () => ({ total, archived, problems }) };
  },
});

async function* jsonLines(
  store: Store,
  view: View,
  tickets: ReturnType<typeof readTickets>,
  { fields, problems }: { readonly fields: readonly string[] | undefined; readonly problems: Problem[] },
): AsyncGenerator<string> {
  const schemas = new Set<string>();
  const projects = new Set<string>();
  const hasProject = fields === undefined || fields.includes("projectText");
  const hasOutput = fields === undefined || fields.some((name) => /^output(?:SchemaJson)?$/.test(name));
  for await (const { ticket, text } of tickets) {
    const notes = notesNow(view, ticket, text);
    const output = hasOutput ? await exportedOutput(store, ticket, schemas, problems) : {};
    const project = hasProject ? await exportedProject(store, ticket, projects, problems) : {};
    const files =
      fields === undefined || fields.includes("attachedFiles") ? exportedFiles(store, ticket, problems) : {};
    const record = {
      ...ticketJson(view, ticket),
      ...namedThere(view, ticket),
      ...unnamed(ticket),
      ...output,
      ...project,
      ...files,
      body: readBody(text),
      notes,
    };
    yield `${JSON.stringify(fields === undefined ? record : keep(record, fields))}\n`;
  }
}

/** What was attached to a ticket, as base64 by name; what cannot be read is told, and left out. */
function exportedFiles({ dir }: Store, { id, fields }: Ticket, problems: Problem[]): { attachedFiles?: object } {
  const names = attachedNames(id, fields.attachments);
  const files = names.flatMap((name): [string, string][] => {
    const file = attachmentPath(id, name);
    const bytes = attachmentBytes(dir, file);
    if (bytes instanceof Buffer) return [[name, bytes.toString("base64")]];
    problems.push({
      path: file,
      line: 0,
      code: "unreadable",
      message: bytes instanceof Unread ? bytes.message : "not there",
    });
    return [];
  });
  return files.length === 0 ? {} : { attachedFiles: Object.fromEntries(files) };
}

/** The file of a ticket's project as text, in the first line that names it; one that cannot be read is told, and left out. */
async function exportedProject(
  store: Store,
  { fields: { project } }: Ticket,
  told: Set<string>,
  problems: Problem[],
): Promise<{ readonly projectText?: string }> {
  if (project === undefined || told.has(project)) return {};
  told.add(project);
  const read = isSlug(project) ? await readProject(store.dir, project) : undefined;
  if (read !== undefined && !("slug" in read)) problems.push(read);
  const text = await projectText(store.dir, project);
  return text === undefined ? {} : { projectText: text };
}

function keep(record: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => field in record).map((field) => [field, record[field]]));
}

/** What a ticket's JSON has under other names, when there is a claim. */
const CLAIM: readonly FieldName[] = ["claimedBy", "lease", "claim", "claimBranch", "claimHead"];
/** Fields that a ticket's JSON has under their own names even where they are not set. */
const NAMED: readonly FieldName[] = [
  ...(["id", "status", "deps", "links", "created", "type", "priority", "assignee", "tags", "parent"] as const),
  ...(["project", "started", "closed", "commits"] as const),
];

/** The fields that lists leave out and a copy must not lose. */
function unnamed({ fields }: Ticket): Partial<Record<FieldName, unknown>> {
  const isElsewhere = (name: FieldName): boolean =>
    NAMED.includes(name) || (fields.claimedBy !== undefined && CLAIM.includes(name));
  return Object.fromEntries(
    (Object.keys(fields) as FieldName[])
      .filter((name) => fields[name] !== undefined && !isElsewhere(name))
      .map((name) => [name, fields[name]]),
  );
}
