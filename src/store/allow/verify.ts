import type { AgentsConfig, VerifyEntry } from "../open/agents/agentTypes.ts";
import { AGENTS_FILE } from "../open/agents/agentTypes.ts";
import type { ParsedAgents } from "../open/agents/parseAgents.ts";
import { readAgents } from "../open/agents/readAgents.ts";
import { type Effect, type EffectProblem, judge } from "../open/effect.ts";
import type { Store } from "../open/store.ts";
import { agentsOf } from "./agents.ts";

/**
 * The commands of `verify:` in agents.yml, each with what is done in the checkout before it. The yes to an agent is one
 * to them too, since they are part of what it was about.
 */
export async function verifyEffects(store: Store, read?: ParsedAgents): Promise<Effect[]> {
  const parsed = read ?? (await readAgents(store));
  const { config, problems } = parsed;
  if (config.verify.size === 0) return [];
  const [first] = problems;
  const problem: EffectProblem | undefined =
    first === undefined ? undefined : { code: first.code, message: `${AGENTS_FILE}:${first.line}: ${first.message}` };
  const agents = await agentsOf(store, parsed);
  const covered = agents.find(({ state }) => state === "allowed")?.name;
  return [...config.verify].map(([name, entry]) => effectOf(store, config, { name, entry, problem, covered }));
}

interface About {
  readonly name: string;
  readonly entry: VerifyEntry;
  readonly problem: EffectProblem | undefined;
  /** An agent that is allowed as it is now. */
  readonly covered: string | undefined;
}

function effectOf(store: Store, config: AgentsConfig, { name, entry, problem, covered }: About): Effect {
  const approvalFolder = { host: store.host, dir: store.dir, folder: "allow/verify" } as const;
  const full = `verify.${name}`;
  const about = `runs ${entry.run} with your rights on a commit of a ticket's work, to see whether it passes`;
  const common = { kind: "verify", name: full, words: [full, "verify"], about, approvalFolder } as const;
  if (problem !== undefined) return { ...common, state: "broken", problem };
  const judged = judge(approvalFolder, full, contentOf(config, entry));
  if (covered === undefined || judged.state === "denied" || judged.trouble !== undefined || judged.state === "allowed")
    return { ...common, ...judged };
  return { ...common, ...judged, state: "allowed", about: `${about}; the yes to ${covered} is one to it` };
}

function contentOf({ base, setup, copy }: AgentsConfig, { run, protect, time }: VerifyEntry): Buffer {
  // What is protected is told by what it is compared with.
  const values = { run, protect, time, setup, copy, base: protect.length === 0 ? undefined : base };
  const lines = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}: ${JSON.stringify(value)}`,
  );
  return Buffer.from(`${lines.join("\n")}\n`);
}
