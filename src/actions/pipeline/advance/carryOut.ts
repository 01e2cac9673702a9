import { createHash } from "node:crypto";
import { AyoError } from "../../../error.ts";
import type { Sentence } from "../../../store/change/message.ts";
import { storeInside } from "../../../store/change/storeInside.ts";
import { isFinished } from "../../../store/disk/view.ts";
import { fillList, fillText, type Values, valueAt } from "../../../ticket/pipeline/fillTemplate.ts";
import {
  CREATE_KEYS,
  type CreateValues,
  type Deed,
  MAX_ITEMS,
  type PipelineStep,
  readRunInput,
  stepKey,
} from "../../../ticket/pipeline/pipeline.ts";
import { authorsOf, withAuthors } from "../../../ticket/rules/authors.ts";
import { isAgent } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { appendNow } from "../../../ticket/text/notes.ts";
import type { Fields, Ticket } from "../../../ticket/ticket.ts";
import { formatMoment, formatTime, parseTime } from "../../../ticket/time.ts";
import { createTicket, type NewTicket } from "../../create.ts";
import { checkColumn, checkText } from "../../input/checkInput.ts";
import { moveTickets } from "../../lifecycle/moveTickets.ts";
import { stepTo } from "../../lifecycle/phases.ts";
import { toCategory } from "../../lifecycle/step.ts";
import { placeOf } from "./place.ts";
import { type RunNow, valuesFor } from "./values.ts";

/** What a step did. */
export interface CarriedOut {
  readonly sentence: Sentence;
  /** The tickets that it made or changed. */
  readonly ids: readonly string[];
  /** The same for people. */
  readonly did: readonly string[];
}

type Within = ReturnType<typeof storeInside>;

/**
 * Does a step of a run on the draft, with an agent's rights, and writes down in the run that it was done.
 * @throws bad_input for values that are not there, and what creating, closing and moving throw
 */
export async function carryOut(now: RunNow, step: PipelineStep, steps: readonly PipelineStep[]): Promise<CarriedOut> {
  const { store, draft, run, name } = now;
  const within = storeInside(store, draft);
  const values = await valuesFor(now, step, steps);
  const ids: string[] = [];
  const left: string[] = [];
  const doing = { now, within, step, at: causeOf(now, step), left };
  for (const one of itemsOf(step, values)) ids.push(...(await doOnce(doing, one)));
  const did = within.parts.sentences.flatMap(({ subject }) => (subject === "" ? [] : [subject]));
  const first = within.parts.sentences.find(({ event }) => event !== undefined)?.event ?? "updated";
  const done = [...new Set([...(run.fields.pipelineSteps ?? []), step.id])];
  await within.parts.make(async (part) => {
    await part.patch(part.view.byId.get(run.id) ?? run, { pipelineSteps: done, ...doneAgain(now, step) });
    return { result: undefined, sentence: { subject: "", tickets: [] } };
  });
  const { event } = readRunInput(run.fields.pipelineInput);
  const what = did.length === 1 ? did[0] : `${did.length} changes`;
  const sentence: Sentence = {
    subject: `pipeline ${name}, step ${step.id} of ${run.id}: ${did.length === 0 ? nothing(left) : what}`,
    event: first,
    tickets: [...new Set([...ids, run.id])],
    pipeline: { step: `${name}/${run.id}/${step.id}`, ...(event === undefined ? {} : { trigger: event }) },
  };
  return { sentence, ids: [...new Set(ids)], did };
}

function nothing(left: readonly string[]): string {
  return left.length === 0 ? "nothing to do" : `nothing to do, ${left.slice(0, MOST_LEFT).join(", ")}`;
}

/** What was lost is made anew once. */
function doneAgain({ run, again }: RunNow, { id }: PipelineStep): Pick<Fields, "pipelineInput"> {
  if (again !== true) return {};
  const input = readRunInput(run.fields.pipelineInput);
  return { pipelineInput: JSON.stringify({ ...input, again: input.again?.filter((one) => one !== id) }) };
}

/** One thing to do: with an item, where the step has `for`. */
interface Item {
  readonly values: Values;
  /** Tells it from the others of its step, the same on every machine. */
  readonly key?: string;
  readonly index: number;
}

/** @throws bad_input */
function itemsOf({ each }: PipelineStep, values: Values): Item[] {
  if (each === undefined) return [{ values, index: 0 }];
  const list = valueAt(values, each);
  if (!Array.isArray(list)) throw new AyoError("bad_input", `{{${each}}} is no list`, { data: { path: each } });
  if (list.length > MAX_ITEMS)
    throw new AyoError("bad_input", `{{${each}}} has ${list.length} items, and a step takes ${MAX_ITEMS} at most`);
  const seen = new Map<string, number>();
  return list.map((item: unknown, index) => {
    const hash = createHash("sha256")
      .update(JSON.stringify(item) ?? "")
      .digest("hex")
      .slice(0, 8);
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return { values: { ...values, item, index }, key: nth === 1 ? hash : `${hash}-${nth}`, index };
  });
}

/** When what a step does became possible, by what tickets say: two machines write the same time. */
function causeOf({ run, made }: RunNow, { deps }: PipelineStep): number {
  const times = [
    run.fields.created,
    ...deps.flatMap((dep) => (made.get(dep) ?? []).map(({ fields }) => fields.closed)),
  ];
  return Math.max(0, ...times.map((time) => parseTime(time ?? "") ?? 0));
}

interface Doing {
  readonly now: RunNow;
  readonly within: Within;
  readonly step: PipelineStep;
  /** In milliseconds. */
  readonly at: number;
  /** Takes down what is left as it is, and why. */
  readonly left: string[];
}

async function doOnce(doing: Doing, item: Item): Promise<string[]> {
  const { does } = doing.step;
  if (does.verb === "create") return createOne(doing, does.values, item);
  return changeOne(doing, does, item.values);
}

async function createOne({ now, within, step, at }: Doing, given: CreateValues, item: Item): Promise<string[]> {
  const { store, run, draft } = now;
  const once = stepKey(run.id, step.id, item.key);
  const place = await placeOf(store, draft, once, now.again);
  if (place.state === "gone")
    throw new AyoError("blocked", "its ticket was deleted; unblock has it made anew", { data: { lost: step.id } });
  if (place.state === "made") return [];
  const { ...input } = filled(given, item.values);
  const waits = step.deps.flatMap((dep) => (now.made.get(dep) ?? []).map(({ id }) => id));
  const deps = [...new Set([...(input.deps ?? []), ...waits])];
  const { origin } = run.fields;
  const fields: Partial<Fields> = { once, pipelineRun: run.id, ...(origin === undefined ? {} : { origin }) };
  const created = formatMoment(at + 1 + item.index);
  await createTicket(within.inside, { ...input, deps, parent: run.id }, { given: { id: place.id, created, fields } });
  return [place.id];
}

/** The input of `create`; what turned out empty is left out. */
function filled(given: CreateValues, values: Values): NewTicket {
  const input: Record<string, string | readonly string[]> = {};
  for (const [flag, text] of Object.entries(given)) {
    const isList = CREATE_KEYS[flag] === "list";
    const filled = isList ? fillList([text].flat(), values) : [fillText(String(text), values)];
    const found = filled.filter((one) => one.trim() !== "");
    const [first] = found;
    if (first === undefined) continue;
    input[flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())] = isList ? found : first;
  }
  const title = String(input.title ?? "").replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, " ");
  return { ...input, title: title.trim().slice(0, MAX_TITLE) };
}

const MAX_TITLE = 200;
/** So many tickets that were left are named. */
const MOST_LEFT = 5;

async function changeOne({ now, within, at, left }: Doing, does: Exclude<Deed, { verb: "create" }>, values: Values) {
  const ticket = await ticketNamed(now, within, fillText(does.ticket, values).trim());
  const { inside } = within;
  const ids = [ticket.id];
  if (does.verb === "note") {
    await noteOn(now, within, ticket, { text: fillText(does.text, values), at });
    return ids;
  }
  if (does.verb === "move") {
    const to = fillText(does.to, values).trim();
    await moveTickets(
      inside,
      { ids },
      { verb: "move", step: (one, part) => stepTo(checkColumn(part.view.board, to), one, part) },
    );
    await nameCauses(now, within, ticket);
    return ids;
  }
  const { board } = now.draft.view;
  // What is over stays as it ended, and nobody approves by a pipeline.
  const isLeft =
    isFinished(board, ticket.status) || (does.verb === "complete" && categoryOf(board, ticket.status) === "review");
  if (isLeft) {
    left.push(`${ticket.id} is ${ticket.status}`);
    return [];
  }
  const verb = does.verb === "complete" ? "close" : "cancel";
  await moveTickets(inside, { ids }, { verb, step: toCategory(does.verb === "complete" ? "done" : "cancelled") });
  await nameCauses(now, within, ticket);
  return ids;
}

/** What a pipeline hands in is also the work of the agents that caused it: none of them approves it. */
async function nameCauses({ run, made }: RunNow, { parts }: Within, { id, version }: Ticket): Promise<void> {
  const { actor, by } = readRunInput(run.fields.pipelineInput);
  const names = [actor, by, ...[...made.values()].flat().flatMap(authorsOf)];
  const agents = names.filter((name) => name !== undefined && isAgent(name));
  await parts.make(async (part) => {
    const ticket = part.view.byId.get(id);
    const isHandedIn =
      ticket?.fields.wish !== undefined || categoryOf(part.view.board, ticket?.status ?? "") === "review";
    const added = ticket === undefined ? {} : withAuthors(ticket, agents);
    if (ticket === undefined || ticket.version === version || !isHandedIn || added.authors === undefined)
      return { result: undefined };
    await part.patch(ticket, added);
    return { result: undefined, sentence: { subject: "", tickets: [] } };
  });
}

/** The ticket with exactly this id as the items before have left it, archived ones too. @throws not_found, and what finding throws */
async function ticketNamed({ draft, run }: RunNow, { parts }: Within, id: string): Promise<Ticket> {
  const { result: known } = await parts.make(async ({ view }) => ({ result: view.byId.get(id) }));
  const ticket = known ?? (await archivedNamed(draft, id));
  if (ticket !== undefined && ticket.id !== run.id) return ticket;
  const why = ticket === undefined ? `there is no ticket '${id.slice(0, 80)}'` : "a run does not change itself";
  throw new AyoError("not_found", why, { data: { id: id.slice(0, 80) } });
}

async function archivedNamed(draft: RunNow["draft"], id: string): Promise<Ticket | undefined> {
  try {
    const found = await draft.find(id);
    return found.id === id ? found : undefined;
  } catch (error) {
    if (error instanceof AyoError && ["not_found", "ambiguous_id"].includes(error.code)) return undefined;
    throw error;
  }
}

/** A note by the pipeline, of the time at which it became due: two machines write the same one. */
async function noteOn(
  { name, draft }: RunNow,
  { parts }: Within,
  ticket: Ticket,
  { text, at }: { readonly text: string; readonly at: number },
): Promise<void> {
  await parts.make((part) => {
    const noted = appendNow(part.read(ticket), {
      at: formatTime(at),
      by: draft.actor.name,
      text: checkText("note", text),
    });
    part.write(ticket, noted.text);
    const subject = `note on ${ticket.id} by pipeline ${name}`;
    return { result: undefined, sentence: { subject, event: "noted", tickets: [ticket.id] } };
  });
}
