import { AyoError } from "../../../error.ts";
import { isVerifyName } from "../../../ticket/rules/verify.ts";
import type { Problem } from "../../../ticket/ticket.ts";
import { isMapping } from "../config/configKeys.ts";
import {
  ACCESS,
  ADAPTERS,
  type Adapter,
  AGENTS_FILE,
  type AgentEntry,
  type AgentsConfig,
  NO_AGENTS,
  type RunLimits,
  type VerifyEntry,
} from "./agentTypes.ts";
import { type Tell, Values } from "./readValues.ts";
import { lineAt } from "./yamlPlace.ts";

const TOP = ["base", "setup", "copy", "verify", "repos", "teams", "agents"];
const ENTRY = ["adapter", "command", "roles", "max", "access", "limits", "prompt", "env", "wrap", "lead"];
const LIMITS = ["time", "stall", "tries", "cost", "tokens"];
const NAME = /^@[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** More at once than any machine starts. */
const MOST_RUNS = 64;
const MOST_TRIES = 20;
/** What an adapter starts where the file does not say. */
const COMMANDS: Readonly<Partial<Record<Adapter, readonly string[]>>> = { claude: ["claude"], codex: ["codex"] };

/** What a text of agents.yml says, and everything that is wrong with it: then it is not in force. */
export interface ParsedAgents {
  readonly config: AgentsConfig;
  readonly problems: readonly Problem[];
}

/** Whether a text is the name of an agent, with its `@`. */
export function isAgentName(text: string): boolean {
  return NAME.test(text);
}

/** Reads an agents.yml; every fault has its line. */
export async function parseAgents(text: string): Promise<ParsedAgents> {
  const problems: Problem[] = [];
  const tell: Tell = (path, message) => {
    problems.push({ path: AGENTS_FILE, line: lineAt(text, path), code: "bad_config", message });
    return undefined;
  };
  const value = await parsed(text, problems);
  if (value === null || value === undefined) return { config: NO_AGENTS, problems };
  if (!isMapping(value)) {
    tell([], `${AGENTS_FILE} must be a mapping of keys to values`);
    return { config: NO_AGENTS, problems };
  }
  const top = new Values(value, [], tell).only(TOP);
  const base = top.text("base");
  if (base !== undefined && !isBranch(base)) top.fail("base", `'${base}' is no name of a branch`);
  const setup = top.text("setup");
  const config: AgentsConfig = {
    ...(base === undefined ? {} : { base }),
    ...(setup === undefined ? {} : { setup }),
    copy: inside(top, "copy"),
    verify: verifyIn(top),
    repos: textsBelow(top, "repos"),
    agents: agentsIn(top, text),
    teams: teamsIn(top),
  };
  checkNames(top, config);
  return { config, problems: problems.sort((one, other) => one.line - other.line) };
}

async function parsed(text: string, problems: Problem[]): Promise<unknown> {
  const { parseYaml } = await import("../../../ticket/text/frontMatter.ts");
  try {
    return parseYaml(text, { path: AGENTS_FILE, firstLine: 1 });
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const line = Number(error.data?.line ?? 1);
    problems.push({ path: AGENTS_FILE, line, code: "bad_config", message: error.message });
    return undefined;
  }
}

/** A name as git takes it for a branch, or for one of a remote. */
function isBranch(name: string): boolean {
  return !/^[-/.]|\.\.|[\s~^:?*[\\\p{Cc}]|@\{|\/\/|\.lock(?:\/|$)|[/.]$/u.test(name);
}

/** Paths inside the project or the store. */
function inside(from: Values, key: string): readonly string[] {
  return from.texts(key).filter((file) => {
    const isInside = !/^(?:[/~]|[A-Za-z]:)/.test(file) && !file.split(/[/\\]/).includes("..");
    if (!isInside) from.fail(key, `'${file}' is no path inside the project`);
    return isInside;
  });
}

function textsBelow(top: Values, key: string): ReadonlyMap<string, string> {
  const below = top.below(key);
  return new Map(
    below.keys().flatMap((name) => {
      const text = below.text(name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

const VERIFY = ["run", "protect", "time"];
const DAY = 24 * 60 * 60_000;

/** `test: npm test`, or `test: {run: npm test, protect: [package.json], time: 10m}`. */
function verifyIn(top: Values): ReadonlyMap<string, VerifyEntry> {
  const below = top.below("verify");
  return new Map(
    below.keys().flatMap((name) => {
      if (!isVerifyName(name)) below.fail(name, `'${name}' cannot name a command: letters, digits, '.', '_', '-'`);
      const entry = below.isText(name) ? { run: below.text(name), protect: [] } : verifyEntry(below.below(name), name);
      const { run } = entry;
      return run === undefined ? [] : [[name, { ...entry, run }] as const];
    }),
  );
}

function verifyEntry(from: Values, name: string) {
  const run = from.only(VERIFY).text("run");
  if (!from.keys().includes("run")) from.fail("run", `${name} needs a command: {run: npm test}`);
  const time = from.duration("time");
  if (time !== undefined && time > DAY) from.fail("time", `${name} may take a day at most: time: 1h`);
  const protect = inside(from, "protect").filter((one) => !one.startsWith(":") || from.fail("protect", NO_MAGIC));
  return { run, protect, ...(time === undefined ? {} : { time }) };
}

const NO_MAGIC = "protect takes paths of the project and patterns such as test/**";

function agentsIn(top: Values, text: string): ReadonlyMap<string, AgentEntry> {
  const below = top.below("agents");
  return new Map(
    below.keys().flatMap((name) => {
      if (!NAME.test(name)) below.fail(name, `'${name}' is no name of an agent: @coder`);
      const entry = entryFrom(below.below(name).only(ENTRY), name, lineAt(text, ["agents", name]));
      return entry === undefined ? [] : [[name, entry] as const];
    }),
  );
}

function entryFrom(from: Values, name: string, line: number): AgentEntry | undefined {
  if (!from.keys().includes("adapter")) from.fail("adapter", `${name} needs an adapter: ${ADAPTERS.join(", ")}`);
  const adapter = from.word("adapter", ADAPTERS);
  const [prompt] = inside(from, "prompt");
  const lead = from.text("lead");
  const entry = {
    name,
    command: commandFrom(from, name, adapter),
    roles: from.texts("roles"),
    max: from.count("max", MOST_RUNS) ?? 1,
    access: from.word("access", ACCESS) ?? "edit",
    limits: limitsFrom(from.below("limits").only(LIMITS)),
    env: from.texts("env").filter((one) => VARIABLE.test(one) || from.fail("env", `'${one}' is no name of a variable`)),
    wrap: from.texts("wrap"),
    line,
    ...(prompt === undefined ? {} : { prompt }),
    ...(lead === undefined ? {} : { lead }),
  };
  return adapter === undefined ? undefined : { adapter, ...entry };
}

function commandFrom(from: Values, name: string, adapter: Adapter | undefined): readonly string[] {
  const command = from.texts("command");
  const started = command.length > 0 || adapter === undefined ? command : (COMMANDS[adapter] ?? []);
  if (adapter !== undefined && started.length === 0)
    from.fail("command", `${name} needs a command: what the adapter '${adapter}' starts`);
  return started;
}

function limitsFrom(from: Values): RunLimits {
  const limits = {
    time: from.duration("time"),
    stall: from.duration("stall"),
    tries: from.count("tries", MOST_TRIES),
    cost: from.amount("cost"),
    tokens: from.amount("tokens"),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function teamsIn(top: Values): ReadonlyMap<string, readonly string[]> {
  const below = top.below("teams");
  return new Map(
    below.keys().map((name) => {
      if (!NAME.test(name)) below.fail(name, `'${name}' is no name of a team: @backend`);
      return [name, below.texts(name)] as const;
    }),
  );
}

/** One name is one thing, and a team is made of agents. */
function checkNames(top: Values, { agents, teams }: AgentsConfig): void {
  const below = top.below("teams");
  for (const [name, members] of teams) {
    if (agents.has(name)) below.fail(name, `${name} is an agent and a team`);
    const unknown = members.filter((member) => !agents.has(member));
    if (unknown.length > 0) below.fail(name, `${unknown.join(", ")} of ${name} is no agent of this file`);
    if (members.length === 0) below.fail(name, `${name} has no members`);
  }
  for (const { name, lead } of agents.values()) {
    if (lead !== undefined && !agents.has(lead) && !teams.has(lead))
      top.below("agents").below(name).fail("lead", `${lead} is no agent of this file`);
  }
}
