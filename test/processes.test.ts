import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { isProvablyDead, outermostWith, processIdentity } from "../src/processes.ts";

test("what another process was started with is looked at each time: its pid may be another one's tomorrow", async () => {
  // One pid, and after a word on its input another program with another environment.
  const child = spawn("sh", ["-c", "read word; AYO_TEST_MARK=1 exec sh -c 'read word'"]);
  const pid = child.pid as number;
  expect(outermostWith("AYO_TEST_MARK", pid)).toBeUndefined();
  child.stdin.write("go\n");
  await vi.waitUntil(() => outermostWith("AYO_TEST_MARK", pid) !== undefined, { timeout: 60_000, interval: 5 });
  child.stdin.end("end\n");
  await once(child, "exit");
});

test.runIf(process.platform === "linux")(
  "a process that was killed is dead, also where whoever started it never asks how it ended",
  async () => {
    // The shell becomes a program that knows nothing of the child it inherits.
    const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    const isSleep = () => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n";
    await vi.waitUntil(isSleep, { timeout: 60_000, interval: 5 });
    const holder = processIdentity(pid);
    expect(isProvablyDead(holder)).toBe(false);
    process.kill(pid, "SIGKILL");
    await vi.waitUntil(() => isProvablyDead(holder), { timeout: 60_000, interval: 5 });
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill("SIGKILL");
    await once(parent, "exit");
  },
);
