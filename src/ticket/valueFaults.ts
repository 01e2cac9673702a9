import { keyOf } from "./fields.ts";
import { FIELDS, type FieldKind, type FieldName, type Ticket } from "./ticket.ts";
import { parseTime } from "./time.ts";

const NAMES = Object.keys(FIELDS) as FieldName[];
const SHAPES: Readonly<Record<FieldKind, string>> = {
  text: "one word or line",
  list: "a list of words",
  int: "a whole number",
  time: "a time",
};
/** What a date that is none means for those who go by it. */
const MEANS: Partial<Record<FieldName, string>> = {
  lease: "the claim never runs out",
  due: "it is never due",
  closed: "it is never archived",
  answerBy: "its default answer never holds",
};

/** What a ticket's front matter says and nobody can read: times that are none, values of another shape than their key's. */
export function valueFaults(ticket: Ticket): ValueFault[] {
  return NAMES.flatMap((name) => faultOf(ticket, name) ?? []);
}

/** A value that its key cannot hold, in words. */
export interface ValueFault {
  readonly code: "bad_date" | "bad_value";
  readonly key: string;
  readonly message: string;
}

function faultOf({ fields, extra }: Ticket, name: FieldName): ValueFault | undefined {
  const { kind, key } = FIELDS[name];
  const value = fields[name];
  if (kind === "time" && typeof value === "string" && parseTime(value) === undefined) {
    const means = MEANS[name] === undefined ? "" : `, so ${MEANS[name]}`;
    const message = `${key} '${short(value)}' is no time${means}: write 2026-12-31 or 2026-12-31T10:00:00Z`;
    return { code: "bad_date", key, message };
  }
  if (name === "priority" && typeof value === "number" && (value < 0 || value > 4)) {
    return { code: "bad_value", key, message: `priority ${value} is not one of 0 (highest) to 4` };
  }
  const words = name === "mode" ? FIELDS.mode.plain.oneOf : undefined;
  if (words !== undefined && typeof value === "string" && !(words as readonly string[]).includes(value)) {
    const message = `${key} '${short(value)}' is not one of ${words.join(", ")}: no agent is started for it`;
    return { code: "bad_value", key, message };
  }
  // An id of the wrong shape is a finding of its own.
  const written = value === undefined && name !== "id" ? keyOf(name, Object.keys(extra)) : undefined;
  if (written === undefined || extra[written] === null) return undefined;
  const message = `${written} ${short(JSON.stringify(extra[written]))} is not ${shapeOf(name)}, and is passed over`;
  return { code: kind === "time" ? "bad_date" : "bad_value", key: written, message };
}

function shapeOf(name: FieldName): string {
  return name === "rank" ? "a place such as a0V, which 'ayo ticket rank' makes" : SHAPES[FIELDS[name].kind];
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
