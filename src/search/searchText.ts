import { SEARCH_FIELDS } from "../ticket/plainFields.ts";
import { isNamed, readLines, sectionsOf } from "../ticket/text/markdown.ts";
import { readBody } from "../ticket/text/parseTicket.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TemplateText, withoutComments, withoutTemplate } from "./templateText.ts";

/** What is searched of a ticket, part by part. */
export interface SearchText {
  readonly id: string;
  readonly title: string;
  /** Tags, and plain fields that are searched: project, what it is called elsewhere. */
  readonly tags: string;
  /** The body without title and notes, comments, and what a template brought and nobody changed. */
  readonly text: string;
  readonly notes: string;
  /** Subjects and ids of its commits. */
  readonly commits: string;
}

/** Of longer bodies the beginning is searched: what stands behind it is a log, not a description. In characters. */
export const MAX_SEARCHED = 1024 * 1024;

/** What is beside its file of a ticket. */
interface Surroundings {
  readonly templates: TemplateText;
  /** Subjects of commits that name it. */
  readonly commits?: readonly string[];
}

/** The searchable parts of a ticket, from the text of its file. */
export function searchText(ticket: Ticket, source: string, { templates, commits = [] }: Surroundings): SearchText {
  const { fields, title } = ticket;
  const body = withoutComments(readBody(source).slice(0, MAX_SEARCHED));
  const [text, notes] = splitNotes(body);
  const tags = [...(fields.tags ?? []), ...SEARCH_FIELDS.flatMap((name) => fields[name] ?? [])];
  return {
    id: ticket.id,
    title,
    tags: tags.join(" "),
    text: withoutTemplate(text.replace(/^\s*# .*(?:\r?\n|$)/, ""), title, templates)
      // A box is no word: `x` would be found in every ticked one.
      .replaceAll(/^([ \t]*[-*+][ \t]+)\[[ xX]\]/gm, "$1")
      .trim(),
    notes,
    commits: [...(fields.commits ?? []), ...commits].join("\n"),
  };
}

function splitNotes(body: string): readonly [text: string, notes: string] {
  if (!/^##[ \t]+notes/im.test(body)) return [body, ""];
  const sections = sectionsOf(readLines(body, 0)).filter((section) => isNamed(section, "Notes"));
  let text = "";
  let at = 0;
  for (const { start, end } of sections) {
    text += body.slice(at, start);
    at = end;
  }
  return [text + body.slice(at), sections.map(({ content, end }) => body.slice(content, end)).join("\n")];
}
