// An agent without a model: it plays the script in its prompt, a fenced block `fake` with a JSON list of turns, and tells
// of it in the lines of src/work/adapters/protocol.ts. Without a script it says "Done.". Keys of a turn, in this order:
//   ms: N             waits           deaf: true        ignores signals from now on
//   garbage: "…"      a raw line      big: N            a text of N bytes
//   binary: N         N bytes that are no UTF-8
//   write: {file: text}               commit: "…"       commits all changes
//   sh: "…"           runs a command  orphan: "…"       runs it in a session of its own, and does not wait
//   retry: "401"      tries again and again for ever, by this reason
//   hang: true        for ever        exit: N           ends, without a result
//   usage: {…}, denied: "…"           lines of that kind
//   text: "…"         json/output: …  ends well, with that answer
//   noend: true       ends with status 0 and no result
//   result: {ok, why, text, output}   ends so
// A session is known by its name (AYO_RUN_SESSION). Who resumes it (AYO_RUN_RESUME=1) goes on behind the turn that was
// begun last, if the prompt has the script or $SCRIPTED_STATE has kept it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { scriptIn } from "./script.mjs";

const session = process.env.AYO_RUN_SESSION ?? `scripted-${process.pid}`;
const prompt = readFileSync(0, "utf8");
const state =
  process.env.SCRIPTED_STATE && path.join(process.env.SCRIPTED_STATE, `${session.replaceAll("/", "_")}.json`);
const before =
  process.env.AYO_RUN_RESUME === "1" && state && existsSync(state)
    ? JSON.parse(readFileSync(state, "utf8"))
    : undefined;
// A new script in the prompt is played from its beginning.
const own = scriptIn(prompt);
const isSame = before !== undefined && (own === undefined || JSON.stringify(own) === JSON.stringify(before.turns));
const turns = (isSame ? before.turns : own) ?? [];

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What is written to a pipe may still be on its way. */
async function end(code) {
  if (process.stdout.writableLength > 0) await new Promise((resolve) => process.stdout.once("drain", resolve));
  process.exit(code);
}

function remember(next) {
  if (!state) return;
  mkdirSync(path.dirname(state), { recursive: true });
  writeFileSync(state, JSON.stringify({ turns, next }));
}

const forEver = () => new Promise(() => setInterval(() => undefined, 1 << 30));

const STEPS = {
  ms: (ms) => after(ms),
  deaf: () => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
      process.on(signal, () => say({ type: "text", text: `ignored ${signal}` }));
  },
  garbage: (bytes) => process.stdout.write(`${bytes}\n`),
  binary: (size) => process.stdout.write(Buffer.concat([Buffer.alloc(size, 0xfe), Buffer.from("\n")])),
  big: (size) => say({ type: "text", text: "x".repeat(size) }),
  write: (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
      writeFileSync(name, text);
    }
  },
  commit: (message) => {
    run("git", ["add", "--all"]);
    run("git", ["commit", "-qm", message]);
  },
  sh: (command) => run("sh", ["-c", command]),
  orphan: (command) => spawn("sh", ["-c", command], { detached: true, stdio: "ignore" }).unref(),
  retry: async (why) => {
    for (;;) {
      say({ type: "retry", why: `status ${why}` });
      await after(50);
    }
  },
  hang: forEver,
  exit: end,
  usage: (used) => say({ type: "usage", ...used }),
  denied: (what) => say({ type: "denied", what }),
  text: (text) => say({ type: "text", text }),
  json: (output) => finish({ ok: true, output }),
  output: (output) => finish({ ok: true, output }),
  noend: () => end(0),
  result: finish,
};

function run(command, args) {
  say({ type: "tool", phase: "begin", name: command, input: args.at(-1) });
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  say({ type: "tool", phase: "end", name: command, ok: status === 0, output: error?.message ?? `${stdout}${stderr}` });
}

async function finish(result) {
  say({ type: "result", ...result });
  await end(result.ok === false ? 1 : 0);
}

say({ type: "session", id: session, version: "scripted 1" });
for (let at = isSame ? before.next : 0; at < turns.length; at++) {
  remember(at + 1);
  const unknown = Object.keys(turns[at]).filter((key) => !Object.hasOwn(STEPS, key));
  if (unknown.length > 0) await finish({ ok: false, why: `the script has ${unknown.join(", ")}, which is no step` });
  for (const key of Object.keys(STEPS)) if (Object.hasOwn(turns[at], key)) await STEPS[key](turns[at][key]);
}
if (turns.length === 0) say({ type: "text", text: "Done." });
await finish({ ok: true });
