import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runHook } from "../../../src/store/hooks/runHook.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** Runs a script with `text`, by sh unless it names another interpreter, in a folder of its own. */
async function run(text: string, options: { input?: string; timeoutMs?: number; name?: string } = {}) {
  const dir = tempDir();
  const file = path.join(dir, options.name ?? "hook");
  writeFileSync(file, text.startsWith("#!") || options.name ? text : `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const { input = "{}\n", timeoutMs = 30_000 } = options;
  const end = await runHook({ file, cwd: dir, env: { PATH: process.env.PATH, GREETING: "hello" }, input, timeoutMs });
  const read = (name: string): string => readFileSync(path.join(dir, name), "utf8").trim();
  return { ...end, dir, read };
}

function isRunning(pid: string): boolean {
  // A zombie waits for its new parent, and runs no more.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return stat !== "" && !/\) Z /.test(stat);
}

describe("running a hook", () => {
  test("it gets its input, the environment and the folder; its output comes in order", async () => {
    const end = await run('echo "$GREETING"; cat; pwd >&2');
    expect([end.code, end.timedOut, end.output]).toEqual([0, false, `hello\n{}\n${end.dir}\n`]);
  });

  test("a script of node, known by its file's extension", async () => {
    const end = await run(
      '#!/usr/bin/env node\nimport fs from "node:fs";\nconsole.log(JSON.parse(fs.readFileSync(0)).a)\n',
      {
        name: "hook.mjs",
        input: '{"a":42}',
      },
    );
    expect([end.code, end.output]).toEqual([0, "42\n"]);
  });

  test("exit statuses and signals are told apart", async () => {
    expect(await run("exit 3")).toMatchObject({ code: 3, signal: null });
    expect(await run("kill -9 $$")).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("input that nobody reads, larger than any pipe", async () => {
    const input = "x".repeat(8 * 1024 * 1024);
    expect(await run("exec <&-; exit 0", { input })).toMatchObject({ code: 0 });
    expect(await run("exit 4", { input })).toMatchObject({ code: 4 });
  });

  test("of a flood the beginning and the end are kept", async () => {
    const end = await run("echo first; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last >&2");
    expect(end.code).toBe(0);
    expect(end.output.length).toBeLessThan(20_000);
    expect(end.output).toMatch(/^first\nx+\n… \d+ bytes left out …\nx+\nlast\n$/);
  });

  test("what is left running in the background is not waited for, and may go on", async () => {
    const end = await run("sleep 300 & echo $! > pid");
    const pid = end.read("pid");
    expect([end.code, isRunning(pid)]).toEqual([0, true]);
    process.kill(Number(pid), "SIGKILL");
  });

  test("after the time-out it and its children end, also those that will not", async () => {
    const stubborn = `trap '' TERM
sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 1; done' &
echo $$ > self
while :; do sleep 1; done`;
    const end = await run(stubborn, { timeoutMs: 500 });
    expect(end).toMatchObject({ timedOut: true, code: null, signal: "SIGKILL" });
    expect([end.read("self"), end.read("child")].map(isRunning)).toEqual([false, false]);
  });

  test("a child that ignores SIGTERM ends too when the hook itself heeds it", async () => {
    const end = await run(`sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 1; done' & sleep 300`, {
      timeoutMs: 500,
    });
    expect(end).toMatchObject({ timedOut: true, signal: "SIGTERM" });
    expect(isRunning(end.read("child"))).toBe(false);
  });

  test("an interpreter that is not there is explained", async () => {
    const end = await run("#!/no/such/interpreter\n");
    expect(end.code).toBeNull();
    expect(end.error).toContain("interpreter");
  });

  test("without a first line it is a script of sh, as everywhere", async () => {
    expect(await run("echo $((40 + 2))", { name: "hook" })).toMatchObject({ code: 0, output: "42\n" });
  });
});
