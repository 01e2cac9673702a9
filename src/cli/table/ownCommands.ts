import type { CommandTable, LoadCommand } from "./command.ts";

/** Commands that are no verb: they run something, or tell of the table of commands, which is handed in. */
export const OWN_COMMANDS: Readonly<Record<string, (table: CommandTable) => ReturnType<LoadCommand>>> = {
  "ticket query": () => import("../commands/list.ts").then((m) => m.query),
  work: () => import("../commands/work.ts").then((m) => m.work),
  serve: () => import("../commands/serve.ts").then((m) => m.serve),
  mcp: () => import("../commands/mcp.ts").then((m) => m.mcp),
  "merge-file": () => import("../commands/mergeFile.ts").then((m) => m.mergeFile),
  tui: () => import("../commands/tui.ts").then((m) => m.tui),
  watch: () => import("../commands/watch.ts").then((m) => m.watch),
  capabilities: (table) => import("../commands/capabilities.ts").then((m) => m.capabilities(table)),
  version: () => import("../commands/version.ts").then((m) => m.version),
  help: (table) => import("../commands/help.ts").then((m) => m.help(table)),
  completion: (table) => import("../commands/completion.ts").then((m) => m.completion(table)),
};

/** Commands that ayo starts itself: in no help, no completion, and no list of commands. */
export const INNER_COMMANDS: Readonly<Record<string, LoadCommand>> = {
  "work-acp": () => import("../commands/workAcp.ts").then((m) => m.workAcp),
};
