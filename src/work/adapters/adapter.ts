import type { AgentEntry } from "../../store/open/agents/agentTypes.ts";
import type { RunEvent } from "./runEvent.ts";

/** What a program is started for. */
export interface Launching {
  readonly entry: AgentEntry;
  /** The worktree: its working directory. */
  readonly dir: string;
  /** The store's directory. */
  readonly storeDir: string;
  /** Directories of git's that `git commit` in the worktree writes to: a sandbox has to let it. None without git. */
  readonly gitDirs: readonly string[];
  /** The session's name: chosen before the start by who can (a UUID), or told by the program that is resumed. */
  readonly session: string;
  readonly isResumed: boolean;
  /** The words that start ayo: for its MCP server. */
  readonly ayo: readonly string[];
  /** Variables that the agent's processes know ayo by: AYO_RUN, AYO_AGENT, AYO_CLAIM, TICKETS_DIR … */
  readonly own: Readonly<Record<string, string>>;
  /** A folder of the run's, closed to agents in a sandbox, for files that a program is given. */
  readonly runDir: string;
  /** A JSON schema that its answer has to fit, where one is asked for. */
  readonly schema?: unknown;
}

/** How a program is started; its prompt comes by stdin, as `hears` writes it where there is that. */
export interface Launch {
  readonly argv: readonly string[];
  /** Variables beside those that every run has. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that must be there before it starts: their texts by their absolute paths, all in the run's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** How ayo talks to one kind of program: data and pure functions. */
export interface Adapter {
  /** Whether the session's name is chosen before the start; else the program tells it. */
  readonly choosesSession: boolean;
  /** Whether a session can be gone on with. */
  readonly resumes: boolean;
  /** Whether a run without an `end` event of its own cannot have gone well. */
  readonly endsByEvent: boolean;
  /** Whether the program is handed the schema; else the prompt has to tell it. Either way ayo checks the answer. */
  readonly takesSchema: boolean;
  /** A text for a program that hears while it works, as a line of its stdin, its prompt first. Undefined where it hears nothing else. */
  readonly hears?: (text: string) => string;
  launch(launching: Launching): Launch;
  /** What a line of its stdout says; never throws. */
  parse(line: string): readonly RunEvent[];
}

/** What the words of a launch begin with: what the program is wrapped in, and the program. */
export function programOf({ entry: { wrap, command } }: Launching): readonly string[] {
  return [...wrap, ...command];
}
