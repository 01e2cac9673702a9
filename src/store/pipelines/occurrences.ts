import { parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { EventName, TicketEvent } from "../../ticket/events/events.ts";
import type { World } from "../../ticket/events/world.ts";
import { pipelineOfActor } from "../../ticket/pipeline/pipeline.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { parse } from "../disk/readFile.ts";
import { readTrailers } from "../events/commitEvents.ts";
import type { Journal } from "../open/store.ts";

/** Something that happened and may begin runs. */
export interface Occurrence {
  readonly event: TicketEvent;
  /** What it counts as. */
  readonly names: readonly EventName[];
  /** What it is called as a trigger: its id; of what a pipeline did, the step, since two machines may do it at once. */
  readonly key: string;
  /** The ticket as the commit has it; one that was deleted, as it was. */
  readonly ticket: Ticket | undefined;
  /** The run that did it, or that the ticket comes from. */
  readonly run: string | undefined;
}

/** What an event is as a trigger. */
export async function occurrenceOf(journal: Journal, world: World, event: TicketEvent): Promise<Occurrence> {
  const step = pipelineOfActor(event.actor) === undefined ? undefined : await stepOfCommit(journal, event.cause.commit);
  const ticket = world.tickets.get(event.ticket.id) ?? (await ticketAt(journal, event));
  return {
    event,
    names: namesOf(event),
    key: step === undefined ? event.id : `${step}#${event.event}#${event.ticket.id}`,
    ticket,
    run: step?.split("/")[1] ?? ticket?.fields.pipelineRun,
  };
}

/** What was done by hand and waited for a person has happened when that says yes. */
function namesOf({ event, changes, ticket }: TicketEvent): readonly EventName[] {
  if (event !== "ticket.confirmed") return [event];
  const from = changes.unconfirmed?.from;
  const keys = Array.isArray(from) ? from : [];
  return [
    event,
    ...(keys.includes("status") && ticket.category === "done" ? (["ticket.closed"] as const) : []),
    ...(keys.includes("assignee") ? (["ticket.assigned"] as const) : []),
  ];
}

async function stepOfCommit({ repository }: Journal, commit: string | null): Promise<string | undefined> {
  if (commit === null) return undefined;
  return readTrailers(parseCommit((await readObject(repository, commit)).bytes).message).get("Pipeline");
}

async function ticketAt({ repository }: Journal, { ticket }: TicketEvent): Promise<Ticket | undefined> {
  // Its objects may have gone with an old branch.
  const found = await readObject(repository, ticket.version).catch(() => undefined);
  if (found === undefined) return undefined;
  const parsed = await parse(found.bytes, ticket.path, ticket.version);
  return "id" in parsed ? parsed : undefined;
}
