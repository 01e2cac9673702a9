import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runAcp } from "../../src/work/acp/client.ts";
import type { AcpOptions } from "../../src/work/acp/options.ts";
import { parseProtocol } from "../../src/work/adapters/protocol.ts";
import type { RunEvent } from "../../src/work/adapters/runEvent.ts";
import { tempDir } from "../helpers/tempDir.ts";

const AGENT = path.resolve(import.meta.dirname, "../helpers/work/scriptedAcp.mjs");
const SERVER = { name: "ayo", command: "ayo", args: ["mcp"], env: [{ name: "AYO_CLAIM", value: "token" }] };
const NEVER = new Promise<void>(() => undefined);

type Turn = Readonly<Record<string, unknown>>;

/** Runs the scripted agent with a script; `seen` is what it was sent. */
async function run(turns: readonly Turn[], words: readonly string[] = [], over: Partial<AcpOptions> = {}) {
  const dir = tempDir();
  const file = path.join(dir, "seen");
  const lines: string[] = [];
  const errors: string[] = [];
  const began = performance.now();
  const code = await runAcp({
    argv: [process.execPath, AGENT, ...words],
    prompt: `Do this.\n\n\`\`\`fake\n${JSON.stringify(turns)}\n\`\`\`\n`,
    mcpServers: [SERVER],
    access: "edit",
    cwd: dir,
    storeDir: "/p/.tickets",
    env: { PATH: process.env.PATH, SCRIPTED_SEEN: file },
    write: (line) => lines.push(line),
    writeError: (text) => errors.push(text),
    stop: NEVER,
    limits: { start: 5_000, stop: 300 },
    ...over,
  });
  const seen = existsSync(file)
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const events: RunEvent[] = lines.flatMap((line) => parseProtocol(line));
  return { dir, code, events, end: events.at(-1), errors: errors.join(""), seen, ms: performance.now() - began };
}

const methodsOf = (seen: readonly { readonly method?: string }[]) => seen.flatMap(({ method }) => method ?? []);
const textsOf = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === "text" ? [event.text] : []));

describe("an agent of the Agent Client Protocol", () => {
  test("is asked in a new session with ayo's tools, and its work is told", async () => {
    const { dir, code, events, seen } = await run([
      { think: "Let me see." },
      { say: "Testing now." },
      { tool: { kind: "execute", title: "npm test", rawInput: { command: "npm test -- -x" } } },
      { tool: { kind: "edit", title: "a.ts", fails: true } },
      { usage: { used: 9_000, size: 200_000, cost: { amount: 0.25, currency: "USD" } } },
      { say: 'All of it: {"ok": true}' },
    ]);
    expect(code).toBe(0);
    const call = { type: "tool", id: "call-1" };
    expect(events).toEqual([
      { type: "session", id: "acp-session-1", version: "scripted 1.2" },
      { type: "thought", text: "Let me see." },
      { type: "text", text: "Testing now." },
      { ...call, phase: "begin", name: "execute", detail: "npm test -- -x" },
      { ...call, phase: "end", name: "tool", ok: true, detail: "its output" },
      { ...call, phase: "begin", name: "edit", detail: "a.ts" },
      { ...call, phase: "end", name: "tool", ok: false, detail: "its output" },
      { type: "text", text: 'All of it: {"ok": true}' },
      { type: "usage", tokens: 42 },
      { type: "usage", cost: 0.25, isTotal: true },
      { type: "end", ok: true, text: 'All of it: {"ok": true}' },
    ]);
    const [initialize, created, prompt] = seen;
    expect(methodsOf(seen)).toEqual(["initialize", "session/new", "session/prompt"]);
    expect(initialize.params.clientCapabilities).toEqual({
      fs: { readTextFile: false, writeTextFile: false },
      terminal: false,
    });
    expect(created.params).toEqual({ cwd: dir, mcpServers: [SERVER] });
    expect(prompt.params.prompt[0].text).toContain("Do this.");
  });

  test("goes on with a session, of which what was said before is not told again", async () => {
    const { code, events, seen } = await run([{ say: "Went on." }], [], { session: "acp-session-1" });
    expect([code, textsOf(events)]).toEqual([0, ["Went on."]]);
    expect(methodsOf(seen)).toEqual(["initialize", "session/load", "session/prompt"]);
    expect(seen[1].params.sessionId).toBe("acp-session-1");
    const resumed = await run([{ say: "Went on." }], ["--resume"], { session: "acp-session-1" });
    expect(methodsOf(resumed.seen)).toEqual(["initialize", "session/resume", "session/prompt"]);
  });

  test.for([
    ["--gone", "it cannot go on with its session: Resource not found"],
    ["--no-load", "it cannot go on with a session"],
  ])("says that its session is gone: %s", async ([word = "", why]) => {
    const { code, events } = await run([], [word], { session: "acp-session-1" });
    expect([code, events]).toEqual([1, [{ type: "end", ok: false, why, isSessionGone: true }]]);
  });

  test("that nobody is logged in to says so", async () => {
    const { code, events } = await run([], ["--login"]);
    expect([code, events]).toEqual([1, [{ type: "end", ok: false, why: "Authentication required", isLogin: true }]]);
  });

  test.for([
    [{ stop: "refusal" }, { why: "the model refused" }],
    [{ stop: "later" }, { why: "its turn ended: later" }],
    [
      { error: { code: -32603, message: "Internal error", data: { details: "API Error: 529 overloaded" } } },
      { why: "Internal error: API Error: 529 overloaded", isTransient: true },
    ],
  ] as const)("fails by what ends its turn: %j", async ([turn, more]) => {
    const { code, end } = await run([{ say: "Hm." }, turn]);
    const said = "stop" in turn ? { text: "Hm." } : {};
    expect([code, end]).toEqual([1, { type: "end", ok: false, ...said, ...more }]);
  });

  test("that dies in the middle has failed, with its last words", async () => {
    const { code, events, end, errors } = await run([{ say: "Hello." }, { exit: 3 }]);
    expect([code, textsOf(events)]).toEqual([1, ["Hello."]]);
    expect(end).toEqual({
      type: "end",
      ok: false,
      why: "the agent ended early (exit status 3): scripted: ends here",
      isTransient: true,
    });
    expect(errors).toBe("scripted: ends here\n");
  });

  test("that is not there has failed", async () => {
    const { code, end } = await run([], [], { argv: ["/nowhere/agent", "--acp"] });
    expect([code, end]).toEqual([
      1,
      { type: "end", ok: false, why: expect.stringMatching(/^\/nowhere\/agent cannot be started: .*ENOENT/) },
    ]);
  });

  test("that never answers has failed, and is ended", async () => {
    const { code, end, ms } = await run([], ["--mute"], { limits: { start: 300, stop: 300 } });
    expect([code, end]).toEqual([
      1,
      { type: "end", ok: false, why: "no answer to initialize within 0.3 s", isTransient: true },
    ]);
    expect(ms).toBeLessThan(20_000);
  });

  test("that is another program has failed, and what it prints is shown", async () => {
    const { code, events } = await run([], [], {
      argv: ["sh", "-c", "echo usage: agent; echo '{\"a\":1}'; head -c 300 /dev/urandom; exit 2"],
    });
    expect(code).toBe(1);
    expect(events.slice(0, 2)).toEqual([
      { type: "raw", line: "usage: agent" },
      { type: "raw", line: '{"a":1}' },
    ]);
    expect(events.at(-1)).toEqual({ type: "end", ok: false, why: "the agent ended early (exit status 2)" });
  });

  test("may print what is no JSON-RPC, and ask for what there is not", async () => {
    const { code, events, end } = await run([
      { garbage: "Warning: \u001b[31mred" },
      { garbage: "[1,2]" },
      {
        garbage: `{"jsonrpc":"2.0","method":"session/update","params":{"update":{"sessionUpdate":"tool_call","rawInput":${"[".repeat(50_000)}${"]".repeat(50_000)}}}}`,
      },
      { garbage: '{"jsonrpc":"2.0","id":999,"result":{}}' },
      { garbage: '{"jsonrpc":"2.0","method":"session/update","params":null}' },
      { request: "fs/read_text_file" },
      { request: "terminal/create" },
    ]);
    expect(code).toBe(0);
    expect(events.filter(({ type }) => type === "raw")).toHaveLength(3);
    expect(end).toEqual({ type: "end", ok: true, text: "fs/read_text_file: -32601terminal/create: -32601" });
  });
});

describe("what an agent may do", () => {
  const command = (line: unknown) => ({ kind: "execute", title: "a command", rawInput: { command: line } });
  const edit = (file: string) => ({ kind: "edit", title: `Edit ${file}`, locations: [{ path: file }] });
  const CASES = [
    ["read", { kind: "read", title: "a.ts" }, "allowed: once"],
    ["read", edit("a.ts"), "refused: no"],
    ["read", command("npm test"), "refused: no"],
    ["read", command("ayo ticket approve pro-1 -m 'well done'"), "allowed: once"],
    ["read", command(["bash", "-lc", "ayo ticket show pro-1"]), "allowed: once"],
    ["read", command("ayo ticket show pro-1; rm -rf ."), "refused: no"],
    ["read", command('ayo ticket note pro-1 "$(rm x)"'), "refused: no"],
    ["read", command("ayo ticket note x\nrm x"), "refused: no"],
    ["read", { kind: "other", title: "mcp__ayo__approve_ticket" }, "allowed: once"],
    ["read", { kind: "other", title: "mcp__db__drop" }, "refused: no"],
    ["read", { title: "anything" }, "refused: no"],
    ["edit", edit("src/a.ts"), "allowed: once"],
    ["edit", edit("/p/.tickets/pro-1.md"), "allowed: once"],
    ["edit", edit("../outside"), "refused: no"],
    ["edit", edit("/etc/passwd"), "refused: no"],
    ["edit", command("npm test"), "allowed: once"],
    ["edit", { kind: "switch_mode", title: "Ready to code?" }, "refused: no"],
    ["full", edit("/etc/passwd"), "allowed: always"],
    ["full", command("rm x"), "allowed: always"],
  ] as const;

  test("is answered by its access, and a no is told", async () => {
    for (const access of ["read", "edit", "full"] as const) {
      const cases = CASES.filter(([of]) => of === access);
      const { code, events, end } = await run(
        cases.map(([, ask]) => ({ ask })),
        [],
        { access },
      );
      expect(code).toBe(0);
      const answers = cases.map(([, , answer]) => `${answer}.`).join(" ");
      expect(end).toMatchObject({ type: "end", ok: true });
      expect(textsOf(events).join(" ")).toBe(answers);
      const refused = cases.filter(([, , answer]) => answer.startsWith("refused")).map(([, { title }]) => title);
      expect(events.flatMap((event) => (event.type === "denied" ? [event.what] : []))).toEqual(refused);
    }
  });

  test("begins where it was allowed: some tell of it once it has ended", async () => {
    const { events } = await run([{ ask: command("npm test") }, { ask: edit("/etc/passwd") }]);
    expect(events.slice(1)).toEqual([
      { type: "tool", phase: "begin", id: "call-2", name: "execute", detail: "npm test" },
      { type: "text", text: "allowed: once." },
      { type: "denied", what: "Edit /etc/passwd" },
      { type: "text", text: "refused: no." },
      { type: "usage", tokens: 42 },
      { type: "end", ok: true, text: "allowed: once. refused: no." },
    ]);
  });

  test.for([
    ["read", "auto,read-only,full", "read-only"],
    ["read", "build,plan", "plan"],
    ["read", "default,plan,yolo", undefined],
    ["edit", "build,plan", undefined],
    ["full", "default,yolo", "yolo"],
    ["full", "default,plan", undefined],
    ["full", "yolo,default", undefined],
  ] as const)("with access: %s of the modes %s is kept by %s", async ([access, modes, mode]) => {
    const { code, seen } = await run([{ say: "x" }], [`--modes=${modes}`], { access });
    expect(code).toBe(0);
    const set = seen.filter(({ method }) => method === "session/set_mode").map(({ params }) => params.modeId);
    expect(set).toEqual(mode === undefined ? [] : [mode]);
  });
});

describe("a stop", () => {
  /** Stops once the agent has said something. */
  async function stopped(turns: readonly Turn[], words: readonly string[] = []) {
    let stop: () => void = () => undefined;
    const lines: string[] = [];
    const done = run(turns, words, {
      stop: new Promise((resolve) => {
        stop = resolve;
      }),
      write: (line) => {
        lines.push(line);
        if (line.includes('"session"')) setTimeout(stop, 100);
      },
    });
    return { ...(await done), events: lines.flatMap((line) => parseProtocol(line)) };
  }

  test("ends the agent's turn, then the agent", async () => {
    const { code, events, seen, ms } = await stopped([{ say: "Begun." }, { hang: true }]);
    expect([code, textsOf(events)]).toEqual([143, ["Begun."]]);
    expect(events.at(-1)).toEqual({ type: "end", ok: false, why: "it was stopped", text: "Begun." });
    expect(methodsOf(seen).at(-1)).toBe("session/cancel");
    expect(ms).toBeLessThan(20_000);
  });

  test("ends one that does not hear of it", async () => {
    const { code, events, dir } = await stopped([{ say: "Begun." }, { hang: true }], ["--deaf"]);
    expect([code, events.at(-1)]).toEqual([143, { type: "end", ok: false, why: "it was stopped" }]);
    expect(processesIn(dir)).toEqual([]);
  });
});

/** Processes that work in a directory. */
function processesIn(dir: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === dir;
    } catch {
      return false;
    }
  });
}

test("what cannot be written down ends the work, and is said", async () => {
  const write = () => {
    throw new Error("no space left");
  };
  await expect(run([{ hang: true }], [], { write })).rejects.toThrow("no space left");
});
