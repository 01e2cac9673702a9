import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { mergeLateWrite } from "../../../../src/store/change/place/lateWrites.ts";
import { type Placing, putInPlace } from "../../../../src/store/change/place/putInPlace.ts";
import { forgetReplaced } from "../../../../src/store/change/place/replaced.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { testHost } from "../../../helpers/tempStore.ts";

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
    ...{ dir, stateDir, host, isOwn: true, isOurs: () => true },
    ...{ base: async () => undefined, isCommitted: () => true, inBranch: async () => null },
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

describe("what is written to a file after it was replaced", () => {
  const TEXT = "---\nid: t-1\nstatus: open\n---\n# Title\n\nfirst\nsecond\n";
  const OURS = TEXT.replace("open", "closed");

  function replaced() {
    const dir = tempDir();
    const [stateDir, file] = [path.join(dir, "state"), "t-1.md"];
    mkdirSync(path.join(stateDir, "tmp"), { recursive: true });
    const placing: Placing = {
      ...{ dir, stateDir, host: testHost(dir), isOwn: true, isOurs: () => true },
      ...{ base: async () => Buffer.from(TEXT), isCommitted: () => true, inBranch: async () => null },
    };
    const [target, temporary] = [path.join(dir, file), path.join(stateDir, "staged")];
    writeFileSync(target, TEXT);
    writeFileSync(temporary, OURS);
    const done = putInPlace(placing, { file, temporary, disk: Buffer.from(TEXT) });
    if (typeof done === "string" || done.replaced === undefined) throw new Error("nothing was replaced");
    return { placing, target, old: done.replaced };
  }

  test("is merged when it is whole, and not at the half of a save", async () => {
    const { placing, target, old } = replaced();
    writeFileSync(old.name, TEXT.replace("second\n", ""));
    expect(await mergeLateWrite(placing, old)).toBe("later");
    expect(readFileSync(target, "utf8")).toBe(OURS);
    writeFileSync(old.name, `${TEXT}third\n`);
    expect(await mergeLateWrite(placing, old)).toBe("merged");
    expect(readFileSync(target, "utf8")).toBe(`${OURS}third\n`);
  });

  test("takes lines away where it stays so", async () => {
    const { placing, target, old } = replaced();
    writeFileSync(old.name, TEXT.replace("second\n", ""));
    const past = Date.now() / 1000 - 1;
    utimesSync(old.name, past, past);
    expect(await mergeLateWrite(placing, old)).toBe("merged");
    expect(readFileSync(target, "utf8")).toBe(OURS.replace("second\n", ""));
  });

  test("waits while the file that has its name now is being saved", async () => {
    const { placing, target, old } = replaced();
    writeFileSync(old.name, `${TEXT}third\n`);
    writeFileSync(target, TEXT.slice(0, -8));
    expect(await mergeLateWrite(placing, old)).toBe("later");
    expect(readFileSync(target, "utf8")).toBe(TEXT.slice(0, -8));
  });

  test("is merged at once into a file that stands as it was merged last, as what was only moved does", async () => {
    const { placing, target, old } = replaced();
    writeFileSync(target, TEXT);
    writeFileSync(old.name, `${TEXT}third\n`);
    expect(await mergeLateWrite(placing, old)).toBe("merged");
    expect(readFileSync(target, "utf8")).toBe(`${TEXT}third\n`);
  });
});
