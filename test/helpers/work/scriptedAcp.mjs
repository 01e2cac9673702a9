// An agent without a model that speaks the Agent Client Protocol: it plays the script in its prompt (see script.mjs), a list
// of turns. Keys of a turn, in this order:
//   ms: N   garbage: "…"   exit: N   hang: true   say: "…" (in pieces)   think: "…"
//   tool: {kind, title, rawInput, locations}      begins and ends one
//   ask: {kind, title, rawInput, …}               asks for permission, and says "allowed: OPTION" or "refused: OPTION"
//   request: "fs/read_text_file"                  asks the client, and says what it answers
//   usage: {…}                                    an update of that kind
//   stop: "refusal"                               ends the turn so; else "end_turn"
//   error: {code, message}                        answers the prompt with an error
// What it is asked to do before that is decided by the words it is started with:
//   --mute: no answer to initialize   --no-load: it cannot load sessions   --login: nobody is logged in
//   --resume: it resumes without telling again   --gone: it knows no session   --deaf: ignores cancel and SIGTERM
//   --modes=a,b,c: its modes, of which the first is on
// It says what it was told (`seen: …`) in $SCRIPTED_SEEN, a line of JSON each.
import { appendFileSync } from "node:fs";
import readline from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { scriptIn } from "./script.mjs";

const words = process.argv.slice(2);
const has = (word) => words.includes(word);
const modes = words
  .find((word) => word.startsWith("--modes="))
  ?.slice(8)
  .split(",");
const session = "acp-session-1";
let next = 1;
let cancel;
const waiting = new Map();

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const update = (one) => send({ method: "session/update", params: { sessionId: session, update: one } });
const say = (text, kind = "agent_message_chunk") => update({ sessionUpdate: kind, content: { type: "text", text } });
const ask = (method, params) =>
  new Promise((resolve) => {
    waiting.set(next, resolve);
    send({ id: next++, method, params: { sessionId: session, ...params } });
  });

const OPTIONS = [
  { optionId: "always", name: "Always allow", kind: "allow_always" },
  { optionId: "once", name: "Allow", kind: "allow_once" },
  { optionId: "no", name: "Reject", kind: "reject_once" },
];

const STEPS = {
  ms: (ms) => after(ms),
  garbage: (text) => process.stdout.write(`${text}\n`),
  exit: (code) => {
    console.error("scripted: ends here");
    process.exit(code);
  },
  hang: () =>
    new Promise((resolve) => {
      cancel = resolve;
    }),
  think: (text) => say(text, "agent_thought_chunk"),
  say: (text) => {
    for (const piece of text.match(/.{1,4}/gs) ?? []) say(piece);
  },
  tool: (call) => {
    update({ sessionUpdate: "tool_call", toolCallId: "call-1", status: "pending", ...call });
    update({ sessionUpdate: "tool_call_update", toolCallId: "call-1", status: "in_progress" });
    const content = [{ type: "content", content: { type: "text", text: "its output" } }];
    update({
      sessionUpdate: "tool_call_update",
      toolCallId: "call-1",
      status: call.fails ? "failed" : "completed",
      content,
    });
  },
  ask: async (toolCall) => {
    const { result } = await ask("session/request_permission", {
      toolCall: { toolCallId: "call-2", ...toolCall },
      options: OPTIONS,
    });
    const { outcome, optionId } = result.outcome;
    say(`${outcome === "selected" && optionId !== "no" ? "allowed" : "refused"}: ${optionId ?? outcome}. `);
  },
  request: async (method) => {
    const { error } = await ask(method, { path: "/etc/passwd" });
    say(`${method}: ${error.code}`);
  },
  usage: (used) => update({ sessionUpdate: "usage_update", ...used }),
};

async function play(turns) {
  cancel = undefined;
  for (const turn of turns) {
    for (const key of Object.keys(STEPS)) if (Object.hasOwn(turn, key)) await STEPS[key](turn[key]);
    if (turn.error) return { error: turn.error };
    if (turn.stop) return { result: { stopReason: turn.stop } };
    if (cancel === "cancelled") return { result: { stopReason: "cancelled" } };
  }
  return { result: { stopReason: "end_turn", usage: { totalTokens: 42, inputTokens: 40, outputTokens: 2 } } };
}

const opened = {
  sessionId: session,
  ...(modes ? { modes: { currentModeId: modes[0], availableModes: modes.map((id) => ({ id })) } } : {}),
};

const METHODS = {
  initialize: () => ({
    result: {
      protocolVersion: 1,
      agentInfo: { name: "scripted", version: "1.2" },
      agentCapabilities: { loadSession: !has("--no-load"), sessionCapabilities: has("--resume") ? { resume: {} } : {} },
    },
  }),
  "session/new": () =>
    has("--login") ? { error: { code: -32000, message: "Authentication required" } } : { result: opened },
  "session/load": () => {
    if (has("--gone")) return { error: { code: -32002, message: "Resource not found" } };
    say("what was said before");
    return { result: opened };
  },
  "session/resume": () => ({ result: {} }),
  "session/set_mode": () => ({ result: {} }),
  "session/prompt": ({ prompt }) => play(scriptIn(prompt[0].text) ?? [{ say: "Done." }]),
};

if (has("--deaf")) process.on("SIGTERM", () => undefined);
readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, params, ...answer } = JSON.parse(line);
  if (process.env.SCRIPTED_SEEN) appendFileSync(process.env.SCRIPTED_SEEN, `${line}\n`);
  if (method === undefined) return waiting.get(id)?.(answer);
  if (method === "session/cancel" && !has("--deaf")) {
    cancel?.();
    cancel = "cancelled";
  }
  if (id === undefined || (method === "initialize" && has("--mute"))) return;
  send({ id, ...(await METHODS[method](params)) });
});
// A deaf one stays when its input ends.
if (has("--deaf")) setInterval(() => undefined, 1 << 30);
