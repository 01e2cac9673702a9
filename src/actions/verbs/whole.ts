import { get, post, put, remove, type StoreVerb } from "./verb.ts";

const JSON_GRAPH = { format: "json" };

/** Verbs that read or change many tickets, or the store itself. */
export const WHOLE = {
  duplicates: {
    load: async () => (await import("../duplicates.ts")).duplicates,
    cli: "ticket",
    library: ["findDuplicates", "Pairs of tickets that are likely about the same."],
    rest: [get("/duplicates", "Duplicates")],
  },
  graph: {
    load: async () => (await import("../graph/graph.ts")).graph,
    cli: "ticket",
    rest: [
      get("/tickets/{id}/graph", "Graph", { sets: JSON_GRAPH }),
      get("/graph", "Graph", { sets: JSON_GRAPH, ofView: true }),
    ],
    tool: { name: "ticket_graph", show: "id format all" },
  },
  tree: {
    load: async () => (await import("../tree.ts")).tree,
    cli: "ticket",
    library: ["delegationTree", "The parts of tickets, who handed them on to whom, and how they stand."],
    rest: [get("/tickets/{id}/parts", "Parts"), get("/parts", "Parts")],
    tool: { name: "ticket_tree", show: "id all" },
  },
  history: {
    load: async () => (await import("../history.ts")).history,
    cli: "ticket",
    aliases: ["log"],
    library: ["ticketHistory", "Who changed what when: of one ticket, or of the whole store."],
    rest: [get("/tickets/{id}/history", "History"), get("/history", "History")],
    tool: { name: "ticket_history", show: "id since actor limit" },
  },
  channel: {
    load: async () => (await import("../channel/channel.ts")).channel,
    library: ["ticketChannel", "What was said and done on a ticket: its last messages, or all since a position."],
    rest: [
      get("/tickets/{id}/channel", "Channel", {
        summary:
          "Tell what was said and done on a ticket lately, or since a position; to who accepts text/event-stream also what comes, as /events has it",
      }),
    ],
    tool: { name: "ticket_channel", show: "id since tail" },
  },
  stats: {
    load: async () => (await import("../stats/stats.ts")).stats,
    cli: "ticket",
    library: ["getStats", "Counts tickets, how long they take, what they cost, and when they are likely to be done."],
    rest: [
      get("/stats", "Stats", { ofView: true }),
      get("/tickets/stats/{workflow_id}", "Stats", { alias: true, ofView: true }),
    ],
    tool: { name: "ticket_stats", show: "" },
  },
  batch: {
    load: async () => (await import("../batch/batch.ts")).batch,
    cli: "ticket",
    library: [
      "applyBatch",
      'Makes many changes at once, all or none, in one commit: `{operations: [{op: "close", id: "…"}]}`.',
    ],
    rest: [post("/batch", "Batched")],
    tool: { name: "batch", show: "operations" },
  },
  commits: {
    load: async () => (await import("../commits.ts")).commits,
    cli: "ticket",
    library: ["listCommits", "Commits of the project whose messages name a ticket, or all that name any."],
    rest: [get("/tickets/{id}/commits", "Commits"), get("/commits", "Commits")],
  },
  diff: {
    load: async () => (await import("../diff.ts")).diff,
    cli: "ticket",
    library: ["showDiff", "What the work on a ticket has changed: its branch since it left the base, or its commits."],
    rest: [get("/tickets/{id}/diff", "TicketDiff")],
  },
  "commit diff": {
    load: async () => (await import("../commitDiff.ts")).commitDiff,
    library: ["showCommit", "A commit that belongs to a ticket, with what it changed."],
    rest: [
      get("/commits/{commit}/diff", "CommitDiff"),
      get("/tickets/commit-diff/{commit_sha}", "CommitDiff", { alias: true }),
    ],
  },
  archive: {
    load: async () => (await import("../archive.ts")).archive,
    cli: "ticket",
    library: ["archiveTickets", "Moves long finished tickets into month folders."],
    rest: [post("/archive", "TicketsWritten")],
  },
  prune: {
    load: async () => (await import("../prune/prune.ts")).prune,
    cli: "ayo",
    library: [
      "pruneStore",
      "Removes old logs of runs and hooks, what was set aside, ended claims and merged worktrees; never tickets.",
    ],
  },
  delete: {
    load: async () => (await import("../delete.ts")).deleteTickets,
    cli: "ticket",
    aliases: ["rm", "remove"],
    library: ["deleteTickets", "Deletes tickets; git keeps them. Needs `yes: true`."],
    rest: [remove("/tickets/{id}", "TicketsWritten", { sets: { yes: true } })],
  },
  init: {
    load: async () => (await import("../init.ts")).init,
    cli: "ayo",
    library: ["initStore", "Makes sure that a store has its journal, or says which one it has."],
  },
  board: {
    load: async () => (await import("../board.ts")).board,
    cli: "ayo",
    rest: [get("/board", "Board", { ofView: true })],
  },
  import: {
    load: async () => (await import("../import/import.ts")).importTickets,
    cli: "ayo",
    rest: [post("/import", "Imported", { sets: { path: "-" }, takesLines: "text" })],
  },
  export: {
    load: async () => (await import("../export/export.ts")).exportTickets,
    cli: "ayo",
    rest: [get("/export", "Exported")],
  },
  recap: {
    load: async () => (await import("../recap/recap.ts")).recap,
    cli: "ayo",
    library: [
      "recapStore",
      "What needs a person, and what happened since the actor last looked, which is recorded unless `since` or `peek` is given.",
    ],
    rest: [
      get("/recap", "Recap", { sets: { peek: true } }),
      post("/recap", "Recap", { summary: "Tell what happened since you last looked, and record that you did" }),
    ],
  },
  inbox: {
    load: async () => (await import("../inbox/inbox.ts")).inbox,
    cli: "ayo",
    library: ["readInbox", "What needs the actor: questions, reviews, mentions, what others handed over."],
    rest: [
      get("/inbox", "Inbox", { sets: { new: false } }),
      post("/inbox", "Inbox", { sets: { new: true }, summary: "Tell what you were not told of before, once" }),
    ],
    tool: { name: "inbox", show: "kind limit" },
  },
  "inbox done": {
    load: async () => (await import("../inbox/inboxDone.ts")).inboxDone,
    cli: "ayo",
    library: ["inboxDone", "Puts lines of the actor's inbox away for good, or with `undo` has them back."],
    rest: [post("/inbox/done", "InboxPutAway")],
    tool: { name: "inbox_done", show: "keys undo" },
  },
  "inbox snooze": {
    load: async () => (await import("../inbox/inboxDone.ts")).inboxSnooze,
    cli: "ayo",
    library: ["snoozeInbox", "Puts lines of the actor's inbox away until a time."],
    rest: [post("/inbox/snooze", "InboxPutAway")],
    tool: { name: "inbox_snooze", show: "keys until" },
  },
  undo: {
    load: async () => (await import("../undo/undo.ts")).undo,
    cli: "ayo",
    library: [
      "undoChange",
      "Takes back the actor's last change, a ticket's last one, or a commit; what others changed since stays.",
    ],
    rest: [post("/undo", "Undone")],
  },
  redo: {
    load: async () => (await import("../undo/undo.ts")).redo,
    cli: "ayo",
    library: ["redoChange", "Brings back what the actor undid last, or what was undone of a ticket or a commit."],
    rest: [post("/redo", "Undone")],
  },
  doctor: {
    load: async () => (await import("../doctor/doctor.ts")).doctor,
    cli: "ayo",
    rest: [
      get("/doctor", "Examined", { sets: { fix: false }, summary: "Find what is wrong with the store" }),
      post("/doctor", "Examined", { sets: { fix: true }, summary: "Mend what can be mended safely" }),
    ],
  },
  config: {
    load: async () => (await import("../config/config.ts")).config,
    cli: "ayo",
    library: [
      "configureStore",
      "Settings and where they come from; with `value` one is changed, with `unset` it is taken out of config.yml.",
    ],
    rest: [
      put("/config/{key}", "Configured", { loose: true }),
      remove("/config/{key}", "Configured", { sets: { unset: true }, summary: "Take a setting back" }),
    ],
  },
  sync: {
    load: async () => (await import("../sync/sync.ts")).sync,
    cli: "ayo",
    library: [
      "syncStore",
      "Brings what others did, merges it and sends what was done here, through a git remote. The first time needs `yes: true`.",
    ],
  },
  "sync again": {
    load: async () => (await import("../sync/sync.ts")).syncAgain,
    rest: [post("/sync", "Synced")],
    tool: { name: "sync_tickets", show: "" },
  },
  "sync status": {
    load: async () => (await import("../sync/syncStatus.ts")).syncStatus,
    cli: "ayo",
    library: ["syncStatus", "Where the tickets are shared, what was not sent yet, and when others were last heard of."],
    rest: [get("/sync", "SyncStatus")],
  },
  allow: {
    load: async () => (await import("../allow/allow.ts")).allow,
    cli: "ayo",
    library: [
      "allowEffects",
      "What takes effect in a store (hooks, agents, URLs), or with `what` or `all` a person's yes to it on this machine.",
    ],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
