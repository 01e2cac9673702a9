import { approve } from "../actions/approve.ts";
import { ask } from "../actions/ask.ts";
import { batch } from "../actions/batch/batch.ts";
import { block } from "../actions/block.ts";
import { claim } from "../actions/claim.ts";
import { close } from "../actions/close.ts";
import { create } from "../actions/create.ts";
import { depAdd } from "../actions/depAdd.ts";
import { graph } from "../actions/graph/graph.ts";
import { history } from "../actions/history.ts";
import { linkCommit } from "../actions/linkCommit.ts";
import { list } from "../actions/list.ts";
import { note } from "../actions/note.ts";
import { ready } from "../actions/ready.ts";
import { reject } from "../actions/reject.ts";
import { release } from "../actions/release.ts";
import { renew } from "../actions/renew.ts";
import { searchTickets } from "../actions/search/search.ts";
import { show } from "../actions/show/show.ts";
import { start } from "../actions/start.ts";
import { stats } from "../actions/stats/stats.ts";
import { status } from "../actions/status.ts";
import { submit } from "../actions/submit.ts";
import { update } from "../actions/update.ts";
import * as brief from "./brief.ts";
import { type Tool, tool } from "./tool.ts";

/** A list ends here unless a limit is given. */
const LIMIT = { limit: 20 };

/** Every tool: one line for an action. */
export const TOOLS: readonly Tool[] = [
  tool("create_ticket", create, {
    core: true,
    show: "title description type priority assignee deps parent tags acceptance once",
    brief: brief.created,
  }),
  tool("search_tickets", searchTickets, { core: true, show: "query status limit", brief: brief.found }),
  tool("get_ticket", show, { core: true, show: "id", brief: brief.shown }),
  tool("ready_tickets", ready, {
    core: true,
    show: "query assignee role tag limit",
    brief: brief.listed,
    defaults: LIMIT,
  }),
  tool("list_tickets", list, {
    show: "query status assignee type tag priority parent project all sort limit",
    brief: brief.listed,
    defaults: LIMIT,
  }),
  tool("claim_ticket", claim, {
    core: true,
    show: "ids query role lease wait",
    summary: "Take a ticket so that nobody else does: the best ready one, or those named",
    brief: brief.claimed,
    complete: (input) => (input.ids === undefined ? { ...input, next: true } : input),
  }),
  tool("release_ticket", release, { show: "ids message", brief: brief.moved }),
  tool("renew_claim", renew, { show: "ids lease", brief: brief.renewed }),
  tool("start_ticket", start, { show: "ids message force", brief: brief.moved }),
  tool("change_ticket_status", status, { core: true, show: "ids column message force", brief: brief.moved }),
  tool("update_ticket", update, {
    core: true,
    show: "ids title description replace ifMatch type priority assignee addTag removeTag deps parent due set message",
    brief: brief.updated,
  }),
  tool("add_ticket_comment", note, { core: true, show: "id text", brief: brief.noted }),
  tool("resolve_ticket", close, { core: true, show: "ids message force", brief: brief.moved }),
  tool("submit_ticket", submit, { show: "ids message", brief: brief.moved }),
  tool("approve_ticket", approve, { show: "ids all message", brief: brief.moved }),
  tool("reject_ticket", reject, { show: "ids message", brief: brief.moved }),
  tool("ask_human", ask, { show: "id question", brief: brief.moved }),
  tool("block_ticket", block, { show: "ids message", brief: brief.moved }),
  tool("link_commit", linkCommit, { show: "id commit", brief: brief.updated }),
  tool("add_dependency", depAdd, { show: "id dep", brief: brief.depended }),
  tool("ticket_graph", graph, { show: "id format all", brief: brief.graphed, defaults: { format: "json" } }),
  tool("ticket_history", history, { show: "id since actor limit", brief: brief.told, defaults: LIMIT }),
  tool("ticket_stats", stats, { show: "", brief: brief.counted }),
  tool("batch", batch, { show: "operations", brief: brief.batched }),
];
