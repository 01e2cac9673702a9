import { AyoError } from "../error.ts";
import type { Command } from "./command.ts";
import { nearest } from "./nearest.ts";

type Load = () => Promise<Command>;

/** `ayo ticket <verb>`: the verbs, each loaded when it is called. */
const TICKET: Readonly<Record<string, Load>> = {
  create: () => import("./commands/create.ts").then((m) => m.create),
  list: () => import("./commands/lists.ts").then((m) => m.list),
  ready: () => import("./commands/lists.ts").then((m) => m.ready),
  blocked: () => import("./commands/lists.ts").then((m) => m.blocked),
  closed: () => import("./commands/lists.ts").then((m) => m.closed),
  query: () => import("./commands/lists.ts").then((m) => m.query),
  search: () => import("./commands/search.ts").then((m) => m.search),
  show: () => import("./commands/show.ts").then((m) => m.show),
  claim: () => import("./commands/claim.ts").then((m) => m.claim),
  release: () => import("./commands/release.ts").then((m) => m.release),
  renew: () => import("./commands/renew.ts").then((m) => m.renew),
  start: () => import("./commands/lifecycle.ts").then((m) => m.start),
  close: () => import("./commands/lifecycle.ts").then((m) => m.close),
  reopen: () => import("./commands/lifecycle.ts").then((m) => m.reopen),
  block: () => import("./commands/lifecycle.ts").then((m) => m.block),
  unblock: () => import("./commands/lifecycle.ts").then((m) => m.unblock),
  cancel: () => import("./commands/lifecycle.ts").then((m) => m.cancel),
  fail: () => import("./commands/lifecycle.ts").then((m) => m.fail),
  submit: () => import("./commands/review.ts").then((m) => m.submit),
  confirm: () => import("./commands/confirm.ts").then((m) => m.confirm),
  approve: () => import("./commands/review.ts").then((m) => m.approve),
  reject: () => import("./commands/review.ts").then((m) => m.reject),
  check: () => import("./commands/criteria.ts").then((m) => m.check),
  uncheck: () => import("./commands/criteria.ts").then((m) => m.uncheck),
  ask: () => import("./commands/questions.ts").then((m) => m.ask),
  answer: () => import("./commands/questions.ts").then((m) => m.answer),
  status: () => import("./commands/lifecycle.ts").then((m) => m.status),
  assign: () => import("./commands/assign.ts").then((m) => m.assign),
  note: () => import("./commands/note.ts").then((m) => m.note),
  update: () => import("./commands/update.ts").then((m) => m.update),
  edit: () => import("./commands/edit.ts").then((m) => m.edit),
  "dep add": () => import("./commands/dep.ts").then((m) => m.depAdd),
  "dep remove": () => import("./commands/dep.ts").then((m) => m.depRemove),
  "dep tree": () => import("./commands/depTree.ts").then((m) => m.depTree),
  "dep cycle": () => import("./commands/depTree.ts").then((m) => m.depCycle),
  link: () => import("./commands/link.ts").then((m) => m.link),
  unlink: () => import("./commands/link.ts").then((m) => m.unlink),
  duplicate: () => import("./commands/link.ts").then((m) => m.duplicate),
  duplicates: () => import("./commands/duplicates.ts").then((m) => m.duplicates),
  graph: () => import("./commands/graph.ts").then((m) => m.graph),
  history: () => import("./commands/history.ts").then((m) => m.history),
  stats: () => import("./commands/stats.ts").then((m) => m.stats),
  batch: () => import("./commands/batch.ts").then((m) => m.batch),
  commits: () => import("./commands/commits.ts").then((m) => m.commits),
  archive: () => import("./commands/archive.ts").then((m) => m.archive),
  delete: () => import("./commands/delete.ts").then((m) => m.deleteTickets),
};

/** `ayo <verb>`, or `ayo <group> <verb>`; a group that is no verb itself prints its help. */
const TOP: Readonly<Record<string, Load>> = {
  init: () => import("./commands/init.ts").then((m) => m.init),
  board: () => import("./commands/board.ts").then((m) => m.board),
  serve: () => import("./commands/serve.ts").then((m) => m.serve),
  mcp: () => import("./commands/mcp.ts").then((m) => m.mcp),
  watch: () => import("./commands/watch.ts").then((m) => m.watch),
  import: () => import("./commands/import.ts").then((m) => m.importTickets),
  export: () => import("./commands/export.ts").then((m) => m.exportTickets),
  recap: () => import("./commands/recap.ts").then((m) => m.recap),
  undo: () => import("./commands/undo.ts").then((m) => m.undo),
  doctor: () => import("./commands/doctor.ts").then((m) => m.doctor),
  config: () => import("./commands/config.ts").then((m) => m.config),
  allow: () => import("./commands/allow.ts").then((m) => m.allow),
  "hooks list": () => import("./commands/eventHooks.ts").then((m) => m.hooksList),
  "hooks allow": () => import("./commands/eventHooks.ts").then((m) => m.hooksAllow),
  "hooks deny": () => import("./commands/eventHooks.ts").then((m) => m.hooksDeny),
  "hooks run": () => import("./commands/eventHooks.ts").then((m) => m.hooksRun),
  "hooks install": () => import("./commands/gitHooks.ts").then((m) => m.hooksInstall),
  "hooks uninstall": () => import("./commands/gitHooks.ts").then((m) => m.hooksUninstall),
  "hooks check-message": () => import("./commands/gitHooks.ts").then((m) => m.checkMessage),
  "hooks log": () => import("./commands/eventHooks.ts").then((m) => m.hooksLog),
  "agents init": () => import("./commands/agents.ts").then((m) => m.agentsInit),
  "agents join": () => import("./commands/agentNames.ts").then((m) => m.agentsJoin),
  "agents leave": () => import("./commands/agentNames.ts").then((m) => m.agentsLeave),
  "agents whoami": () => import("./commands/agentNames.ts").then((m) => m.agentsWhoami),
  "agents prime": () => import("./commands/agents.ts").then((m) => m.agentsPrime),
  capabilities: () =>
    import("./commands/capabilities.ts").then((m) => m.capabilities({ all: allCommands, aliases: ALIASES })),
  completion: () =>
    import("./commands/completion.ts").then((m) =>
      m.completion({ all: allCommands, find: findCommand, aliases: ALIASES }),
    ),
};

/** Other names for verbs of `ayo ticket`. */
export const ALIASES: Readonly<Record<string, string>> = {
  new: "create",
  ls: "list",
  done: "close",
  complete: "close",
  resolve: "close",
  "add-note": "note",
  comment: "note",
  undep: "dep remove",
  tree: "dep tree",
  "needs-human": "ask",
  rm: "delete",
};

/** What a command line calls: a command with the words for it, or a text to print. */
export type Found =
  | { readonly kind: "command"; readonly load: Load; readonly rest: readonly string[] }
  | { readonly kind: "help"; readonly words: readonly string[] }
  | { readonly kind: "version" };

/** Every command's name and loader, `ticket close` like `init`; for help, completion and machines. */
export function allCommands(): ReadonlyMap<string, Load> {
  const tickets = Object.entries(TICKET).map(([name, load]) => [`ticket ${name}`, load] as const);
  return new Map([...tickets, ...Object.entries(TOP)]);
}

/**
 * Finds the command that a line calls; flags before the verb are kept for it.
 * @throws bad_usage for a verb that there is not
 */
export function findCommand(argv: readonly string[]): Found {
  const [early, words] = splitEarlyFlags(argv);
  const [first, ...rest] = words;
  if (argv.includes("--version") && first === undefined) return { kind: "version" };
  if (first === undefined || first === "help") return { kind: "help", words: rest };
  if (first === "ticket" || first === "t" || first === "tickets") return ticketCommand(early, rest);
  const found = topCommand(early, first, rest);
  if (found !== undefined) return found;
  if (isTicketVerb(first))
    throw unknownVerb(`ayo ${first}`, ["ayo", "ticket", ...words], `'${first}' is a verb of 'ayo ticket'`);
  throw unknownVerb(`ayo ${first}`, ["ayo", "--help"], suggestion(first, ["ticket", ...groupsAndVerbs()]));
}

function topCommand(early: readonly string[], first: string, rest: readonly string[]): Found | undefined {
  const [verb = "", ...after] = rest;
  const inGroup = `${first} ${verb}`;
  if (Object.hasOwn(TOP, inGroup)) return { kind: "command", load: TOP[inGroup] as Load, rest: [...early, ...after] };
  if (Object.hasOwn(TOP, first)) return { kind: "command", load: TOP[first] as Load, rest: [...early, ...rest] };
  const verbs = Object.keys(TOP).flatMap((name) =>
    name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [],
  );
  if (verbs.length === 0) return undefined;
  if (verb === "" || verb === "--help" || verb === "-h") return { kind: "help", words: [first] };
  throw unknownVerb(`ayo ${inGroup}`, ["ayo", first, "--help"], suggestion(verb, verbs));
}

function groupsAndVerbs(): string[] {
  return [...new Set(Object.keys(TOP).map((name) => name.split(" ")[0] as string))];
}

function ticketCommand(early: readonly string[], words: readonly string[]): Found {
  const [verb, ...rest] = words;
  if (verb === undefined || verb.startsWith("-")) {
    if (words.includes("--help") || words.includes("-h")) return { kind: "help", words: ["ticket"] };
    return { kind: "command", load: TICKET.list as Load, rest: [...early, ...words] };
  }
  if (verb === "dep" || verb === "deps") return depCommand(early, rest);
  const name = Object.hasOwn(ALIASES, verb) ? (ALIASES[verb] as string) : verb;
  const load = Object.hasOwn(TICKET, name) ? TICKET[name] : undefined;
  if (load !== undefined) return { kind: "command", load, rest: [...early, ...rest] };
  const known = [...Object.keys(TICKET), ...Object.keys(ALIASES)];
  throw unknownVerb(`ayo ticket ${verb}`, ["ayo", "ticket", "--help"], suggestion(verb, known));
}

/** `dep <id> <dep>` means `dep add`. */
function depCommand(early: readonly string[], words: readonly string[]): Found {
  const [verb = "", ...rest] = words;
  const name = {
    add: "dep add",
    remove: "dep remove",
    rm: "dep remove",
    tree: "dep tree",
    cycle: "dep cycle",
    cycles: "dep cycle",
  }[verb];
  if (name !== undefined) return { kind: "command", load: TICKET[name] as Load, rest: [...early, ...rest] };
  return { kind: "command", load: TICKET["dep add"] as Load, rest: [...early, ...words] };
}

function isTicketVerb(word: string): boolean {
  return Object.hasOwn(TICKET, word) || Object.hasOwn(ALIASES, word) || word === "dep";
}

/** `ayo --dir x --json ticket list`: flags that stand before the verb. */
function splitEarlyFlags(argv: readonly string[]): [string[], string[]] {
  let at = 0;
  while (at < argv.length && argv[at]?.startsWith("-")) {
    at += ["--dir", "--session", "--as", "--fields"].includes(argv[at] as string) ? 2 : 1;
  }
  const early = argv.slice(0, at).filter((word) => !["--help", "-h", "--version"].includes(word) || at < argv.length);
  return [early, argv.slice(at)];
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : "there is no such verb";
}

function unknownVerb(what: string, line: readonly string[], hint: string): AyoError {
  return new AyoError("bad_usage", `unknown command '${what}': ${hint}`, { try: line });
}
