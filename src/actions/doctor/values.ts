import { readFileSync } from "node:fs";
import path from "node:path";
import { splitDocument } from "../../ticket/text/splitDocument.ts";
import { valueFaults } from "../../ticket/valueFaults.ts";
import type { Examination, TicketFinding } from "./shape.ts";

/** Times that are none, and values of another shape than their key's: reads take no notice of them. */
export function badValues({ store, tickets, archived }: Examination): TicketFinding[] {
  return [...tickets, ...archived].flatMap((ticket) => {
    const bad = valueFaults(ticket);
    if (bad.length === 0) return [];
    const front = frontLines(path.join(store.dir, ticket.path));
    return bad.map(({ code, key, message }): TicketFinding => {
      const line = front.findIndex((row) => /^["']?([\w-]+)["']?\s*:/.exec(row)?.[1] === key) + 1;
      const where = { path: ticket.path, ...(line > 0 ? { line } : {}), id: ticket.id, target: key };
      return { finding: { code, severity: "warning", ...where, message } };
    });
  });
}

/** The file's lines up to the end of its front matter; none where it is gone meanwhile. */
function frontLines(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.slice(0, splitDocument(text).body).split("\n");
}
