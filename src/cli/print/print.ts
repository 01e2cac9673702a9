import { type AyoError, quoteWord } from "../../error.ts";
import type { Answer, Args } from "../table/command.ts";

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Prints an answer as JSON, ids or text. */
export function printAnswer(answer: Answer, { flags }: Pick<Args, "flags">, { out }: Streams): void {
  const fields = Array.isArray(flags.fields)
    ? flags.fields.flatMap((one) =>
        String(one)
          .split(",")
          .map((name) => name.trim()),
      )
    : undefined;
  if (answer.lines !== undefined && (flags.json || answer.json === undefined)) {
    out(answer.lines.map((line) => `${JSON.stringify(keep(line, fields))}\n`).join(""));
  } else if (flags.json && answer.json !== undefined) {
    out(`${JSON.stringify({ schema: 1, ...keepInside(answer.json, fields) })}\n`);
  } else if (flags.quiet) {
    out((answer.ids ?? []).map((id) => `${id}\n`).join(""));
  } else if (answer.text !== "") {
    out(answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
  }
}

/** Prints `error: fact` and `try: line` on stderr, or the same as JSON. */
export function printError(error: AyoError, json: boolean, { err }: Streams): void {
  const { code, message, data } = error;
  const line = error.try;
  if (json) {
    const body = {
      code,
      message,
      ...(line === undefined ? {} : { try: line }),
      ...(data === undefined ? {} : { data }),
    };
    err(`${JSON.stringify({ error: body })}\n`);
    return;
  }
  err(`error: ${plain(message)}\n`);
  if (line !== undefined) err(`try: ${line.map(quoteWord).join(" ")}\n`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Text from files without what would steer a terminal: control characters show as `\x1b`. */
export function plain(text: string): string {
  // Most texts have nothing of it, which a plain pattern tells much faster than one with Unicode's classes.
  if (!STEERS.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (char) =>
    char === "\n" || char === "\t" ? char : `\\x${char.codePointAt(0)?.toString(16).padStart(2, "0")}`,
  );
}

/** The same in one line, whatever breaks it has. */
export function plainLine(text: string): string {
  return plain(text.replaceAll(/\s+/g, " "));
}

function keepInside(json: Readonly<Record<string, unknown>>, fields: readonly string[] | undefined) {
  if (fields === undefined) return json;
  const kept: Record<string, unknown> = { ...json };
  if (typeof json.ticket === "object" && json.ticket !== null) {
    kept.ticket = keep(json.ticket as Readonly<Record<string, unknown>>, fields);
    // All else that `show` tells is about that one ticket.
    if (!Array.isArray(json.tickets)) return { ticket: kept.ticket };
  }
  if (Array.isArray(json.projects)) kept.projects = json.projects.map((project) => keep(project, fields));
  if (Array.isArray(json.tickets)) kept.tickets = json.tickets.map((ticket) => keep(ticket, fields));
  return kept;
}

function keep(ticket: Readonly<Record<string, unknown>>, fields: readonly string[] | undefined) {
  if (fields === undefined) return ticket;
  return Object.fromEntries(fields.filter((field) => field in ticket).map((field) => [field, ticket[field]]));
}
