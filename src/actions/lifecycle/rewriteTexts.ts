import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { readTemplate } from "../../store/open/template.ts";
import { addCriteria, asBoxes } from "../../ticket/text/addCriteria.ts";
import { readDescription, readSection, setDescription, setSection } from "../../ticket/text/body.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import * as check from "../input/checkInput.ts";

/** What an update says of texts. */
interface Texts {
  readonly description?: string | undefined;
  readonly design?: string | undefined;
  readonly acceptance?: string | undefined;
  readonly addAcceptance?: readonly string[] | undefined;
  readonly replace?: boolean | undefined;
  readonly ifMatch?: string | undefined;
}

/** One part of a ticket's text that an update can replace. */
interface Part {
  readonly name: "description" | "design" | "acceptance";
  readonly read: (source: string) => string;
  readonly write: (source: string, text: string) => string;
}

const PARTS: readonly Part[] = [
  { name: "description", read: readDescription, write: setDescription },
  sectionPart("design", "Design"),
  sectionPart("acceptance", "Acceptance Criteria"),
];

function sectionPart(name: Part["name"], heading: string): Part {
  return {
    name,
    read: (source) => readSection(source, heading) ?? "",
    write: (source, text) => setSection(source, heading, name === "acceptance" && text !== "" ? asBoxes(text) : text),
  };
}

/**
 * Writes the description, design and criteria that an update has.
 * @throws conflict where a text of somebody else's would be replaced without a word for it
 */
export function rewriteTexts(store: Store, draft: Draft, ticket: Ticket, input: Texts): void {
  for (const part of PARTS) {
    const { [part.name]: text } = input;
    if (text !== undefined) rewrite(store, draft, ticket, { part, text: check.checkText(part.name, text), input });
  }
  const criteria = (input.addAcceptance ?? []).map((text) => check.checkWord("addAcceptance", text));
  draft.write(ticket, addCriteria(draft.read(ticket), criteria));
}

interface Rewriting {
  readonly part: Part;
  readonly text: string;
  readonly input: Texts;
}

/** Replacing a text that somebody wrote needs a word for it: a version, or `replace`. */
function rewrite(store: Store, draft: Draft, ticket: Ticket, { part, text, input }: Rewriting): void {
  const source = draft.read(ticket);
  const old = part.read(source);
  const written = part.write(source, text);
  const blank = readTemplate(store, ticket.fields.type ?? "").text;
  const isBlank = old === "" || (blank !== undefined && old === part.read(`---\n---\n${blank}`));
  if (!isBlank && old !== part.read(written) && input.ifMatch === undefined && !input.replace) {
    const has = part.name === "acceptance" ? "acceptance criteria" : `a ${part.name}`;
    throw new AyoError(
      "conflict",
      `${ticket.id} has ${has}; say --replace or --if-match ${ticket.version.slice(0, 12)}`,
      {
        try: ["ayo", "ticket", "note", ticket.id, "-"],
        data: { id: ticket.id, version: ticket.version, [part.name]: old },
      },
    );
  }
  if (old !== part.read(written)) draft.write(ticket, written);
}
