import path from "node:path";
import type { View } from "../../store/disk/view.ts";
import type { Problem } from "../../ticket/ticket.ts";

/** What is wrong with a ticket's file; a ticket that cannot be read is not gone. */
export function problemIn({ problems }: View, id: string): Problem | undefined {
  return problems.find(({ path: file }) => path.posix.basename(file, ".md") === id);
}
