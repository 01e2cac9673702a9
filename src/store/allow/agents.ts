import path from "node:path";
import { AyoError } from "../../error.ts";
import { type Board, DEFAULT_BOARD } from "../../ticket/rules/board.ts";
import { readConfig } from "../disk/configFile.ts";
import { readStoreFile, type StoreFile, Unread } from "../files/storeFile.ts";
import { AGENTS_FILE, type AgentEntry, type AgentsConfig } from "../open/agents/agentTypes.ts";
import { type ColumnPrompt, columnPrompts } from "../open/agents/columnPrompt.ts";
import { ownModes } from "../open/agents/modePrompt.ts";
import type { ParsedAgents } from "../open/agents/parseAgents.ts";
import { readAgents } from "../open/agents/readAgents.ts";
import { readPrompt } from "../open/agents/readPrompt.ts";
import { MAX_CONFIG_BYTES } from "../open/config/config.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { type Effect, type EffectProblem, judge } from "../open/effect.ts";
import { emptyIndex } from "../open/entry.ts";
import type { Store } from "../open/store.ts";
import { placeInProject } from "./programs.ts";

/** A longer script is a mistake. */
const MAX_BYTES = 1024 * 1024;

/** Every agent of agents.yml, as it was read or is now, with what was decided about it; where the file is wrong all of them are broken. */
export async function agentsOf(store: Store, read?: ParsedAgents): Promise<Effect[]> {
  const { config, problems } = read ?? (await readAgents(store));
  const columns = config.agents.size === 0 ? [] : columnPrompts(store, await boardNow(store));
  const [first] = problems;
  const broken: EffectProblem | undefined =
    first === undefined ? undefined : { code: first.code, message: `${AGENTS_FILE}:${first.line}: ${first.message}` };
  return [...config.agents.values()].map((entry) => agentEffect(store, { config, columns }, entry, broken));
}

/** The board as it is on the disk; where config.yml makes no sense no column names a prompt, and what was allowed with some is not. */
async function boardNow(store: Store): Promise<Board> {
  const read = readStoreFile(path.join(store.dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  // Most stores name none, and are not read once more for that.
  if (read !== undefined && !(read instanceof Unread) && !read.bytes.includes("prompt")) return DEFAULT_BOARD;
  const index = emptyIndex();
  try {
    await readConfig(index, store, store.host.now());
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "bad_config") throw error;
    return DEFAULT_BOARD;
  }
  return index.config.board;
}

/** What all agents of a store have in common. */
interface Shared {
  readonly config: AgentsConfig;
  /** What the board's columns tell them: any of them may be given a ticket there. */
  readonly columns: readonly ColumnPrompt[];
}

function agentEffect(store: Store, shared: Shared, entry: AgentEntry, broken?: EffectProblem): Effect {
  const { name, access } = entry;
  const approvalFolder = { host: store.host, dir: store.dir, folder: "allow/agents" } as const;
  const starts = [...entry.wrap, ...entry.command].join(" ");
  const about = `runs ${starts} with your rights in a worktree (access: ${access}), when a ticket is its`;
  const common = { kind: "agent", name, words: [name, name.slice(1)], about, approvalFolder } as const;
  const content = broken === undefined ? contentOf(store, shared, entry) : { problem: broken };
  if ("problem" in content) return { ...common, state: "broken", problem: content.problem };
  return { ...common, ...judge(approvalFolder, name, content.bytes) };
}

/**
 * Everything that decides what starting an agent does, as a text that a person can read: its whole entry, what is done in
 * each new worktree, what proves its work, and the bytes of its prompt, of the columns' and of the scripts that are named.
 */
function contentOf(
  store: Store,
  { config, columns }: Shared,
  entry: AgentEntry,
): { readonly bytes: Buffer } | { readonly problem: EffectProblem } {
  const { line: _, ...told } = entry;
  const { base, setup, copy, verify, repos } = config;
  const commands = [...verify].map(([key, one]) => [
    key,
    one.protect.length === 0 && one.time === undefined ? one.run : one,
  ]);
  const shared = { base, setup, copy, verify: Object.fromEntries(commands), repos: Object.fromEntries(repos) };
  const lines = [told, shared].flatMap((values) =>
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${JSON.stringify(value)}`)),
  );
  const parts: Uint8Array[] = [Buffer.from(`${lines.join("\n")}\n`)];
  for (const { file, read } of filesOf(store, entry)) {
    if (read === undefined) return missing(entry, file, "is not there");
    if (read instanceof Unread) return missing(entry, file, read.message);
    parts.push(Buffer.from(`\n--- ${file}\n`), read.bytes);
  }
  for (const one of columns) {
    const { column, file, read } = one;
    // Only tickets of that column wait for it; once it is there somebody has to look at it.
    const bytes = read === undefined || read instanceof Unread ? [] : [read.bytes];
    parts.push(Buffer.from(`\n--- ${file} (column ${column})${bytes.length === 0 ? ": not there" : ""}\n`), ...bytes);
  }
  return { bytes: Buffer.concat(parts) };
}

function missing({ name, line }: AgentEntry, file: string, fact: string): { readonly problem: EffectProblem } {
  return { problem: { code: "not_found", message: `${AGENTS_FILE}:${line}: ${file} of ${name} ${fact}` } };
}

interface NamedFile {
  readonly file: string;
  readonly read: StoreFile | Unread | undefined;
}

/** The prompt in the store, and scripts of the project: what a command starts, and whatever else in it names a file there. */
function filesOf(store: Store, { prompt, command, wrap }: AgentEntry): readonly NamedFile[] {
  const project = path.dirname(store.dir);
  const named = new Map<string, NamedFile>();
  for (const words of [wrap, command]) {
    for (const [at, word] of words.entries()) {
      const file = placeInProject(store, word);
      if (file === undefined) continue;
      // Packages bring their programs as links; what is started is what they lead to.
      const read = readStoreFile(path.join(project, file), { limit: MAX_BYTES, follow: true });
      // A model's name, or a line for a shell, may have a slash in it too.
      if (read !== undefined || at === 0) named.set(file, { file, read });
    }
  }
  const scripts = [...named.values()];
  const prompts = [
    ...(prompt === undefined ? [] : [{ file: prompt, read: readPrompt(store, prompt) }]),
    ...ownModes(store).map(({ file, read }) => ({ file, read })),
  ];
  return [...prompts, ...scripts];
}
