import { readFileSync } from "node:fs";
import path from "node:path";
import { keyOf } from "../../ticket/fields.ts";
import { splitDocument } from "../../ticket/text/splitDocument.ts";
import { FIELDS, type FieldKind, type FieldName, type Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import type { Examination, TicketFinding } from "./shape.ts";

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
};

/** Times that are none, and values of another shape than their key's: reads take no notice of them. */
export function badValues({ store, tickets, archived }: Examination): TicketFinding[] {
  return [...tickets, ...archived].flatMap((ticket) => {
    const bad = NAMES.flatMap((name) => faultOf(ticket, name) ?? []);
    if (bad.length === 0) return [];
    const front = frontLines(path.join(store.dir, ticket.path));
    return bad.map(({ code, key, message }): TicketFinding => {
      const line = front.findIndex((row) => /^["']?([\w-]+)["']?\s*:/.exec(row)?.[1] === key) + 1;
      const where = { path: ticket.path, ...(line > 0 ? { line } : {}), id: ticket.id, target: key };
      return { finding: { code, severity: "warning", ...where, message } };
    });
  });
}

interface Fault {
  readonly code: "bad_date" | "bad_value";
  readonly key: string;
  readonly message: string;
}

function faultOf({ fields, extra }: Ticket, name: FieldName): Fault | undefined {
  const { kind, key } = FIELDS[name];
  const value = fields[name];
  if (kind === "time" && typeof value === "string" && parseTime(value) === undefined) {
    const means = MEANS[name] === undefined ? "" : `, so ${MEANS[name]}`;
    const message = `${key} '${short(value)}' is no time${means}: write 2026-12-31 or 2026-12-31T10:00:00Z`;
    return { code: "bad_date", key, message };
  }
  // An id of the wrong shape is a finding of its own.
  const written = value === undefined && name !== "id" ? keyOf(name, Object.keys(extra)) : undefined;
  if (written === undefined || extra[written] === null) return undefined;
  const message = `${written} ${short(JSON.stringify(extra[written]))} is not ${SHAPES[kind]}, and is passed over`;
  return { code: kind === "time" ? "bad_date" : "bad_value", key: written, message };
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The file's lines up to the end of its front matter; none where it is gone meanwhile. */
function frontLines(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.slice(0, splitDocument(text).body).split("\n");
}
