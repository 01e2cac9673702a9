import type { Adapter as AdapterName } from "../../store/open/agents/agentTypes.ts";
import { acp } from "./acp.ts";
import type { Adapter } from "./adapter.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { command } from "./command.ts";

const ADAPTERS: Readonly<Record<AdapterName, Adapter>> = { claude, codex, acp, command };

/** How ayo talks to the programs that agents.yml calls so. */
export function adapterOf(name: AdapterName): Adapter {
  return ADAPTERS[name];
}
