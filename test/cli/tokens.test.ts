import { cpSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { applyBatch } from "../../src/index.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";
import { tokens } from "../helpers/tokens.ts";

const WORDS = "login cookie proxy mail schema index queue cache upload search export billing".split(" ");

/** Titles as people write them, and the same in each run. */
function title(n: number): string {
  const word = (step: number) => WORDS[(n * step + step) % WORDS.length];
  return `Let the ${word(1)} work when the ${word(5)} is behind a ${word(7)} (${n})`;
}

let busy: TempStore;
const cleanUp = laterCleanUp();
let names: Readonly<Record<string, string>>;

beforeAll(async () => {
  busy = await tempStore({ at: tempDir(cleanUp) });
  const operations = Array.from({ length: 120 }, (_, n) => ({
    op: "create",
    name: `t${n}`,
    title: title(n),
    priority: n % 5,
    tags: [WORDS[n % 12]],
    description: `What is wrong with number ${n}.\n`.repeat(20),
    ...(n % 3 === 2 ? { deps: [`$t${n - 1}`] } : {}),
    ...(n % 10 === 9 ? { parent: "$t0" } : {}),
  }));
  const moves = [
    ...Array.from({ length: 10 }, (_, n) => ({ op: "start", id: `$t${n * 3 + 3}` })),
    ...Array.from({ length: 8 }, (_, n) => ({ op: "close", id: `$t${n * 3 + 60}` })),
    ...Array.from({ length: 40 }, (_, n) => ({ op: "note", id: `$t${n}`, text: `A remark.\n\nOf some length, ${n}.` })),
  ];
  ({ names } = await applyBatch(busy.open(), { operations: [...operations, ...moves], as: "@lead" }));
});

/** A copy to write in. */
function copy(): TempStore {
  const dir = tempDir();
  cpSync(busy.dir, dir, { recursive: true });
  return storeIn(dir);
}

const id = (name: string) => names[name] ?? expect.fail(name);

describe("tokens of what the command line answers, with 120 tickets", () => {
  test.for([
    ["create", () => ["create", "Keep receipts of refunds for ten years", "-p", "1", "--deps", id("t1")]],
    ["claim", () => ["claim", "--next", "--as", "@bob"]],
    ["start", () => ["start", id("t6"), "--as", "@lead"]],
    ["close", () => ["close", id("t3"), "-m", "Done, with tests"]],
    ["close, which makes another ready", () => ["close", id("t1")]],
    ["reopen", () => ["reopen", id("t60")]],
    ["block", () => ["block", id("t4"), "-m", "waits for the vendor"]],
    ["cancel", () => ["cancel", id("t5")]],
    ["fail", () => ["fail", id("t3")]],
    ["status", () => ["status", id("t4"), "in_progress"]],
    ["assign", () => ["assign", id("t4"), "@coder"]],
    ["note", () => ["note", id("t4"), "A remark. ".repeat(50)]],
    ["update", () => ["update", id("t4"), "-p", "0", "--add-tag", "x", "--title", title(300)]],
    ["dep add", () => ["dep", "add", id("t4"), id("t7")]],
    ["dep remove", () => ["undep", id("t2"), id("t1")]],
    ["link", () => ["link", id("t4"), id("t7")]],
    ["duplicate", () => ["duplicate", id("t5"), "--of", id("t7")]],
    ["delete", () => ["delete", id("t119"), "--yes"]],
    ["cancel, which leaves one waiting in vain", () => ["cancel", id("t4")], 60],
  ] as const)("%s: at most 40, or as many as said", async ([, line, most = 40]) => {
    const { code, stdout, stderr } = await copy().here(["ticket", ...line()]);
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe("");
    expect(tokens(stdout + stderr)).toBeLessThanOrEqual(most);
  });

  test.for([
    ["a refusal", () => ["close", id("t2")]],
    ["an unknown id", () => ["close", "nosuch"]],
    ["an unknown flag", () => ["close", id("t2"), "--farce"]],
    ["an unknown verb", () => ["clsoe", id("t2")]],
  ] as const)("%s: at most 100", async ([, line]) => {
    const { code, stderr } = await busy.here(["ticket", ...line()]);
    expect(code).toBeGreaterThan(0);
    expect(tokens(stderr)).toBeLessThanOrEqual(100);
  });

  test.for([
    ["ready", []],
    ["ready", ["--limit", "5"]],
    ["list", []],
    ["blocked", []],
    ["closed", []],
    ["list", ["--json", "--fields", "id,title,status"]],
  ] as const)("%s %s: at most 40 a ticket", async ([verb, flags]) => {
    const { stdout } = await busy.here(["ticket", verb, ...flags]);
    const count = (
      await busy.ayo("ticket", verb, ...flags.filter((flag) => !/json|fields|id,/.test(flag)), "-q")
    ).split("\n").length;
    expect(count).toBeGreaterThan(4);
    expect(tokens(stdout) / count).toBeLessThanOrEqual(40);
  });

  test.for([
    ["ticket show", () => ["ticket", "show", id("t1")], 400],
    ["ticket stats", () => ["ticket", "stats"], 400],
    ["agents prime", () => ["agents", "prime"], 700],
    ["ticket history", () => ["ticket", "history", id("t1")], 200],
  ] as const)("%s: bounded", async ([, line, most]) => {
    const { code, stdout } = await busy.here(line());
    expect(code).toBe(0);
    expect(tokens(stdout)).toBeLessThanOrEqual(most);
  });
});
