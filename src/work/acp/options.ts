import type { Access } from "../../store/open/agents/agentTypes.ts";
import type { Inbox } from "./inbox.ts";

/** A server of tools that the agent is to start. */
export interface AcpServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** What a program that speaks the Agent Client Protocol is asked to do. */
export interface AcpOptions {
  /** Its words. */
  readonly argv: readonly string[];
  readonly prompt: string;
  /** What comes while it works; none where the prompt is all. */
  readonly inbox?: Inbox;
  /** The session to go on with; else a new one. */
  readonly session?: string;
  readonly mcpServers: readonly AcpServer[];
  readonly access: Access;
  readonly cwd: string;
  /** The store's directory, which it may write to as well. */
  readonly storeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes a line of `../adapters/protocol.ts`, with its end. */
  readonly write: (line: string) => void;
  /** Takes what the program says on its stderr. */
  readonly writeError: (text: string) => void;
  /** Done when the run is to stop. */
  readonly stop: Promise<void>;
  readonly limits?: Partial<AcpLimits>;
}

/** In milliseconds. */
export interface AcpLimits {
  /** For each answer before the work begins: some programs are fetched or warmed up first. */
  readonly start: number;
  /** From a stop to the end of the agent's turn, and from there to a harder end each time. */
  readonly stop: number;
}
