import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { adapterOf } from "../../src/work/adapters/adapters.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI, runCli } from "../helpers/runCli.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { entryOf, launchingOf } from "../helpers/work/launching.ts";
import { scripted, startLaunch } from "../helpers/work/started.ts";

const AGENT = path.resolve(import.meta.dirname, "../helpers/work/scriptedAcp.mjs");
const acp = adapterOf("acp");

/** Starts the built client with the scripted agent, by the words that the adapter gives. */
function start(prompt: string, words: readonly string[] = [], isResumed = false) {
  const dir = tempDir();
  const seen = path.join(dir, "seen");
  const entry = entryOf({ adapter: "acp", command: [process.execPath, AGENT, ...words] });
  const ayo = [process.execPath, CLI];
  const launch = acp.launch(launchingOf(entry, { ayo, session: "acp-session-1", isResumed }));
  const own = { AYO_RUN: "run-1", AYO_AGENT: "@coder", AYO_CLAIM: "secret-token", TICKETS_DIR: "/p/.tickets" };
  const env = { ...hermeticEnv(sharedHome()), ...own, SCRIPTED_SEEN: seen };
  const started = startLaunch(acp, launch, prompt, { dir, env });
  const params = (method: string) =>
    readFileSync(seen, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .find((one) => one.method === method)?.params;
  return { ...started, dir, params, ayo };
}

test("the client is started as the adapter says, and gives the agent ayo's server with its variables", async () => {
  const { dir, done, events, params, stderr, ayo } = start(scripted({ say: "Done: é." }));
  expect([await done, stderr()]).toEqual([0, ""]);
  expect(events()).toEqual([
    { type: "session", id: "acp-session-1", version: "scripted 1.2" },
    { type: "text", text: "Done: é." },
    { type: "usage", tokens: 42 },
    { type: "end", ok: true, text: "Done: é." },
  ]);
  const [command, ...args] = ayo;
  const env = [
    { name: "AYO_RUN", value: "run-1" },
    { name: "AYO_AGENT", value: "@coder" },
    { name: "AYO_CLAIM", value: "secret-token" },
    { name: "TICKETS_DIR", value: "/p/.tickets" },
  ];
  expect(params("session/new")).toEqual({
    cwd: dir,
    mcpServers: [{ name: "ayo", command, args: [...args, "mcp"], env }],
  });
});

test("the client goes on with a session", async () => {
  const { done, params } = start(scripted({ say: "x" }), ["-x"], true);
  expect(await done).toBe(0);
  expect(params("session/load").sessionId).toBe("acp-session-1");
});

test("the client ends by SIGTERM, after the agent", async () => {
  const { child, done, events, params, until } = start(
    scripted({ tool: { kind: "read", title: "x" } }, { hang: true }),
  );
  await until(({ type }) => type === "tool");
  const began = performance.now();
  child.kill("SIGTERM");
  expect(await done).toBe(143);
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(events().at(-1)).toEqual({ type: "end", ok: false, why: "it was stopped" });
  expect(params("session/cancel")).toEqual({ sessionId: "acp-session-1" });
});

test("the client is in no help and no list of commands", async () => {
  const all = await runHere("/", ["help", "--all"]);
  const table = await runHere("/", ["capabilities", "--json"]);
  const words = await runHere("/", ["completion", "--words", "--", "ayo", "work-"]);
  for (const { stdout } of [all, table, words]) expect(stdout).not.toContain("work-acp");
  const { code, stderr } = await runCli("/", ["work-acp", "--", "true"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("--ayo and --store are missing")]);
});
