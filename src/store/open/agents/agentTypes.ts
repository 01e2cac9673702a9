/** The file in the store that says which agents there are and how they are run. */
export const AGENTS_FILE = "agents.yml";

/** How ayo talks to an agent's program. */
export const ADAPTERS = ["claude", "codex", "acp", "command"] as const;
export type Adapter = (typeof ADAPTERS)[number];

/** What an agent may do to files: read them, edit those of its worktree, or whatever its program can. */
export const ACCESS = ["read", "edit", "full"] as const;
export type Access = (typeof ACCESS)[number];

/** How much a run may take; times in milliseconds. */
export interface RunLimits {
  readonly time?: number;
  /** Without a sign of progress. */
  readonly stall?: number;
  readonly tries?: number;
  /** In whatever the adapter reports. */
  readonly cost?: number;
  readonly tokens?: number;
}

/** One agent of agents.yml. */
export interface AgentEntry {
  /** With its `@`. */
  readonly name: string;
  readonly adapter: Adapter;
  readonly command: readonly string[];
  /** With a role it takes unassigned tickets of that role too. */
  readonly roles: readonly string[];
  /** Runs at once. */
  readonly max: number;
  readonly access: Access;
  readonly limits: RunLimits;
  /** A file of the store. */
  readonly prompt?: string;
  /** Names of variables that it gets beside those that are no secrets. */
  readonly env: readonly string[];
  /** A command that its own is started by: a container, a sandbox. */
  readonly wrap: readonly string[];
  /** Who gets what it delegates. */
  readonly lead?: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

/** A command that proves work. */
export interface VerifyEntry {
  /** For the shell. */
  readonly run: string;
  /** Paths and patterns of git's: where the work changed one of them, its passing proves nothing without a person. */
  readonly protect: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly time?: number;
}

/** What agents.yml says. */
export interface AgentsConfig {
  /** The branch that worktrees start from. */
  readonly base?: string;
  /** A command in a new worktree. */
  readonly setup?: string;
  /** Ignored files of the project that a new worktree gets too. */
  readonly copy: readonly string[];
  /** Commands that prove work, by their names. */
  readonly verify: ReadonlyMap<string, VerifyEntry>;
  /** Other repositories that tickets may name. */
  readonly repos: ReadonlyMap<string, string>;
  /** Teams: names with `@` that stand for the first free of several agents. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  readonly agents: ReadonlyMap<string, AgentEntry>;
}

/** What agents.yml says where there is none. */
export const NO_AGENTS: AgentsConfig = {
  copy: [],
  verify: new Map(),
  repos: new Map(),
  teams: new Map(),
  agents: new Map(),
};
