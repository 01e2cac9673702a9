import type { Draft } from "../../store/change/draft.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { Unread } from "../../store/files/storeFile.ts";
import type { Store } from "../../store/open/store.ts";
import { keptOutput } from "../../store/outputs/keptOutput.ts";
import { blobOf, MAX_OUTPUT, outputPath } from "../../store/outputs/outputFile.ts";
import { textOf } from "../../store/outputs/schemaFile.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Takes the output of a ticket away that goes. */
export function dropOutput({ dir }: Store, draft: Draft, { id }: Pick<Ticket, "id">): void {
  if (typeof textOf(dir, outputPath(id), MAX_OUTPUT, draft.files) === "string") draft.put(outputPath(id), null);
}

/** Has the outputs of tickets that a draft sets back be those that their texts name, as git has them. */
export async function bringOutputs(store: Store, draft: Draft, ids: readonly string[]): Promise<void> {
  for (const [file, text] of [...draft.files]) {
    const id = file.slice(file.lastIndexOf("/") + 1, -3);
    if (!file.endsWith(".md") || !ids.includes(id)) continue;
    const ticket = text === null ? undefined : await parseText(text, file);
    if (ticket !== undefined && "id" in ticket) await bringOutput(store, draft, ticket);
    else if (text === null && !isElsewhere(draft, id, file)) dropOutput(store, draft, { id });
  }
}

/** Puts the output that a ticket names where it belongs. Returns whether it is there then. */
export async function bringOutput(store: Store, draft: Draft, { id, fields }: Ticket): Promise<boolean> {
  const { outputId } = fields;
  if (outputId === undefined) {
    dropOutput(store, draft, { id });
    return true;
  }
  const now = textOf(store.dir, outputPath(id), MAX_OUTPUT, draft.files);
  if (typeof now === "string" && blobOf(now) === outputId) return true;
  const text = now instanceof Unread ? undefined : await keptOutput(store, outputId);
  if (text === undefined) return false;
  draft.put(outputPath(id), text);
  return true;
}

/** A file that moves goes at one place and comes at another. */
function isElsewhere({ files }: Draft, id: string, gone: string): boolean {
  return [...files].some(([file, text]) => file !== gone && text !== null && file.endsWith(`${id}.md`));
}
