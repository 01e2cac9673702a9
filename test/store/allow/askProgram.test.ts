import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { askProgram } from "../../../src/store/allow/ready/askProgram.ts";
import { tempDir } from "../../helpers/tempDir.ts";

test("a program that does not answer is ended with what it started", async () => {
  const dir = tempDir();
  const file = path.join(dir, "slow");
  writeFileSync(file, `#!/bin/sh\nsleep 300 &\necho $! > ${dir}/child\nwait\n`);
  chmodSync(file, 0o755);
  const host = { platform: process.platform };
  expect(await askProgram(file, [], { PATH: process.env.PATH ?? "" }, { host, wait: 1500 })).toBeUndefined();
  const child = Number(readFileSync(path.join(dir, "child"), "utf8"));
  const stateOf = (): string => {
    try {
      return readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1]?.[0] ?? "";
    } catch {
      return "gone";
    }
  };
  await vi.waitUntil(() => ["gone", "Z"].includes(stateOf()), { timeout: 5000 });
});
