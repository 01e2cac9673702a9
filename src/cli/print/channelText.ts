import type { ChannelEvent, ChannelNote } from "../../actions/channel/channelEvent.ts";
import { shownTime } from "../../ticket/moments.ts";
import type { Context } from "../table/command.ts";
import { plain, plainLine } from "./print.ts";
import { widthOf, wrap } from "./width.ts";

/** Lines of a note below its first stand in, so that nothing in a text looks like another's note or an event. */
const INDENT = "  ";
/** A note's words are wrapped into so many columns at least. */
const LEAST = 20;

/**
 * A line of a ticket's channel: notes in full, as `show` prints them; `line` is all else of the event, where there is more.
 */
export function channelText(context: Context, event: ChannelEvent, line: string, named: boolean): string {
  if (event.progress !== undefined) return progressText(context, event, event.progress);
  const notes = event.notes ?? [];
  const told = notes.map((note) => noteText(context, event, note, named));
  const isMore = event.event !== "ticket.noted" && !isOfNotes(event);
  return [...(isMore ? [line] : []), ...told].join("\n");
}

/** What an agent does, apart from what is said on the ticket. */
function progressText({ paint, tty }: Context, { at, actor }: ChannelEvent, { run, lines: done }: Progress): string {
  const time = tty.stdout ? shownTime(at) : at;
  const head = `${plain(time)} ${plainLine(run)} ${plainLine(actor)}`;
  return done.map((line) => paint.dim(`${head}  ${plainLine(line)}`)).join("\n");
}

type Progress = NonNullable<ChannelEvent["progress"]>;

/** Only notes were edited or taken back. */
function isOfNotes({ event, changes, notes }: ChannelEvent): boolean {
  return event === "ticket.updated" && notes !== undefined && Object.keys(changes).every((key) => key === "notes");
}

function noteText({ paint, tty, columns }: Context, event: ChannelEvent, note: ChannelNote, named: boolean): string {
  const time = tty.stdout ? shownTime(note.at) : note.at;
  const who = note.by === null ? "" : ` ${note.by}`;
  const ticket = named ? ` ${paint.cyan(plain(event.ticket.id))}` : "";
  const said = `${remark(event, note)}: `;
  const head = `${paint.dim(plain(time))}${ticket}${paint.yellow(plainLine(who))}${paint.dim(said)}`;
  const [first = "", ...more] = lines(note);
  if (!tty.stdout) return [head + first, ...more.map(stoodIn)].join("\n");
  const used = widthOf(plain(time)) + (named ? event.ticket.id.length + 1 : 0) + widthOf(plainLine(who)) + said.length;
  const width = Math.max(columns, 2 * LEAST);
  const start = fold(first, Math.max(width - used, LEAST));
  const rest = [start.slice(1).join(" "), ...more].flatMap((text, at) =>
    at === 0 && text === "" ? [] : fold(text, width - INDENT.length),
  );
  return [head + (start[0] ?? ""), ...rest.map(stoodIn)].join("\n");
}

/** What is not simply said. */
function remark({ actor, cause }: ChannelEvent, { was, gone, back }: ChannelNote): string {
  const hand = cause.byHand === true ? ", by hand" : "";
  if (gone === true) return ` (taken back by ${plainLine(actor)}${hand})`;
  if (was !== undefined) return ` (edited by ${plainLine(actor)}${hand})`;
  if (back === true) return ` (back, by ${plainLine(actor)}${hand})`;
  return cause.byHand === true ? " (by hand)" : "";
}

/** Of a note that is gone or back the beginning says which it is. */
function lines({ text, gone, back }: ChannelNote): string[] {
  const all = plain(text).split("\n");
  const isLong = all.length > 1;
  return gone === true || back === true ? [`${all[0] ?? ""}${isLong ? " …" : ""}`] : all;
}

/** A line in so many columns, each part with the blanks that it begins with. */
function fold(text: string, width: number): string[] {
  const wide = text.replaceAll("\t", "    ");
  const lead = /^ */.exec(wide)?.[0].slice(0, Math.floor(width / 2)) ?? "";
  return wrap(wide, width - lead.length, Number.POSITIVE_INFINITY).map((part) => lead + part);
}

function stoodIn(line: string): string {
  return (INDENT + line).trimEnd();
}
