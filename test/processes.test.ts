import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { outermostWith } from "../src/processes.ts";

test("what another process was started with is looked at each time: its pid may be another one's tomorrow", async () => {
  // One pid, and after a word on its input another program with another environment.
  const child = spawn("sh", ["-c", "read word; AYO_TEST_MARK=1 exec sh -c 'read word'"]);
  const pid = child.pid as number;
  expect(outermostWith("AYO_TEST_MARK", pid)).toBeUndefined();
  child.stdin.write("go\n");
  await vi.waitUntil(() => outermostWith("AYO_TEST_MARK", pid) !== undefined, { timeout: 10_000, interval: 5 });
  child.stdin.end("end\n");
  await once(child, "exit");
});
