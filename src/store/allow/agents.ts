import path from "node:path";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { AGENTS_FILE, type AgentEntry, type AgentsConfig } from "../open/agents/agentTypes.ts";
import { readAgents } from "../open/agents/readAgents.ts";
import { type Effect, type EffectProblem, judge } from "../open/effect.ts";
import type { Store } from "../open/store.ts";

/** A longer prompt or script is a mistake. */
const MAX_BYTES = 1024 * 1024;

/** Every agent of agents.yml, with what was decided about it; where the file is wrong all of them are broken. */
export async function agentsOf(store: Store): Promise<Effect[]> {
  const { config, problems } = await readAgents(store);
  const [first] = problems;
  const broken: EffectProblem | undefined =
    first === undefined ? undefined : { code: first.code, message: `${AGENTS_FILE}:${first.line}: ${first.message}` };
  return [...config.agents.values()].map((entry) => agentEffect(store, config, entry, broken));
}

function agentEffect(store: Store, config: AgentsConfig, entry: AgentEntry, broken?: EffectProblem): Effect {
  const { name, access } = entry;
  const approvalFolder = { host: store.host, dir: store.dir, folder: "allow/agents" } as const;
  const starts = [...entry.wrap, ...entry.command].join(" ");
  const about = `runs ${starts} with your rights in a worktree (access: ${access}), when a ticket is its`;
  const common = { kind: "agent", name, words: [name, name.slice(1)], about, approvalFolder } as const;
  const content = broken === undefined ? contentOf(store, config, entry) : { problem: broken };
  if ("problem" in content) return { ...common, state: "broken", problem: content.problem };
  return { ...common, ...judge(approvalFolder, name, content.bytes) };
}

/**
 * Everything that decides what starting an agent does, as a text that a person can read: its whole entry, what is done in
 * each new worktree, what proves its work, and the bytes of its prompt and of the scripts that are named.
 */
function contentOf(
  store: Store,
  config: AgentsConfig,
  entry: AgentEntry,
): { readonly bytes: Buffer } | { readonly problem: EffectProblem } {
  const { line: _, ...told } = entry;
  const { base, setup, copy, verify, repos } = config;
  const shared = { base, setup, copy, verify: Object.fromEntries(verify), repos: Object.fromEntries(repos) };
  const lines = [told, shared].flatMap((values) =>
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${JSON.stringify(value)}`)),
  );
  const parts: Uint8Array[] = [Buffer.from(`${lines.join("\n")}\n`)];
  for (const [dir, file] of filesOf(store, entry)) {
    const read = readStoreFile(path.join(dir, file), { limit: MAX_BYTES });
    if (read === undefined) return missing(entry, file, "is not there");
    if (read instanceof Unread) return missing(entry, file, read.message);
    parts.push(Buffer.from(`\n--- ${file}\n`), read.bytes);
  }
  return { bytes: Buffer.concat(parts) };
}

function missing({ name, line }: AgentEntry, file: string, fact: string): { readonly problem: EffectProblem } {
  return { problem: { code: "bad_config", message: `${AGENTS_FILE}:${line}: ${file} of ${name} ${fact}` } };
}

/** The prompt in the store, and scripts of the project: whatever in a command is a path into it. */
function filesOf({ dir }: Store, { prompt, command, wrap }: AgentEntry): (readonly [dir: string, file: string])[] {
  const project = path.dirname(dir);
  const scripts = [...wrap, ...command].flatMap((word) => {
    if (!word.includes("/") || word.startsWith("-")) return [];
    const file = path.relative(project, path.resolve(project, word));
    return file === "" || file.startsWith("..") || path.isAbsolute(file) ? [] : [file];
  });
  const unique = [...new Set(scripts)].map((file) => [project, file] as const);
  return prompt === undefined ? unique : [[dir, prompt], ...unique];
}
