import type { RunEvent } from "./runEvent.ts";
import { coloured, MAX_RAW } from "./texts.ts";

/** A line that nobody understands. */
export function raw(line: string): RunEvent {
  return { type: "raw", line: coloured(line, MAX_RAW) };
}

/** A parser that never throws: what it cannot make sense of is a line that nobody understands. */
export function guarded(parse: (line: string) => readonly RunEvent[]): (line: string) => readonly RunEvent[] {
  return (line) => {
    try {
      return parse(line);
    } catch {
      // Programs of others: a value that is too deep to be told, say. The line is shown instead.
      return [raw(line)];
    }
  };
}

/** A session's name, as it may become a word of a command line; undefined for every other text. */
export function sessionName(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9][\w.:/@+=-]{0,199}$/.test(text) ? text : undefined;
}
