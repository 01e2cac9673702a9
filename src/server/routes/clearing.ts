import { AyoError } from "../../error.ts";
import { PLAIN_FIELDS } from "../../ticket/plainFields.ts";

/** What takes the value of a field away, where null says so (RFC 7396). */
const NOTHING: Readonly<Record<string, string | readonly string[]>> = {
  assignee: "",
  parent: "",
  ...Object.fromEntries(PLAIN_FIELDS.map((name) => [name, ""])),
  description: "",
  tags: [],
  deps: [],
};
/** What every ticket has. */
const NEEDED = ["title", "type", "priority"];

/** Fields that null takes away. */
export const CLEARABLE: readonly string[] = Object.keys(NOTHING);

/**
 * What null means for a field of a ticket; undefined where it means that nothing is given.
 * @throws bad_input for a field that every ticket has
 */
export function nothingFor(field: string): string | readonly string[] | undefined {
  if (NEEDED.includes(field)) {
    throw new AyoError("bad_input", `${field} cannot be null: every ticket has one`, { data: { field } });
  }
  return NOTHING[field];
}
