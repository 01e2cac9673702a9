import { CONTENT } from "./content.ts";
import { FINDING } from "./finding.ts";
import { LIFECYCLE } from "./lifecycle.ts";

type TicketVerbs = typeof FINDING & typeof LIFECYCLE & typeof CONTENT;

/** The verbs of single tickets. A line of a batch can name only these: the batch itself is a verb of the whole store. */
export const TICKET_VERBS: TicketVerbs = { ...FINDING, ...LIFECYCLE, ...CONTENT };
