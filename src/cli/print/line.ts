import type { TicketJson } from "../../actions/answers/describe.ts";
import type { Written } from "../../actions/input/action.ts";
import type { Problem } from "../../ticket/ticket.ts";
import type { Context, Paint } from "../table/command.ts";
import { plain } from "./print.ts";

/** What a list's line says of a ticket: what is undefined it leaves out. */
export interface LineTicket extends Pick<TicketJson, "id" | "title" | "status" | "category"> {
  readonly priority?: number | undefined;
  readonly assignee?: string | undefined;
  readonly due?: string | undefined;
  readonly isOverdue?: boolean;
  /** What it waits for and is not done. */
  readonly blockers?: readonly string[] | undefined;
}

/** A ticket's line, as tk begins it: `ayo-x7k2 [P2][open] - Build login (@coder, due 2026-12-01) <- [ayo-9fq1]`. */
export function ticketLine(ticket: LineTicket, paint: Paint): string {
  const { priority, assignee, due, blockers = [] } = ticket;
  const rank = priority === undefined ? "" : `[P${priority}]`;
  const facts = assignee === undefined && due === undefined ? "" : factsText(ticket, paint);
  const arrow = blockers.length === 0 ? "" : paint.dim(plain(` <- [${blockers.join(", ")}]`));
  const status = colourOf(ticket.category, paint)(`[${plain(ticket.status)}]`);
  return `${paint.cyan(plain(ticket.id).padEnd(8))} ${rank}${status} - ${plain(ticket.title)}${facts}${arrow}`;
}

/** ` (@coder, due 2026-12-01)`. */
function factsText({ assignee, due, isOverdue }: LineTicket, paint: Paint): string {
  const who = assignee === undefined ? [] : [paint.yellow(plain(assignee))];
  const until = due === undefined ? [] : [dueText(due, isOverdue === true, paint)];
  return ` (${[...who, ...until].join(", ")})`;
}

/** `due 2026-12-01`, and `overdue 2026-11-20` once that is over. */
function dueText(due: string, isOverdue: boolean, paint: Paint): string {
  return isOverdue ? paint.red(`overdue ${plain(due)}`) : `due ${plain(due)}`;
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

/** `831 bytes`, `14 KiB`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const [size, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KiB"] : [bytes / 1024 / 1024, "MiB"];
  return `${size < 10 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${unit}`;
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

/** `ready: mya-x7k2 - Build the cart`, for each ticket that a change made ready. */
export function readyLines(nowReady: readonly { readonly id: string; readonly title: string }[] = []): string[] {
  return nowReady.map(({ id, title }) => `ready: ${id} - ${plain(title)}`);
}
