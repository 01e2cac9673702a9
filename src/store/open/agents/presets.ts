import type { Adapter } from "./agentTypes.ts";

/** An adapter, and the program that is started where nothing else is said. */
export interface PresetOf {
  readonly adapter: Adapter;
  readonly command?: readonly string[];
}

/** What `agents add` knows by name: adapters, and programs that speak the Agent Client Protocol. */
export const PRESETS = {
  claude: { adapter: "claude", command: ["claude"] },
  codex: { adapter: "codex", command: ["codex"] },
  gemini: { adapter: "acp", command: ["gemini", "--acp", "--allowed-tools", "mcp_ayo"] },
  opencode: { adapter: "acp", command: ["opencode", "acp"] },
  qwen: { adapter: "acp", command: ["qwen", "--acp"] },
  copilot: { adapter: "acp", command: ["copilot", "--acp"] },
  acp: { adapter: "acp" },
  command: { adapter: "command" },
} as const satisfies Readonly<Record<string, PresetOf>>;

/** The name of one of {@link PRESETS}. */
export type Preset = keyof typeof PRESETS;
