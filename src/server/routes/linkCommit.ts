import { invoke } from "../../actions/input/action.ts";
import { linkCommit as linkCommitAction } from "../../actions/linkCommit.ts";
import type { Updated } from "../../actions/update.ts";
import { AyoError } from "../../error.ts";
import { findWorkflow, type Workflow } from "../workflow.ts";
import { readJson } from "./readInput.ts";

/**
 * `POST /tickets/link-commit`, as programs written for Hephaestus call it: records a commit in the ticket's file.
 * Commits whose messages name a ticket need no such call.
 * @throws bad_input, not_found, conflict
 */
export async function linkCommit(request: Request, workflows: readonly Workflow[]): Promise<Updated> {
  const inQuery = new URL(request.url).searchParams.get("workflow_id") || undefined;
  const { workflow_id = inQuery, ticket_id, id = ticket_id, commit_sha } = await readJson(request);
  if (typeof id !== "string") throw new AyoError("bad_input", "ticket_id is missing", { data: { field: "ticket_id" } });
  if (typeof commit_sha !== "string" || !/^[0-9a-f]{7,64}$/i.test(commit_sha)) {
    throw new AyoError("bad_input", "commit_sha is the id of a commit, 7 to 64 hexadecimal digits", {
      data: { field: "commit_sha" },
    });
  }
  const store = findWorkflow(workflows, typeof workflow_id === "string" ? workflow_id : undefined).store();
  const as = request.headers.get("x-agent-id") ?? undefined;
  return invoke(linkCommitAction, store, { id, commit: commit_sha, as });
}
