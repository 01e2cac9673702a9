import { AyoError } from "../../error.ts";
import { memberFault } from "../../ticket/output/memberTexts.ts";

/** One line of a batch: an operation's name and its input. */
export interface Line {
  /** Counted from 1. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * The operations of a text of JSON lines; empty lines and lines that begin with `#` are passed over.
 * @throws bad_input naming the first line that is no JSON object
 */
export function parseLines(text: string): Line[] {
  return text.split("\n").flatMap((source, at) => {
    const trimmed = source.trim();
    return trimmed === "" || trimmed.startsWith("#") ? [] : [{ line: at + 1, value: parseLine(trimmed, at + 1) }];
  });
}

function parseLine(source: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    const fact = `line ${line}: not JSON: ${(cause as Error).message}`;
    throw new AyoError("bad_input", fact, { cause, data: { line } });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const fault = "output" in value ? memberFault(source, "output") : undefined;
    if (fault === undefined) return value as Record<string, unknown>;
    throw new AyoError("output_invalid", `line ${line}: the output: ${`${fault.pointer} ${fault.message}`.trim()}`, {
      data: { line, field: "output", errors: [fault] },
    });
  }
  throw new AyoError("bad_input", `line ${line}: not a JSON object such as {"op":"close","id":"ayo-x7k2"}`, {
    data: { line },
  });
}
