import type { Access } from "../../store/open/agents/agentTypes.ts";
import { type Adapter, type Launching, programOf } from "./adapter.ts";
import { parseClaude } from "./claudeLines.ts";

/** Tools of ayo's server, and its command line. */
const AYO_TOOLS = ["Bash(ayo:*)", "mcp__ayo"];

/** What it may do without being asked; reading files and commands that only read are never asked for. */
const RIGHTS: Readonly<Record<Access, readonly string[]>> = {
  read: [
    ...["--permission-mode", "default", "--disallowedTools", "Edit", "Write", "NotebookEdit"],
    ...["--allowedTools", ...AYO_TOOLS],
  ],
  edit: [
    ...["--permission-mode", "acceptEdits"],
    ...["--allowedTools", ...AYO_TOOLS, "Bash(git add:*)", "Bash(git commit:*)"],
  ],
  // Refused to root, unless IS_SANDBOX=1 says that it is one: `env:` may name that.
  full: ["--dangerously-skip-permissions"],
};

/** Claude Code, without its windows. */
export const claude: Adapter = {
  choosesSession: true,
  resumes: true,
  endsByEvent: true,
  takesSchema: true,
  hears: (text) =>
    `${JSON.stringify({ type: "user", message: { role: "user", content: [{ type: "text", text }] } })}\n`,
  launch: (launching) => ({
    argv: [
      ...programOf(launching),
      ...["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
      ...[launching.isResumed ? "--resume" : "--session-id", launching.session],
      ...schemaOf(launching),
      ...budgetOf(launching),
      ...["--settings", JSON.stringify(settingsOf(launching))],
      ...["--mcp-config", JSON.stringify({ mcpServers: { ayo: serverOf(launching) } })],
      ...RIGHTS[launching.entry.access],
    ],
    env: {},
    files: {},
  }),
  parse: parseClaude,
};

/** Linux takes no longer word of a command line; the prompt has it too. In bytes. */
const MAX_WORD = 100_000;

function schemaOf({ schema }: Launching): readonly string[] {
  const word = schema === undefined ? "" : JSON.stringify(schema);
  return word === "" || Buffer.byteLength(word) > MAX_WORD ? [] : ["--json-schema", word];
}

function budgetOf({ entry: { limits } }: Launching): readonly string[] {
  return limits.cost === undefined ? [] : ["--max-budget-usd", String(limits.cost)];
}

/** Whether there is a sandbox is for the person to say; if so, the store is open in it. */
function settingsOf({ storeDir }: Launching) {
  return { sandbox: { filesystem: { allowWrite: [storeDir] } } };
}

function serverOf({ ayo: [command = "ayo", ...words] }: Launching) {
  return { command, args: [...words, "mcp"], alwaysLoad: true };
}
