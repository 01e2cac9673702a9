import { AyoError } from "../../error.ts";
import type { FrontMatterParser } from "../text/parseTicket.ts";
import { type FieldChanges, patchFields } from "../text/patchTicket.ts";
import { asPlainLines } from "../text/plainLines.ts";

/**
 * Changes front matter also where it is in a form that only people can change: its lines are written anew then.
 * @throws NeedsYaml, bad_ticket, bad_input
 */
export function patchSurely(
  source: string,
  changes: FieldChanges,
  path: string,
  frontMatter?: FrontMatterParser,
): string {
  try {
    return patchFields(source, changes, path, frontMatter);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "unpatchable") throw error;
    return patchFields(asPlainLines(source, path, frontMatter), changes, path, frontMatter);
  }
}
