import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type Placing, putInPlace } from "../../src/store/putInPlace.ts";
import { forgetReplaced } from "../../src/store/replaced.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { testHost } from "../helpers/tempStore.ts";

/** Renames over the file argv[1] until its input ends; says when it has begun. */
const RENAMER = `
  const fs = require("node:fs");
  const file = process.argv[1];
  const write = () => { fs.writeFileSync(file + ".swp", "text\\n"); fs.renameSync(file + ".swp", file); };
  write();
  console.log("begun");
  process.stdin.resume().on("end", () => process.exit());
  setInterval(() => { for (let count = 0; count < 50; count++) write(); }, 0);
`;

test("whatever is replaced keeps a name, also when somebody renames without a pause", async () => {
  const dir = tempDir();
  const stateDir = path.join(dir, "state");
  mkdirSync(stateDir);
  const file = "t-1.md";
  const target = path.join(dir, file);
  const renamer = spawn(process.execPath, ["-e", RENAMER, target], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => renamer.on("close", resolve));
  await new Promise((resolve) => renamer.stdout.once("data", resolve));
  const [host, temporary] = [testHost(dir), path.join(stateDir, "staged")];
  const placing: Placing = {
    ...{ dir, stateDir, host, isOurs: () => true },
    ...{ base: async () => undefined, isCommitted: () => true },
  };
  const outcomes = new Map<string, number>();
  try {
    for (let put = 0; put < 1_500; put++) {
      writeFileSync(temporary, "text\n");
      const done = putInPlace(placing, { file, temporary, disk: readFileSync(target), force: put % 2 === 1 });
      const outcome = typeof done === "string" ? done : done.replaced === undefined ? "replaced and lost" : "kept";
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (typeof done === "object" && done.replaced !== undefined) forgetReplaced(done.replaced);
    }
  } finally {
    renamer.stdin.end();
    await ended;
    rmSync(temporary, { force: true });
  }
  expect([...outcomes.keys()].filter((outcome) => !["kept", "moved"].includes(outcome))).toEqual([]);
  expect(outcomes.get("kept")).toBeGreaterThan(0);
});
