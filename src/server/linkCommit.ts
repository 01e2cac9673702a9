import { invoke } from "../actions/action.ts";
import { show } from "../actions/show.ts";
import { type Updated, update } from "../actions/update.ts";
import { AyoError } from "../error.ts";
import { readJson } from "./readInput.ts";
import { findWorkflow, type Workflow } from "./workflow.ts";

/**
 * `POST /tickets/link-commit` of seed 000: records a commit in the ticket's file. Commits whose messages name a ticket
 * need no such call.
 * @throws bad_input, not_found, conflict
 */
export async function linkCommit(request: Request, workflows: readonly Workflow[]): Promise<Updated> {
  const { workflow_id, ticket_id, id = ticket_id, commit_sha } = await readJson(request);
  if (typeof id !== "string") throw new AyoError("bad_input", "ticket_id is missing", { data: { field: "ticket_id" } });
  if (typeof commit_sha !== "string" || !/^[0-9a-f]{7,64}$/i.test(commit_sha)) {
    throw new AyoError("bad_input", "commit_sha is the id of a commit, 7 to 64 hexadecimal digits", {
      data: { field: "commit_sha" },
    });
  }
  const store = findWorkflow(workflows, typeof workflow_id === "string" ? workflow_id : undefined).store();
  const shown = await invoke(show, store, { id });
  if (!("ticket" in shown)) throw new AyoError("bad_ticket", shown.problem.message, { data: { ...shown.problem } });
  const { commits, version } = shown.ticket;
  const all = [...new Set([...commits, commit_sha.toLowerCase()])].join(",");
  const as = request.headers.get("x-agent-id") ?? undefined;
  return invoke(update, store, {
    ids: [shown.ticket.id],
    set: { commits: all },
    ifMatch: version,
    ...(as ? { as } : {}),
  });
}
