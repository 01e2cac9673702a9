import { answer } from "../actions/answer.ts";
import { approve } from "../actions/approve.ts";
import { archive } from "../actions/archive.ts";
import { ask } from "../actions/ask.ts";
import { assign } from "../actions/assign.ts";
import { batch } from "../actions/batch/batch.ts";
import { block } from "../actions/block.ts";
import { blocked } from "../actions/blocked.ts";
import { board } from "../actions/board.ts";
import { cancel } from "../actions/cancel.ts";
import { check, uncheck } from "../actions/checkCriteria.ts";
import { claim } from "../actions/claim.ts";
import { close } from "../actions/close.ts";
import { closed } from "../actions/closed.ts";
import { commits } from "../actions/commits.ts";
import { config } from "../actions/config/config.ts";
import { confirm } from "../actions/confirm.ts";
import { create } from "../actions/create.ts";
import { deleteTickets } from "../actions/delete.ts";
import { depAdd } from "../actions/depAdd.ts";
import { depRemove } from "../actions/depRemove.ts";
import { depTree } from "../actions/depTree.ts";
import { duplicate } from "../actions/duplicate.ts";
import { duplicates } from "../actions/duplicates.ts";
import { edit } from "../actions/edit.ts";
import { fail } from "../actions/fail.ts";
import { graph } from "../actions/graph/graph.ts";
import { history } from "../actions/history.ts";
import { link } from "../actions/link.ts";
import { list } from "../actions/list.ts";
import { note } from "../actions/note.ts";
import { ready } from "../actions/ready.ts";
import { reject } from "../actions/reject.ts";
import { release } from "../actions/release.ts";
import { renew } from "../actions/renew.ts";
import { reopen } from "../actions/reopen.ts";
import { searchTickets } from "../actions/search/search.ts";
import { show } from "../actions/show/show.ts";
import { start } from "../actions/start.ts";
import { stats } from "../actions/stats/stats.ts";
import { status } from "../actions/status.ts";
import { submit } from "../actions/submit.ts";
import { unblock } from "../actions/unblock.ts";
import { undo } from "../actions/undo/undo.ts";
import { unlink } from "../actions/unlink.ts";
import { update } from "../actions/update.ts";
import { type Route, route } from "./route.ts";

const JSON_GRAPH = { format: "json" };

/** Every route that is an action: one line each. What is no action is in app.ts. */
export const ROUTES: readonly Route[] = [
  route("get", "/tickets", list, { answer: "Tickets", pages: true, ofView: true }),
  route("post", "/tickets", create, { answer: "TicketMade", makes: true }),
  route("get", "/tickets/{id}", show, { answer: "TicketShown" }),
  route("patch", "/tickets/{id}", update, { answer: "TicketsWritten" }),
  route("delete", "/tickets/{id}", deleteTickets, { answer: "Written", sets: { yes: true } }),
  route("put", "/tickets/{id}/text", edit, { answer: "Written", summary: "Replace a ticket's whole text" }),
  route("get", "/tickets/{id}/graph", graph, { answer: "Graph", sets: JSON_GRAPH }),
  route("get", "/tickets/{id}/tree", depTree),
  route("get", "/tickets/{id}/history", history, { answer: "History" }),
  route("get", "/tickets/{id}/commits", commits, { answer: "Commits" }),
  route("post", "/tickets/{id}/comments", note, { answer: "Written" }),
  route("post", "/tickets/{id}/start", start, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/claim", claim, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/release", release, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/renew", renew, { answer: "TicketsWritten" }),
  route("post", "/claims", claim, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/close", close, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/reopen", reopen, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/block", block, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/unblock", unblock, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/cancel", cancel, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/fail", fail, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/status", status, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/submit", submit, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/approve", approve, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/confirm", confirm, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/reject", reject, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/ask", ask, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/answer", answer, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/check", check, { answer: "Written" }),
  route("post", "/tickets/{id}/uncheck", uncheck, { answer: "Written" }),
  route("post", "/tickets/{id}/assign", assign, { answer: "TicketsWritten" }),
  route("post", "/tickets/{id}/duplicate", duplicate, { answer: "Written" }),
  route("post", "/tickets/{id}/dependencies", depAdd, { answer: "Written" }),
  route("delete", "/tickets/{id}/dependencies/{dep}", depRemove, { answer: "Written" }),
  route("post", "/links", link, { answer: "Written" }),
  route("post", "/links/delete", unlink, { answer: "Written" }),
  route("get", "/ready", ready, { answer: "Tickets", pages: true, ofView: true }),
  route("get", "/blocked", blocked, { answer: "Tickets", pages: true, ofView: true }),
  route("get", "/closed", closed, { answer: "Tickets", pages: true, ofView: true }),
  route("get", "/board", board, { answer: "Board", ofView: true }),
  route("get", "/graph", graph, { answer: "Graph", sets: JSON_GRAPH, ofView: true }),
  route("get", "/search", searchTickets, { answer: "Tickets" }),
  route("get", "/duplicates", duplicates),
  route("get", "/stats", stats),
  route("get", "/history", history, { answer: "History" }),
  route("get", "/commits", commits, { answer: "Commits" }),
  route("put", "/config/{key}", config, { answer: "Written", loose: true }),
  route("post", "/batch", batch, { answer: "Written" }),
  route("post", "/archive", archive, { answer: "Written" }),
  route("post", "/undo", undo, { answer: "Written" }),

  // What programs written for the server of seed 000 call.
  route("post", "/tickets/create", create, { answer: "TicketMade", makes: true, alias: true }),
  route("post", "/tickets/change-status", status, { answer: "TicketsWritten", alias: true }),
  route("post", "/tickets/comment", note, { answer: "Written", alias: true }),
  route("post", "/tickets/resolve", close, { answer: "TicketsWritten", alias: true }),
  route("post", "/tickets/approve", approve, { answer: "TicketsWritten", alias: true }),
  route("post", "/tickets/reject", reject, { answer: "TicketsWritten", alias: true }),
  route("post", "/tickets/search", searchTickets, { answer: "Tickets", alias: true }),
  route("get", "/tickets/stats/{workflow_id}", stats, { alias: true }),
];
