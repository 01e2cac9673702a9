import type { Host } from "../../../host.ts";

/** Variables that agents' harnesses set for the commands they run, and the name of their agents. */
const HARNESSES: readonly (readonly [variable: string, name: string])[] = [
  ["CLAUDECODE", "claude"],
  ["CODEX_SANDBOX", "codex"],
  ["CODEX_THREAD_ID", "codex"],
  ["CODEX_CI", "codex"],
  ["GEMINI_CLI", "gemini"],
  ["CURSOR_AGENT", "cursor"],
  ["OPENCODE", "opencode"],
  ["QWEN_CODE", "qwen"],
  ["COPILOT_CLI", "copilot"],
  ["PI_CODING_AGENT", "pi"],
  ["CLINE_CONNECTOR_CLI_LAUNCH", "cline"],
  ["AUGMENT_AGENT", "auggie"],
  ["ANTIGRAVITY_AGENT", "antigravity"],
];

/** Variables that any harness may set, with its name or only a yes: `AI_AGENT=claude-code_2-1-332_agent`, `AGENT=1`. */
const GENERIC = ["AI_AGENT", "AGENT"];

/** A harness that called this process: the variable that tells, and what its agents are called. */
export interface Harness {
  readonly variable: string;
  readonly name: string;
}

/** The harness whose variables are set; undefined where none is. */
export function knownHarness(env: Host["env"]): Harness | undefined {
  const known = HARNESSES.find(([variable]) => isYes(env[variable]));
  if (known !== undefined) return { variable: known[0], name: known[1] };
  const variable = GENERIC.find((one) => isYes(env[one]));
  return variable === undefined ? undefined : { variable, name: genericName(env[variable] ?? "") };
}

/** The variable by which the agents of a harness are known that calls itself so: `claude-code`. */
export function variableOf(client: string): string | undefined {
  return HARNESSES.find(([, name]) => client.toLowerCase().startsWith(name))?.[0];
}

/** The variable by which the agents of that name are known: `codex`. */
export function variableNamed(name: string): string | undefined {
  return HARNESSES.find(([, known]) => known === name)?.[0];
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.trim().toLowerCase());
}

/** A name that a harness gives itself, without version; `agent` where it only says yes. */
function genericName(value: string): string {
  const [first = ""] = value.trim().split(/[_/@\s]/);
  const known = HARNESSES.find(([, name]) => first.toLowerCase().startsWith(name))?.[1];
  if (known !== undefined) return known;
  return /^[A-Za-z][A-Za-z0-9.-]{0,31}$/.test(first) && !/^(?:true|yes|on|agent)$/i.test(first) ? first : "agent";
}
