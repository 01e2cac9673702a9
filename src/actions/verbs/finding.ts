import { get, post, type Verb } from "./verb.ts";

const PAGES = { pages: true, ofView: true } as const;

/** Verbs that make tickets and find them. */
export const FINDING = {
  create: {
    load: async () => (await import("../create.ts")).create,
    cli: "ticket",
    aliases: ["new", "add"],
    batch: true,
    library: ["createTicket", "Makes a ticket; `ticket.id` names it."],
    rest: [
      post("/tickets", "TicketMade", { makes: true }),
      post("/tickets/create", "TicketMade", { makes: true, alias: true }),
    ],
    tool: {
      name: "create_ticket",
      core: true,
      show: "title description type priority assignee deps parent tags acceptance once",
    },
  },
  list: {
    load: async () => (await import("../list.ts")).list,
    cli: "ticket",
    aliases: ["ls"],
    library: ["listTickets", "Every ticket not archived that passes the filters, unfinished first."],
    rest: [
      get("/tickets", "Tickets", { ...PAGES, takes: ["include_completed"] }),
      get("/tickets/pending-review-count", "Count", { alias: true, sets: { status: "review" }, counts: true }),
    ],
    tool: { name: "list_tickets", show: "query status assignee type tag priority parent project all sort limit" },
  },
  ready: {
    load: async () => (await import("../ready.ts")).ready,
    cli: "ticket",
    library: ["readyTickets", "What can be worked on now, best first."],
    rest: [get("/ready", "ReadyTickets", PAGES)],
    tool: { name: "ready_tickets", core: true, show: "query assignee role tag limit" },
  },
  blocked: {
    load: async () => (await import("../blocked.ts")).blocked,
    cli: "ticket",
    library: ["blockedTickets", "Unfinished tickets that wait for something."],
    rest: [get("/blocked", "Tickets", PAGES)],
  },
  closed: {
    load: async () => (await import("../closed.ts")).closed,
    cli: "ticket",
    library: ["closedTickets", "Finished tickets, the latest first."],
    rest: [get("/closed", "Tickets", PAGES)],
  },
  search: {
    load: async () => (await import("../search/search.ts")).searchTickets,
    cli: "ticket",
    aliases: ["find"],
    library: ["searchTickets", "Tickets by words, by meaning and by filters, best first."],
    rest: [get("/search", "Searched"), post("/tickets/search", "Searched", { alias: true })],
    tool: { name: "search_tickets", core: true, show: "query status limit" },
  },
  show: {
    load: async () => (await import("../show/show.ts")).show,
    cli: "ticket",
    aliases: ["view"],
    library: ["showTicket", "Everything about one ticket, or what is wrong with its file."],
    rest: [get("/tickets/{id}", "TicketShown")],
    tool: { name: "get_ticket", core: true, show: "id" },
  },
} as const satisfies Readonly<Record<string, Verb>>;
