import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { adapterOf } from "../../src/work/adapters/adapters.ts";
import type { RunEvent } from "../../src/work/adapters/runEvent.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { entryOf, launchingOf } from "../helpers/work/launching.ts";
import { scripted, startLaunch } from "../helpers/work/started.ts";

const AGENT = path.resolve(import.meta.dirname, "../helpers/work/scriptedAgent.mjs");
const command = adapterOf("command");
const BEGUN: RunEvent = { type: "session", id: "run-1", version: "scripted 1" };

/** Starts the scripted agent by the adapter `command`. */
function start(prompt: string, { dir = tempDir(), isResumed = false } = {}) {
  const entry = entryOf({ adapter: "command", command: [process.execPath, AGENT] });
  const launch = command.launch(launchingOf(entry, { session: "run-1", isResumed }));
  const env = { ...hermeticEnv(sharedHome()), SCRIPTED_STATE: path.join(dir, ".state"), AYO_RUN: "x" };
  return { ...startLaunch(command, launch, prompt, { dir, env }), dir };
}

test("plays a script, and tells of it", async () => {
  const { dir, done, events, stderr } = start(
    scripted(
      { sh: "echo $AYO_RUN; exit 3", usage: { tokens: 5, cost: 0.5 } },
      { write: { "src/a.txt": "new\n" }, denied: "rm", text: "Written." },
      { garbage: "\u0000not json" },
      { binary: 3 },
      { ms: 1, json: { ok: true } },
      { text: "never" },
    ),
  );
  expect([await done, stderr()]).toEqual([0, ""]);
  expect(events()).toEqual([
    BEGUN,
    { type: "tool", phase: "begin", name: "sh", detail: "echo $AYO_RUN; exit 3" },
    { type: "tool", phase: "end", name: "sh", ok: false, detail: "x\n" },
    { type: "usage", tokens: 5, cost: 0.5 },
    { type: "denied", what: "rm" },
    { type: "text", text: "Written." },
    { type: "text", text: "not json", isPart: true },
    { type: "text", text: "\uFFFD\uFFFD\uFFFD", isPart: true },
    { type: "end", ok: true, output: { ok: true } },
  ]);
  expect(readFileSync(path.join(dir, "src/a.txt"), "utf8")).toBe("new\n");
});

test.for([
  [scripted({ result: { ok: false, why: "no" } }), 1, { type: "end", ok: false, why: "no" }],
  [scripted({ text: "a", noend: true }), 0, { type: "text", text: "a" }],
  [scripted({ text: "a", exit: 7 }), 7, BEGUN],
  [scripted({ wrong: 1 }), 1, { type: "end", ok: false, why: "the script has wrong, which is no step" }],
  ["Nothing to play.", 0, { type: "end", ok: true }],
] as const)("ends as the script says: %j", async ([prompt, status, last]) => {
  const { done, events } = start(prompt);
  expect([await done, events().at(-1)]).toEqual([status, last]);
});

test("commits", async () => {
  const dir = tempDir();
  git(dir, "init", "-q");
  const { done } = start(scripted({ write: { a: "x" } }, { commit: "made" }), { dir });
  expect(await done).toBe(0);
  expect(git(dir, "log", "--format=%s").trim()).toBe("made");
});

test("prints lines of megabytes whole", async () => {
  const { done, events } = start(scripted({ big: 10 * 1024 * 1024 }));
  expect(await done).toBe(0);
  const [, text] = events();
  expect(text).toMatchObject({
    type: "text",
    text: expect.stringMatching(/^x{1048576}\n… \(9437184 more characters\)$/),
  });
});

test("goes on behind the turn that it was ended in, or plays a new script", async () => {
  const script = scripted({ text: "first" }, { text: "second", hang: true }, { text: "third" });
  const { dir, child, done, until } = start(script);
  await until((event) => event.type === "text" && event.text === "first");
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill("SIGTERM");
  expect(await done).toBe("SIGTERM");
  for (const prompt of [script, "Go on."]) {
    const again = start(prompt, { dir, isResumed: true });
    expect(await again.done).toBe(0);
    const texts = again.events().flatMap((event) => (event.type === "text" ? [event.text] : []));
    expect(texts).toEqual(prompt === script ? ["third"] : []);
  }
  const anew = start(scripted({ text: "other" }), { dir, isResumed: true });
  expect([await anew.done, anew.events()[1]]).toEqual([0, { type: "text", text: "other" }]);
});

test("is deaf, leaves an orphan, and tries again for ever", async () => {
  const { dir, child, done, events, until } = start(
    scripted({ orphan: "echo $$ > orphan; exec sleep 60" }, { deaf: true }, { retry: "401" }),
  );
  await until(({ type }) => type === "retry");
  child.kill("SIGTERM");
  await until((event) => event.type === "text" && event.text === "ignored SIGTERM");
  process.kill(-(child.pid as number), "SIGKILL");
  expect(await done).toBe("SIGKILL");
  expect(events().filter(({ type }) => type === "retry")[0]).toEqual({
    type: "retry",
    why: "status 401",
    isLogin: true,
  });
  const orphan = path.join(dir, "orphan");
  while (!existsSync(orphan) || readFileSync(orphan, "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 20));
  const pid = Number(readFileSync(orphan, "utf8"));
  expect(execFileSync("ps", ["-o", "args=", "-p", `${pid}`], { encoding: "utf8" }).trim()).toBe("sleep 60");
  process.kill(pid, "SIGKILL");
});
