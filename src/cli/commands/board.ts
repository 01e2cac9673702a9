import type { TicketJson } from "../../actions/answers/describe.ts";
import { type BoardColumn, board as boardAction } from "../../actions/board.ts";
import { invoke } from "../../actions/input/action.ts";
import { dueEnd } from "../../ticket/moments.ts";
import { parseTime } from "../../ticket/time.ts";
import { colourOf, warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import { fillTo, truncate, widthOf, wrap } from "../print/width.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Narrower columns say nothing: then they stand below each other. In cells. */
const MIN_WIDTH = 22;
const GAP = "  ";
/** As many tickets of a column are shown without --limit; the rest is counted. */
const SHOWN = 50;
const MARK = "⊘";
const FINISHED: readonly (string | null)[] = ["done", "cancelled", "failed"];

/** `ayo board`. */
export const board: Command = {
  name: "board",
  summary: boardAction.summary,
  positionals: [{ name: "filter", required: false, many: true }],
  flags: {
    ...flagsOf(boardAction.input, { omit: ["query"] }),
    all: { type: "boolean", describe: "empty columns for finished tickets too" },
    watch: { type: "boolean", describe: "draw it anew whenever something changes, until Ctrl-C" },
    web: { type: "boolean", describe: "show it in the browser instead (ayo serve --open)" },
  },
  examples: [
    ["ayo board", "the columns side by side, or below each other where the terminal is narrow"],
    ["ayo board -a @coder --limit 10", "one agent's tickets, ten a column"],
    ["ayo board 'type:bug created:>7d'", "what list takes as a filter"],
    ["ayo board --watch", "live, while others work"],
    ["ayo board --json", "every column with its tickets"],
  ],
  run: async (context, { words, flags: { web, watch, ...given } }): Promise<Answer> => {
    const flags = words.length === 0 ? given : { ...given, query: words.join(" ") };
    if (web === true) return serveBoard(context);
    if (watch !== true) return readBoard(context, flags);
    const { watchBoard } = await import("../terminal/watchBoard.ts");
    await watchBoard(context, async () => (await readBoard(context, flags)).text);
    return { json: undefined, text: "" };
  },
};

async function serveBoard(context: Context): Promise<Answer> {
  const { serveUntilSignal } = await import("./serve.ts");
  await serveUntilSignal(context, {}, { open: true });
  return { json: undefined, text: "" };
}

async function readBoard(context: Context, flags: Args["flags"]): Promise<Answer> {
  const isWhole = flags.json === true || flags.quiet === true;
  const { columns, problems } = await invoke(boardAction, context.store(), {
    ...flags,
    ...(isWhole || flags.limit !== undefined ? {} : { limit: SHOWN }),
  } as never);
  warnProblems(context, problems);
  const ids = columns.flatMap(({ tickets }) => tickets.map(({ id }) => id));
  if (isWhole) return { json: { columns, problems }, text: "", ids };
  const shown = columns.filter(
    ({ category, count }) => flags.all === true || count > 0 || !FINISHED.includes(category),
  );
  const isMarked = shown.some(({ tickets }) => tickets.some(isBlocked));
  const lines = draw(context, shown);
  if (isMarked) lines.push("", context.paint.dim(`${MARK} waits for another ticket or is blocked`));
  return { json: { columns, problems }, text: lines.map((line) => line.trimEnd()).join("\n"), ids };
}

function draw(context: Context, columns: readonly BoardColumn[]): string[] {
  const total = widthOfScreen(context);
  const width = Math.floor((total - GAP.length * (columns.length - 1)) / columns.length);
  const phases = columns.map(({ phase }, at) => (phase === columns[at - 1]?.phase ? undefined : phase));
  if (width < MIN_WIDTH)
    return columns.flatMap((column, at) => [
      ...phaseAbove(context, phases[at], at > 0),
      ...stacked(context, column, total, at > 0 && phases[at] === undefined),
    ]);
  const names = phases.map((phase = "") => fillTo(truncate(oneLine(phaseName(phase)), width), width));
  const above = phases.every((phase) => phase === undefined) ? [] : [context.paint.dim(names.join(GAP))];
  const drawn = columns.map((column) => sideBySide(context, column, width));
  const height = Math.max(...drawn.map((cells) => cells.length));
  const rows = Array.from({ length: height }, (_, row) =>
    drawn.map((cells) => cells[row] ?? " ".repeat(width)).join(GAP),
  );
  return [...above, ...rows];
}

/** The heading of a phase, above its first column. */
function phaseAbove({ paint }: Context, phase: string | undefined, isLater: boolean): string[] {
  if (phase === undefined) return [];
  return [...(isLater ? [""] : []), paint.dim(`${oneLine(phaseName(phase))}:`), ""];
}

/** `Phase 2` of `2`; others are names already. */
function phaseName(phase: string): string {
  return /^\d+$/.test(phase) ? `Phase ${phase}` : phase;
}

/** A terminal's width, or COLUMNS where the board goes into a file or pipe. */
function widthOfScreen({ tty, host, columns }: Context): number {
  const wanted = Number(host.env.COLUMNS);
  return !tty.stdout && Number.isSafeInteger(wanted) && wanted > 0 ? wanted : columns;
}

/** A column as cells of one width: its name, a rule, and two or three lines a ticket. */
function sideBySide(context: Context, column: BoardColumn, width: number): string[] {
  const { paint } = context;
  const heading = paint.bold(colourOf(column.category, paint)(fillTo(headingOf(column), width)));
  const cards = column.tickets.flatMap((ticket) => [" ".repeat(width), ...card(context, ticket, width)]);
  const more = moreOf(column);
  const rest = more === undefined ? [] : [" ".repeat(width), paint.dim(fillTo(more, width))];
  return [heading, paint.dim("─".repeat(width)), ...cards.slice(1), ...rest];
}

function card(context: Context, ticket: TicketJson, width: number): string[] {
  const { paint } = context;
  const mark = marksOf(context, ticket);
  const head = truncate(`${oneLine(ticket.id)} P${ticket.priority}`, width - widthOf(mark));
  const who = holderOf(context, ticket);
  const left = width - widthOf(head) - widthOf(mark);
  const by = who === "" || left < 4 ? "" : truncate(` ${who}`, left);
  const filled = " ".repeat(Math.max(0, left - widthOf(by)));
  const title = wrap(oneLine(ticket.title), width, 2).map((line) => fillTo(line, width));
  return [paint.cyan(head) + paint.red(mark) + paint.yellow(by) + filled, ...title];
}

/** A column as a heading and a line a ticket, which is cut only where a terminal would break it. */
function stacked(context: Context, column: BoardColumn, width: number, isLater: boolean): string[] {
  const { paint, tty } = context;
  const heading = paint.bold(colourOf(column.category, paint)(headingOf(column)));
  const lines = column.tickets.map((ticket) => {
    const id = oneLine(ticket.id);
    const mark = marksOf(context, ticket);
    const holder = holderOf(context, ticket);
    const who = holder === "" ? "" : ` ${holder}`;
    const used = widthOf(`  ${id} P${ticket.priority}${mark} ${who}`);
    const title = oneLine(ticket.title);
    const cut = tty.stdout ? truncate(title, Math.max(10, width - used)) : title;
    return `  ${paint.cyan(id)} P${ticket.priority}${paint.red(mark)} ${cut}${paint.yellow(who)}`;
  });
  const more = moreOf(column);
  return [...(isLater ? [""] : []), heading, ...lines, ...(more === undefined ? [] : [paint.dim(`  ${more}`)])];
}

/** `In progress 3/2`: what it holds, and what it should hold at most. */
function headingOf({ name, count, limit }: BoardColumn): string {
  const isOver = limit !== null && count > limit;
  return `${oneLine(name)} ${count}${limit === null ? "" : `/${limit}`}${isOver ? " !" : ""}`;
}

function moreOf({ count, tickets }: BoardColumn): string | undefined {
  return count > tickets.length ? `… ${count - tickets.length} more (--limit)` : undefined;
}

/** Who has claimed it, else `(who)` it is assigned to. */
function holderOf({ host }: Context, { claim, assignee }: TicketJson): string {
  const isLive = claim !== null && (claim.until === null || (parseTime(claim.until) ?? Infinity) > host.now());
  if (isLive) return oneLine(claim.by);
  return assignee === null ? "" : `(${oneLine(assignee)})`;
}

/** That it waits, and that it should have been done. */
function marksOf({ host }: Context, ticket: TicketJson): string {
  const isLate = !FINISHED.includes(ticket.category) && (dueEnd(ticket.due ?? "") ?? Infinity) <= host.now();
  return (isBlocked(ticket) ? ` ${MARK}` : "") + (isLate ? " overdue" : "");
}

function isBlocked({ category, blockedBy }: TicketJson): boolean {
  return category === "blocked" || (!FINISHED.includes(category) && blockedBy.length > 0);
}

function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, " ");
}
