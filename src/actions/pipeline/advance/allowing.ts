import { readFresh } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { beginHere } from "../../../store/pipelines/news.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { fieldOf } from "../../../ticket/ticket.ts";
import { advance } from "./advance.ts";
import { advanceRun } from "./advanceRun.ts";
import { allowedPipeline, allowedPipelines } from "./allowedPipelines.ts";

const GOES_ON: readonly string[] = ["todo", "active"];

/** What happened before a pipeline is allowed is not acted on by it; others hear of it first. Returns what to tell. */
export async function beforeAllowing(store: Store): Promise<readonly string[]> {
  if (store.journal === undefined) return [];
  if (allowedPipelines(store).length > 0) return advance(store);
  beginHere(store.journal);
  return [];
}

/** Goes on with the open runs of all pipelines that are allowed. Returns what to tell. */
export async function goOnWithRuns(store: Store): Promise<readonly string[]> {
  if (store.journal === undefined) return [];
  const view = await readFresh(store);
  const runs = view.tickets.filter(
    (ticket) =>
      fieldOf(ticket, "pipeline") !== undefined && GOES_ON.includes(categoryOf(view.board, ticket.status) ?? ""),
  );
  const told: string[] = [];
  for (const { id } of runs) {
    told.push(...(await advanceRun(store, id, async (name) => allowedPipeline(store, name)?.read())));
  }
  return [...told, ...(await advance(store))];
}
