import { get, patch, post, put, remove, type Verb } from "./verb.ts";

/** Verbs for what a ticket says, and how it relates to others. */
export const CONTENT = {
  assign: {
    load: async () => (await import("../assign.ts")).assign,
    cli: "ticket",
    batch: true,
    library: ["assignTickets", "Gives tickets to an agent or a person."],
    rest: [post("/tickets/{id}/assign", "Assigned")],
  },
  rank: {
    load: async () => (await import("../rank.ts")).rank,
    cli: "ticket",
    batch: true,
    library: ["rankTickets", "Orders tickets by hand within their column and priority."],
    rest: [post("/tickets/{id}/rank", "TicketsRanked")],
    tool: { name: "rank_ticket", show: "ids before after first last" },
  },
  note: {
    load: async () => (await import("../note.ts")).note,
    cli: "ticket",
    aliases: ["add-note", "comment"],
    batch: true,
    library: ["addNote", "Appends a timestamped note."],
    rest: [
      post("/tickets/{id}/comments", "Noted"),
      post("/tickets/comment", "Noted", { alias: true, takes: ["comment_type", "mentions"] }),
    ],
    tool: { name: "add_ticket_comment", core: true, show: "id text" },
  },
  follow: {
    load: async () => (await import("../follow.ts")).follow,
    cli: "ticket",
    batch: true,
    library: ["followTicket", "Makes somebody a follower of a ticket."],
    rest: [post("/tickets/{id}/followers", "Followed")],
  },
  unfollow: {
    load: async () => (await import("../follow.ts")).unfollow,
    cli: "ticket",
    batch: true,
    library: ["unfollowTicket", "Makes somebody a follower of a ticket no longer."],
    rest: [remove("/tickets/{id}/followers/{who}", "Followed")],
  },
  update: {
    load: async () => (await import("../update.ts")).update,
    cli: "ticket",
    batch: true,
    library: ["updateTickets", "Changes fields, title or description, and no other byte."],
    rest: [
      patch("/tickets/{id}", "TicketsWritten"),
      post("/tickets/update", "TicketsWritten", { alias: true, sets: { replace: true }, takes: ["updates"] }),
    ],
    tool: {
      name: "update_ticket",
      core: true,
      show: "ids title description replace ifMatch type priority assignee addTag removeTag deps parent due set message",
    },
  },
  edit: {
    load: async () => (await import("../edit.ts")).edit,
    cli: "ticket",
    rest: [put("/tickets/{id}/text", "Edited", { summary: "Replace a ticket's whole text" })],
  },
  "link commit": {
    load: async () => (await import("../linkCommit.ts")).linkCommit,
    rest: [
      post("/tickets/{id}/commits", "TicketsWritten"),
      post("/tickets/link-commit", "TicketsWritten", { alias: true, takes: ["commit_message"] }),
    ],
    tool: { name: "link_commit", show: "id commit" },
  },
  "dep add": {
    load: async () => (await import("../depAdd.ts")).depAdd,
    cli: "ticket",
    batch: ["dep"],
    library: ["addDependency", "Makes a ticket wait for another; refuses cycles."],
    rest: [post("/tickets/{id}/dependencies", "DependencyChanged")],
    tool: { name: "add_dependency", show: "id dep" },
  },
  "dep remove": {
    load: async () => (await import("../depRemove.ts")).depRemove,
    cli: "ticket",
    aliases: ["undep"],
    batch: true,
    library: ["removeDependency", "Lets a ticket wait for another no longer."],
    rest: [remove("/tickets/{id}/dependencies/{dep}", "DependencyChanged")],
  },
  "dep tree": {
    load: async () => (await import("../depTree.ts")).depTree,
    cli: "ticket",
    rest: [get("/tickets/{id}/tree", "Tree")],
  },
  "dep cycle": {
    load: async () => (await import("../depCycle.ts")).depCycle,
    cli: "ticket",
    rest: [get("/cycles", "Cycles")],
  },
  link: {
    load: async () => (await import("../link.ts")).link,
    cli: "ticket",
    batch: true,
    library: ["linkTickets", "Relates tickets to each other, in all their files."],
    rest: [post("/links", "Linked")],
  },
  unlink: {
    load: async () => (await import("../unlink.ts")).unlink,
    cli: "ticket",
    batch: true,
    library: ["unlinkTickets", "Relates tickets no longer."],
    rest: [post("/links/delete", "Linked")],
  },
  duplicate: {
    load: async () => (await import("../duplicate.ts")).duplicate,
    cli: "ticket",
    batch: true,
    library: ["markDuplicate", "Cancels a ticket in favour of another."],
    rest: [post("/tickets/{id}/duplicate", "Duplicated")],
  },
} as const satisfies Readonly<Record<string, Verb>>;
