import { CREATE_KEYS, type CreateValues, type Deed } from "./pipeline.ts";
import { isMapping, strangers } from "./shape.ts";

/** What a step can do. */
export const VERBS = ["create", "complete", "cancel", "move", "note"] as const;
type Verb = (typeof VERBS)[number];
/** The ticket that a step is about where it does not say. */
const TRIGGER = "{{ticket.id}}";

/** How a step is read: its place, and where faults of it are told. */
export interface Reading {
  readonly id: string;
  readonly step: Readonly<Record<string, unknown>>;
  /** The line of a key of it. */
  readonly line: (key?: string) => number;
  /** Tells of a fault near a key. */
  readonly fail: (key: string, message: string) => undefined;
}

/** What a step does, and the steps that it waits for by that. */
export interface ReadDeed {
  readonly does: Deed;
  readonly deps: readonly string[];
}

/** Reads what a step does. */
export function deedFrom(reading: Reading, verb: Verb, ids: readonly string[]): ReadDeed {
  const value = reading.step[verb];
  if (verb === "create") return createFrom(reading, value, ids);
  if (verb === "complete" || verb === "cancel")
    return { does: { verb, ticket: endedBy(reading, verb, value) }, deps: [] };
  const [key, other] = verb === "move" ? (["to", "status"] as const) : (["text", "message"] as const);
  const { ticket, said } = aboutTicket(reading, value, { verb, key, other });
  return { does: verb === "move" ? { verb, ticket, to: said } : { verb, ticket, text: said }, deps: [] };
}

function endedBy({ fail }: Reading, verb: Verb, value: unknown): string {
  const ticket = typeof value === "string" ? value.trim() : value === true ? TRIGGER : "";
  if (ticket === "") fail(verb, `${verb} takes a ticket: '{{ticket.id}}'`);
  return ticket;
}

interface Said {
  readonly ticket: string;
  readonly said: string;
}

function aboutTicket(
  { fail }: Reading,
  value: unknown,
  { verb, key, other }: { readonly verb: Verb; readonly key: string; readonly other: string },
): Said {
  const written: Readonly<Record<string, unknown>> = isMapping(value) ? value : { [key]: value };
  for (const odd of strangers(written, ["ticket", key, other]))
    fail(odd, `'${odd}' is no key of ${verb}; there are ticket, ${key}`);
  const text = written[key] ?? written[other];
  const ticket = written.ticket ?? TRIGGER;
  if (!isSaid(text)) fail(verb, `${verb} needs ${verb === "move" ? "a column: {to: testing}" : "a text"}`);
  if (!isSaid(ticket)) fail("ticket", `${verb} takes a ticket: '{{ticket.id}}'`);
  return { ticket: String(ticket), said: String(text ?? "") };
}

function isSaid(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** `deps` may name steps too: then it is the step that waits. */
function createFrom(reading: Reading, value: unknown, ids: readonly string[]): ReadDeed {
  const written = typeof value === "string" ? { title: value } : isMapping(value) ? value : {};
  const values = Object.fromEntries(
    Object.entries(written).flatMap(([key, one]) => {
      const read = flagFrom(reading, key, one);
      return read === undefined ? [] : [[key, read] as const];
    }),
  );
  if (!isSaid(values.title)) reading.fail("create", "create needs a title");
  const { deps, ...others } = values;
  const waits = [deps ?? []].flat();
  const tickets = waits.filter((one) => !ids.includes(one));
  const created: CreateValues = tickets.length === 0 ? others : { ...others, deps: tickets };
  return { does: { verb: "create", values: created }, deps: waits.filter((one) => ids.includes(one)) };
}

function flagFrom(reading: Reading, key: string, value: unknown): string | readonly string[] | undefined {
  const kind = Object.hasOwn(CREATE_KEYS, key) ? CREATE_KEYS[key] : undefined;
  if (kind === undefined) return reading.fail(key, unknownFlag(key));
  if (value === null) return undefined;
  return kind === "list" ? textsIn(reading, key, value) : textIn(reading, key, value);
}

function unknownFlag(key: string): string {
  const known = Object.keys(CREATE_KEYS).join(", ");
  return `'${key}' is no flag of 'ayo ticket create' that a step can give; there are ${known}`;
}

function textIn({ fail }: Reading, key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return fail(key, `${key} takes a text`) ?? "";
}

/** A list of texts, or one of them. */
export function textsIn({ fail }: Reading, key: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((one) => typeof one === "string")) return list.map((one) => one.trim()).filter((one) => one !== "");
  return fail(key, `${key} takes a list of texts: [a, b]`) ?? [];
}
