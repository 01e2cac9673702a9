import { type SearchText, searchText } from "../../search/searchText.ts";
import { type TemplateText, templateText } from "../../search/templateText.ts";
import type { Store } from "../../store/open/store.ts";
import { ownTemplates, packagedTemplates } from "../../store/open/template.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { readText } from "./places.ts";

/** The texts of a store's tickets as they are searched: without comments, and what templates brought. */
export interface TicketTexts {
  readonly templates: TemplateText;
  /** Undefined when the file is gone or unreadable by now. */
  of(ticket: Ticket, commits?: readonly string[]): SearchText | undefined;
}

/** Reads templates when they are first needed, and tickets as they are asked for. */
export function ticketTexts(store: Store): TicketTexts {
  let templates: TemplateText | undefined;
  const texts: TicketTexts = {
    get templates() {
      templates ??= templateText([...ownTemplates(store), ...packagedTemplates()]);
      return templates;
    },
    of: (ticket, commits = []) => {
      const source = readText(store, ticket);
      return source === undefined ? undefined : searchText(ticket, source, { templates: texts.templates, commits });
    },
  };
  return texts;
}
