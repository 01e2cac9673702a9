import { plainOf } from "../actions/answers/describe.ts";
import type { Shown, ShownBroken } from "../actions/show/show.ts";
import { shownBody } from "../actions/show/shownBody.ts";
import type { Wanted } from "./tool.ts";

type Json = Readonly<Record<string, unknown>>;

/** Everything of a ticket that is set, without its long texts, whose sizes are told. */
export function shown(answer: Shown | ShownBroken, { fields, include }: Wanted): Json {
  if ("problem" in answer) return { ...answer };
  const { ticket, waitsFor, unlocks, parent, children, links } = answer;
  const body = shownBody(ticket.body);
  const all: Json = { ...ticket, body, commits: ticket.commits, text: answer.text };
  if (fields !== undefined) return pick(all, ["id", ...fields]);
  const { id, title, status, type, priority, assignee, tags, project, due, claim, version, reasons, notes } = ticket;
  const brief: Json = {
    id,
    title,
    status,
    type,
    priority,
    assignee,
    tags,
    project,
    due,
    role: ticket.role,
    reviewer: ticket.reviewer,
    ...plainOf(ticket),
    externalKey: ticket.externalKey,
    externalUrl: ticket.externalUrl,
    origin: ticket.origin,
    parent: parent?.id,
    claim: claim === null ? null : { by: claim.by, until: claim.until },
    blockedReason: ticket.blockedReason,
    question: ticket.question,
    answerOptions: ticket.answerOptions,
    defaultAnswer: ticket.defaultAnswer,
    answerBy: ticket.answerBy,
    landed: ticket.landed,
    unlanded: ticket.unlanded,
    outputSchema: ticket.outputSchema,
    ...outputOf(ticket),
    waitsFor: waitsFor.filter(({ state }) => state !== "done").map((one) => one.id),
    unlocks: unlocks.map((one) => one.id),
    children: children.map((one) => one.id),
    links: links.map((one) => one.id),
    reasons: ticket.category === "todo" || ticket.category === "review" ? reasons : [],
    criteria: ticket.checklist.length === 0 ? null : ticket.criteria,
    verification: Object.fromEntries(
      (answer.verification?.entries ?? []).map((one) => [one.name, one.why || one.state]),
    ),
    version: version.slice(0, 12),
    has: { bodyCharacters: body.length, notes: notes.length },
  };
  return { ...withoutEmpty(brief), ...pick(all, include) };
}

/** A long output is asked for by name. */
const MAX_OUTPUT = 4_000;

function outputOf({ output, outputState, outputWhy }: Shown["ticket"]): Json {
  if (outputState === undefined) return {};
  if (outputState === "unverified") return { outputState, outputWhy };
  const size = JSON.stringify(output).length;
  return size <= MAX_OUTPUT ? { output } : { outputCharacters: size };
}

/** An object without what has nothing in it. */
export function withoutEmpty(object: Json): Json {
  const isEmpty = (value: unknown) =>
    value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

/** The fields of a ticket that are asked for; a body without its title and notes, a version that `ifMatch` takes. */
export function pick(ticket: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => name in ticket).map((name) => [name, ticket[name]]));
}
