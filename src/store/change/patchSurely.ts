import { AyoError } from "../../error.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { withYaml } from "../disk/readFile.ts";
import type { Draft } from "./draft.ts";

/**
 * Changes front matter that must not stay as somebody wrote it: where it is in a form that only people can change, its
 * lines are written anew. A form would be a way past the store's own marks, and keep everybody else from writing.
 */
export async function patchSurely(draft: Draft, ticket: Ticket, changes: FieldChanges): Promise<void> {
  try {
    await draft.patch(ticket, changes);
  } catch (error) {
    if (!(error instanceof AyoError && error.code === "unpatchable")) throw error;
    const source = draft.read(ticket);
    const { asPlainLines } = await import("../../ticket/text/plainLines.ts");
    draft.write(ticket, await withYaml((frontMatter) => asPlainLines(source, ticket.path, frontMatter)));
    await draft.patch(ticket, changes);
  }
}
