import type { View } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import type { Occurrence } from "../../../store/pipelines/occurrences.ts";
import {
  MAX_CHAIN,
  type Pipeline,
  pipelineOfActor,
  readRunInput,
  type Trigger,
} from "../../../ticket/pipeline/pipeline.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { queryTest } from "../../query/filter.ts";
import type { Cause } from "./startRun.ts";

/** Whether something that happened begins a run: with what, or why it does not though it would have. */
export type Triggered =
  | { readonly cause: Cause }
  | { readonly refused: string; readonly bound: string }
  | { readonly no: string };

/** Judges an occurrence by what a pipeline says of events. @throws bad_input, not_found for a filter that makes no sense */
export async function triggered(
  store: Store,
  view: View,
  { name, on }: Pick<Pipeline, "name" | "on">,
  occurrence: Occurrence,
): Promise<Triggered> {
  const { event, ticket, key } = occurrence;
  const { id } = event.ticket;
  if (on === null) return { no: "it is run by hand alone" };
  const why = whyNot(on, occurrence);
  if (why !== undefined) return { no: why };
  const row = runsAbove(view, occurrence.run);
  if (!on.self && row.some((run) => run.fields.pipeline === name))
    return { no: `${id} comes from a run of ${name} itself, and on.self is not true` };
  if (!(await passes(store, view, on, id))) return { no: `${id} does not pass where: ${on.where}` };
  const chain = row.length === 0 ? 1 : chainAfter(row);
  const about = `${event.event} of ${id}`;
  if (chain > MAX_CHAIN) {
    const fact = `${about} began no run of pipeline ${name}: ${MAX_CHAIN} runs that follow from each other are the most`;
    return { refused: `${fact} (${row.map((run) => run.id).join(", ")})`, bound: "chain" };
  }
  const by = causeBehind(event.actor, row[0]);
  const causedBy = by === undefined ? {} : { by };
  const input = { ticket: id, event: key, name: event.event, actor: event.actor, ...causedBy, chain };
  return { cause: { key, at: event.at, input, origin: ticket?.fields.origin, about } };
}

/** Who caused what a pipeline did: whoever began its run. */
function causeBehind(actor: string, run: Ticket | undefined): string | undefined {
  if (pipelineOfActor(actor) === undefined || run === undefined) return undefined;
  const before = readRunInput(run.fields.pipelineInput);
  return before.by ?? before.actor;
}

function whyNot(on: Trigger, { names, ticket, event }: Occurrence): string | undefined {
  const { id } = event.ticket;
  if (!names.some((one) => on.events.includes(one))) return `it waits for ${on.events.join(", ")}`;
  if (ticket === undefined) return `${id} cannot be read`;
  if (ticket.fields.pipeline !== undefined) return `${id} is itself a run of a pipeline, and these begin none`;
  if (ticket.fields.unconfirmed !== undefined) return `${id} was changed by hand and waits for a person's confirm`;
  if (ticket.fields.origin === undefined || on.foreign) return undefined;
  return `${id} came from ${ticket.fields.origin}, nobody here has accepted it, and on.foreign is not true`;
}

/** The runs that something comes from: its own, the one whose ticket began that, and so on. */
export function runsAbove(view: View, id: string | undefined): Ticket[] {
  const found: Ticket[] = [];
  for (let next = id; next !== undefined && found.length <= MAX_CHAIN; ) {
    const run: Ticket | undefined = view.byId.get(next);
    if (run === undefined || found.includes(run)) break;
    found.push(run);
    next = view.byId.get(readRunInput(run.fields.pipelineInput).ticket ?? "")?.fields.pipelineRun;
  }
  return found;
}

/** The place of a run that comes from these. */
export function chainAfter([first]: readonly Ticket[]): number {
  return first === undefined ? 1 : readRunInput(first.fields.pipelineInput).chain + 1;
}

/** Filters judge the ticket as it is now. */
async function passes(store: Store, view: View, { where }: Trigger, id: string): Promise<boolean> {
  if (where === undefined) return true;
  const ticket = view.byId.get(id);
  if (ticket === undefined) return false;
  const test = await queryTest({ store, view, tickets: view.tickets }, where);
  return test(ticket);
}
