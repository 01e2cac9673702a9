import type { TicketJson } from "../../actions/answers/describe.ts";
import type { Written } from "../../actions/input/action.ts";
import type { Problem } from "../../ticket/ticket.ts";
import type { Context, Paint } from "../table/command.ts";
import { plain } from "./print.ts";

/** What of a ticket a list's line needs. */
export type LineTicket = Pick<TicketJson, "id" | "title" | "status" | "priority" | "category">;

/** A ticket's line as tk prints it: `ayo-x7k2 [P2][open] - Build login <- [ayo-9fq1]`. */
export function ticketLine(
  ticket: LineTicket,
  paint: Paint,
  options: { readonly priority?: boolean; readonly arrow?: readonly string[] } = {},
): string {
  const priority = options.priority ? `[P${ticket.priority}]` : "";
  const arrow = options.arrow !== undefined && options.arrow.length > 0 ? ` <- [${options.arrow.join(", ")}]` : "";
  const status = colourOf(ticket.category, paint)(`[${plain(ticket.status)}]`);
  return `${paint.cyan(plain(ticket.id).padEnd(8))} ${priority}${status} - ${plain(ticket.title)}${paint.dim(plain(arrow))}`;
}

/** The colour of a category. */
export function colourOf(category: string | null, paint: Paint): (text: string) => string {
  const colours: Readonly<Record<string, (text: string) => string>> = {
    todo: paint.blue,
    active: paint.yellow,
    blocked: paint.red,
    review: paint.cyan,
    done: paint.green,
  };
  return colours[category ?? ""] ?? paint.dim;
}

/** One stderr line a file that could not be read; the list itself goes on. */
export function warnProblems(context: Context, problems: readonly Problem[]): void {
  for (const { path, line, message } of problems) {
    context.warn(`warning: ${plain(path)}${line > 0 ? `:${line}` : ""}: ${plain(message)}`);
  }
}

/** What a write reports besides its line: hand edits that were committed, and a commit that waits. */
export function warnWritten(context: Context, written: Written): void {
  for (const notice of written.notices) {
    const label = /^hooks? /.test(notice) ? "warning" : "note";
    context.warn(`${label}: ${plain(notice)}`);
  }
  if (written.deferred !== undefined) {
    context.warn(`commit deferred: ${written.deferred}; the change is saved, the next command commits it`);
  }
  if (written.dryRun) context.warn("dry run: nothing was changed");
}
