import { get, type StoreVerb } from "./verb.ts";

/** Verbs for the programs that a store calls, and for the agents that call it. */
export const HOOKS_AND_AGENTS = {
  "hooks list": {
    load: async () => (await import("../hooks/hooksList.ts")).hooksList,
    cli: "ayo",
    library: ["listHooks", "The store's hooks, and whether they run on this machine."],
    rest: [get("/hooks", "HookList")],
  },
  "hooks allow": {
    load: async () => (await import("../hooks/hooksAllow.ts")).hooksAllow,
    cli: "ayo",
    library: ["allowHooks", "Lets hooks run on this machine, as they are now."],
  },
  "hooks deny": {
    load: async () => (await import("../hooks/hooksAllow.ts")).hooksDeny,
    cli: "ayo",
    library: ["denyHooks", "Keeps hooks from running on this machine."],
  },
  "hooks run": {
    load: async () => (await import("../hooks/hooksRun.ts")).hooksRun,
    cli: "ayo",
    library: ["runHooks", "Runs an event's hooks for a ticket, as if it had happened."],
  },
  "hooks install": {
    load: async () => (await import("../hooks/hooksInstall.ts")).hooksInstall,
    cli: "ayo",
  },
  "hooks uninstall": {
    load: async () => (await import("../hooks/hooksUninstall.ts")).hooksUninstall,
    cli: "ayo",
  },
  "hooks check-message": {
    load: async () => (await import("../hooks/checkMessage.ts")).checkMessage,
    cli: "ayo",
    library: ["checkMessage", "Whether a task's description or a commit message names tickets as it should."],
  },
  "hooks log": {
    load: async () => (await import("../hooks/hooksLog.ts")).hooksLog,
    cli: "ayo",
    library: ["readHookLog", "How hooks went on this machine, the last first."],
    rest: [get("/hooks/log", "HookLog")],
  },
  "agents add": {
    load: async () => (await import("../agents/agentsAdd.ts")).agentsAdd,
    cli: "ayo",
    library: ["addAgent", "Writes an agent into agents.yml; it runs once a person allows it on this machine."],
  },
  "agents init": {
    load: async () => (await import("../agents/agentsInit.ts")).agentsInit,
    cli: "ayo",
    library: [
      "initAgents",
      "Writes the files by which a harness's agents learn of the tickets, or takes them away. Needs `yes: true`.",
    ],
  },
  "agents join": {
    load: async () => (await import("../agents/agentsJoin.ts")).agentsJoin,
    cli: "ayo",
  },
  "agents leave": {
    load: async () => (await import("../agents/agentsJoin.ts")).agentsLeave,
    cli: "ayo",
  },
  "agents list": {
    load: async () => (await import("../agents/agentsList.ts")).agentsList,
    library: ["listAgents", "The agents: where they work, what they hold, how much they were given."],
    rest: [get("/agents", "AgentList")],
  },
  "agents whoami": {
    load: async () => (await import("../agents/agentsWhoami.ts")).agentsWhoami,
    cli: "ayo",
    rest: [get("/agents/whoami", "Whoami")],
  },
  "agents prime": {
    load: async () => (await import("../agents/agentsPrime.ts")).agentsPrime,
    cli: "ayo",
    library: ["primeAgent", "Who an agent is, what it holds, what is ready; `text` says that and how to work."],
    rest: [get("/agents/prime", "Primed")],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
