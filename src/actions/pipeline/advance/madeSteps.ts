import type { Draft } from "../../../store/change/draft.ts";
import { readArchived } from "../../../store/disk/archive/archive.ts";
import { archiveOf } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { stepOfKey } from "../../../ticket/pipeline/pipeline.ts";
import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";

/** By step, the tickets that it made, in the order in which they were made. */
export type MadeSteps = ReadonlyMap<string, readonly Ticket[]>;

/** The tickets that the steps of a run made. */
export async function madeSteps(store: Store, { view }: Pick<Draft, "view">, run: string): Promise<MadeSteps> {
  const archived = (await archiveOf(store, view)).children(run).filter(({ id }) => !view.byId.has(id));
  const old = (await Promise.all(archived.map(({ path }) => readArchived(store, path)))).filter(
    (one) => one !== undefined,
  );
  const made = new Map<string, Ticket[]>();
  const tickets = [...view.tickets.filter((ticket) => fieldOf(ticket, "pipelineRun") === run), ...old];
  for (const ticket of tickets.sort(inOrder)) {
    const step = ticket.fields.pipelineRun === run ? stepOfKey(ticket.fields.once, run) : undefined;
    if (step !== undefined) made.set(step, [...(made.get(step) ?? []), ticket]);
  }
  return made;
}

function inOrder(one: Ticket, other: Ticket): number {
  const [left, right] = [`${one.fields.created} ${one.id}`, `${other.fields.created} ${other.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
