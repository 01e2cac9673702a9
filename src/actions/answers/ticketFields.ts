import { AyoError } from "../../error.ts";
import { FIELDS } from "../../ticket/ticket.ts";

const OF_EVERY_TICKET = [
  ..."id title status category type priority assignee deps links parent tags project created started closed".split(" "),
  ..."ready blockedBy blocks children claim criteria commits version path extra provider externalKey externalUrl".split(
    " ",
  ),
];
/** What some answers tell of a ticket besides: a page, a search, a change, the board, an undo, an export. */
const OF_SOME = [
  ..."pipelineStep body notes checklist reasons score snippet marks why from leftover shortVersion kind changes output outputState outputWhy outputFaults outputRefused".split(
    " ",
  ),
];

/** Every name that `fields` may ask for. */
export const TICKET_FIELDS: readonly string[] = [...new Set([...OF_EVERY_TICKET, ...Object.keys(FIELDS), ...OF_SOME])];

/**
 * @throws bad_input for a name that no answer has, with those that there are; `input` is where they were given
 */
export function assertFields(
  names: readonly string[],
  input = "fields",
  { of = "a ticket", allowed = TICKET_FIELDS }: { readonly of?: string; readonly allowed?: readonly string[] } = {},
): void {
  const unknown = names.filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return;
  const what = unknown.length === 1 ? `'${unknown[0]}' is no field` : `${unknown.join(", ")} are no fields`;
  throw new AyoError("bad_input", `${what} of ${of}; there are ${allowed.join(", ")}`, {
    data: { field: input, unknown, allowed },
  });
}
