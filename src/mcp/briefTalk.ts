import type { Channel } from "../actions/channel/channel.ts";
import type { ChannelEvent } from "../actions/channel/channelEvent.ts";
import type { History } from "../actions/history.ts";

type Json = Readonly<Record<string, unknown>>;

/** As many lines of a channel are given. */
const MAX_LINES = 100;

/** What a history answers, newest first: who did what when. */
export function told({ entries, total, truncated }: History): Json {
  return {
    entries: entries.map(({ at, actor, subject }) => `${at} ${actor}: ${short(subject, 100)}`),
    total,
    truncated,
  };
}

/** What a channel answers: who said and did what when, and where to go on; of more than a model can use the last. */
export function channelled({ id, events, position }: Channel): Json {
  const lines = events.flatMap(channelLines);
  const shown = lines.slice(-MAX_LINES);
  return {
    id,
    events: shown,
    position,
    ...(shown.length < lines.length ? { leftOff: lines.length - shown.length } : {}),
  };
}

/** A line a note, in full, and one for what else an event says; whom a note mentions stands in it. */
function channelLines({ event, at, actor, notes = [], changes }: ChannelEvent): string[] {
  const name = event.replace("ticket.", "");
  const said = notes.map((note) => {
    const how = note.gone ? " (taken back)" : note.back ? " (back)" : note.was === undefined ? "" : " (edited)";
    return `${note.at} ${note.by ?? "?"}${how}: ${note.text}`;
  });
  const isNotes = name === "noted" || name === "mentioned" || (notes.length > 0 && Object.keys(changes).length === 1);
  return isNotes ? said : [`${at} ${actor} ${name}`, ...said];
}

/** A text on one line, of so many characters at most. */
export function short(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
