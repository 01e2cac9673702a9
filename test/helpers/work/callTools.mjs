// Calls tools of `ayo mcp` as prompts for agents write them, one after the other: `search_tickets(query="x")`, or
// `create_ticket({"title": "x"})`, with `name = ` before it where later calls say that id. What a prompt leaves open is
// filled in: "ticket-xxx" and "your-ticket-id" are the ticket that this run works on, or the one named by --ticket NAME.
// The calls are the first argument or stand in a file; what they answer is printed, a refusal ends it.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file] = process.argv.slice(2);
const server = spawn("ayo", ["mcp", "--tools", "all"], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
const known = new Map();
let last = process.env.AYO_TICKET;
let n = 0;

async function ask(method, params) {
  n++;
  server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: n, method, params })}\n`);
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error("the server is gone");
    const message = JSON.parse(value);
    if (message.id === n)
      return message.result ?? { isError: true, content: [{ text: JSON.stringify(message.error) }] };
  }
}

/** Where the bracket is closed that was opened right before `from`. */
function closedAt(text, from) {
  let [depth, quoted] = [1, false];
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (!quoted) depth += { "(": 1, ")": -1 }[text[at]] ?? 0;
    if (depth === 0) return at;
  }
  throw new Error(`no end of the call at ${text.slice(from, from + 40)}`);
}

/** The calls of a text: a name, and what stands between its brackets. */
function* callsIn(text) {
  const begin = /^[ \t]*(?:(\w+) = )?(\w+)\(/gm;
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const end = closedAt(text, begin.lastIndex);
    yield { name: found[1], tool: found[2], inside: text.slice(begin.lastIndex, end) };
    begin.lastIndex = end + 1;
  }
}

/** Words of a program are ids that earlier calls answered with. */
function inputOf(inside) {
  const filled = inside
    .replaceAll(/ticket-xxx|your-ticket-id/g, last)
    .replaceAll(/(?<=[[\s])[a-z]\w*_id(?=[\],\s])/g, (word) => JSON.stringify(known.get(word) ?? word));
  if (filled.trim().startsWith("{")) return JSON.parse(filled);
  const pairs = filled.replaceAll(/(^|,)\s*(\w+)=/g, '$1"$2":');
  return JSON.parse(`{${pairs.trim().replace(/,$/, "")}}`);
}

await ask("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "prompt", version: "1" },
});
server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
for (const { name, tool, inside } of callsIn(readFileSync(file, "utf8"))) {
  const { isError, content } = await ask("tools/call", { name: tool, arguments: inputOf(inside) });
  const text = content[0].text;
  process.stdout.write(`${tool}: ${text}\n`);
  if (isError) process.exit(1);
  if (tool === "create_ticket") last = JSON.parse(text).id;
  if (name !== undefined) known.set(name, JSON.parse(text).id);
}
server.stdin.end();
