import { AyoError } from "../../error.ts";
import { PLAIN_FIELDS } from "../../ticket/plainFields.ts";

/** What takes the value of a field away, where null says so (RFC 7396). */
const NOTHING: Readonly<Record<string, string | readonly string[]>> = {
  assignee: "",
  parent: "",
  ...Object.fromEntries(PLAIN_FIELDS.map((name) => [name, ""])),
  description: "",
  design: "",
  acceptance: "",
  review: "",
  color: "",
  lead: "",
  tags: [],
  deps: [],
};
/** What every ticket has. */
const NEEDED = ["title", "type", "priority", "status", "extra"];
/** What is written below the front matter: replacing it needs a word for it, and null, or the type of a patch, is one. */
const TEXTS = ["description", "design", "acceptance"];
/** The type of a body that says what a resource is to become. */
export const PATCH_TYPE = "application/merge-patch+json";

/** Fields that null takes away. */
export const CLEARABLE: readonly string[] = Object.keys(NOTHING);

/** Whether a PATCH replaces texts that are there: one that is a merge patch, or that takes texts away and sets none. */
export function replacesTexts(type: string, body: Readonly<Record<string, unknown>>): boolean {
  const given = TEXTS.filter((name) => body[name] !== undefined);
  return given.length > 0 && (type === PATCH_TYPE || given.every((name) => body[name] === null));
}

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
