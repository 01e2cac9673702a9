import { linesOf, type Span } from "../../../ticket/printed/printedLines.ts";
import { number } from "../../words/forms.ts";
import { say } from "../../words/say.ts";

/** Something that happened in a run; see RunLog in /api/openapi.json. */
export interface LogEvent {
  readonly at: string;
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What a line is: said, thought, a tool that begins or ended, what ayo did, and what is beside all that. */
export type LineKind = "said" | "thought" | "tool" | "done" | "failed" | "ayo" | "aside";

/** A line of a log, as it is read: nothing but letters. */
export interface LogLine {
  readonly at: string;
  readonly kind: LineKind;
  readonly text: string;
  /** Its pieces in colours; none where it is plain. */
  readonly spans?: readonly Span[];
  /** Whether it is the first of its event. */
  readonly isFirst: boolean;
}

/** What is not seen and would change how the rest is read: control characters, and what turns the direction of text. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const HAS_UNSEEN = new RegExp(UNSEEN.source, "u");

/** So many lines of one event are shown. */
const MOST = 1000;

/** An event as lines. What programs print is never more than text and colours. */
export function logLines(event: LogEvent): LogLine[] {
  const [kind, text] = told(event);
  const all = linesOf(text.trimEnd());
  const lines = all.length > MOST ? [...all.slice(0, MOST), [{ text: "…" }]] : all;
  return lines.map((spans, n) => {
    const clean = spans.map(({ text: piece, style }) => ({ text: seen(piece), style }));
    const line = { at: event.at, kind, text: clean.map((span) => span.text).join(""), isFirst: n === 0 };
    return clean.some(({ style }) => style !== undefined) ? { ...line, spans: clean } : line;
  });
}

function seen(text: string): string {
  const spaced = text.includes("\t") ? text.replaceAll("\t", "    ") : text;
  return HAS_UNSEEN.test(spaced) ? spaced.replaceAll(UNSEEN, "") : spaced;
}

function told(event: LogEvent): readonly [LineKind, string] {
  const word = (key: string): string => (typeof event[key] === "string" ? (event[key] as string) : "");
  const words = say.agents.log;
  switch (event.type) {
    case "text":
      return ["said", word("text")];
    case "thought":
      return ["thought", word("text")];
    case "tool":
      return toolTold(event, word("name"), word("detail"));
    case "ayo":
      return ["ayo", `ayo: ${word("text")}`];
    case "retry":
      return ["aside", words.retry(word("why"))];
    case "denied":
      return ["failed", words.denied(word("what"))];
    case "usage":
      return ["aside", words.used(number(Number(event.tokens ?? 0)), money(event.cost))];
    case "session":
      return ["aside", words.session(word("id"))];
    case "end":
      return event.ok === true ? ["aside", words.ended] : ["failed", words.failed(word("why"))];
    default:
      return ["aside", word("line") || event.type];
  }
}

function toolTold(event: LogEvent, name: string, detail: string): readonly [LineKind, string] {
  if (event.phase === "begin") return ["tool", `▸ ${name} ${detail}`];
  const isFailed = event.ok === false;
  const head = `${isFailed ? "✗" : "✓"}${name === "" ? "" : ` ${name}`}`;
  return [isFailed ? "failed" : "done", `${head}${detail.includes("\n") ? "\n" : " "}${detail}`];
}

/** `$0.42`; "" where nobody tells. */
export function money(cost: unknown): string {
  return typeof cost === "number" ? `$${cost.toFixed(2)}` : "";
}
