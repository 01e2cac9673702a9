import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Env } from "./helpers/hermeticEnv.ts";
import { beside, install, type Ran, ROOT, runReporting } from "./helpers/installed.ts";
import { UNPRIVILEGED } from "./helpers/runCli.ts";
import { tempDir } from "./helpers/tempDir.ts";

const VERSION = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")).version;

/** Runs a command, and tells what its process loaded. */
function ayo(cli: string, args: readonly string[], cwd: string, through: readonly string[] = [], more: Env = {}): Ran {
  return runReporting([cli, ...args], { cwd, through, env: more });
}

const works = { code: 0, stdout: `ayo ${VERSION}\n`, stderr: "" };

describe("the fast commands load no more than their family's packs", () => {
  const cli = path.join(ROOT, "dist/cli/ayo.cjs");
  const NEVER = ["net", "assert", "perf_hooks", "internal/fs/rimraf", "internal/fs/promises", "tty", "module"];
  const NOT_BY_READS = ["crypto", "zlib", "stream", "child_process"];

  test("reads load one, search two, changes too, and what asks another process", () => {
    const dir = tempDir();
    const run = (...args: string[]): Ran => {
      const ran = ayo(cli, args, dir);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.isWarm).toBe(true);
      expect(ran.builtins.filter((name) => NEVER.includes(name))).toEqual([]);
      return ran;
    };
    const read = (...args: string[]): void => {
      const { packs, builtins } = run(...args);
      expect({ args, packs }).toEqual({ args, packs: ["reads"] });
      expect(builtins.filter((name) => NOT_BY_READS.includes(name))).toEqual([]);
    };
    const write = (...args: string[]): void => {
      expect({ args, packs: run(...args).packs.toSorted() }).toEqual({ args, packs: ["ask", "reads", "writes"] });
    };
    ayo(cli, ["init"], dir);
    const made = ["Renew the certificate", "Paint the shed", "Order new chairs"].map((title) => {
      const { packs, stdout } = run("ticket", "create", title, "-q");
      expect(packs.toSorted()).toEqual(["ask", "reads", "writes"]);
      return stdout.trim();
    });
    const [first = "", second = "", third = ""] = made;
    read("--version");
    // The first of them comes so soon after the change that stamps prove nothing.
    for (const verb of ["ready", "list", "blocked"]) read("ticket", verb);
    read("ticket", "show", first);
    write("ticket", "note", first, "A note.");
    read("ticket", "ready");
    write("ticket", "update", first, "--priority", "1");
    write("ticket", "claim", second, "--as", "@coder");
    write("ticket", "note", second, "Begun.", "--as", "@coder");
    read("ticket", "ready", "--as", "@coder");
    write("ticket", "close", second, "--as", "@coder");
    write("ticket", "start", third);
    write("ticket", "close", third);
    read("ticket", "list", "--json");
    expect(run("ticket", "search", "certificate").packs).toEqual(["reads", "search"]);
  });

  test("what changes a store syncs many files at once, and nothing that it starts is told of that", () => {
    const dir = tempDir();
    ayo(cli, ["init"], dir);
    const made = ayo(cli, ["ticket", "create", "Paint the shed", "-q"], dir);
    const read = ayo(cli, ["ticket", "ready"], dir);
    expect(made.threads - read.threads).toBeGreaterThanOrEqual(16);
    const own = ayo(cli, ["ticket", "note", made.stdout.trim(), "x"], dir, [], { UV_THREADPOOL_SIZE: "2" });
    expect(own.threads - read.threads).toBe(2);
    expect([made, read, own].map(({ threadsOfOthers }) => threadsOfOthers)).toEqual([undefined, undefined, "2"]);
  });

  test("what tells of claims elsewhere is loaded by whoever shares tickets, and is as near then", () => {
    const dir = tempDir();
    const home = path.join(dir, "home");
    const run = (...args: string[]): Ran => ayo(cli, args, dir, [], { AYO_HOME: home });
    run("init");
    const id = run("ticket", "create", "Paint the shed", "-q").stdout.trim();
    run("ticket", "claim", id, "--as", "@coder");
    expect(run("ticket", "list", "--json")).toMatchObject({ packs: ["reads"], modules: ["main", "list"] });
    mkdirSync(path.join(home, "sync"), { recursive: true });
    expect(run("ticket", "list", "--json")).toMatchObject({ packs: ["reads"], modules: ["main", "list", "ownClaims"] });
    expect(run("ticket", "ready")).toMatchObject({
      packs: ["reads"],
      modules: expect.not.arrayContaining(["noStore"]),
    });
  });

  test("no other command loads what only serve and mcp need", () => {
    const dir = tempDir();
    ayo(cli, ["init"], dir);
    for (const line of ["board", "ticket history", "ticket stats", "doctor", "help claims"])
      expect(ayo(cli, line.split(" "), dir)).toMatchObject({ code: 0, packs: expect.not.arrayContaining(["servers"]) });
  });
});

describe("V8's code cache only saves time", () => {
  test.for<readonly [string, (file: string) => void]>([
    ["missing", (file) => rmSync(file)],
    ["empty", (file) => truncateSync(file)],
    ["cut off", (file) => truncateSync(file, readFileSync(file).length / 2)],
    ["something else", (file) => writeFileSync(file, "no cache".repeat(10_000))],
    [
      "without one of its pages, as after a power cut",
      (file) => {
        const bytes = readFileSync(file);
        const start = Math.min(2 * 4096, bytes.length >> 1);
        writeFileSync(file, bytes.fill(0, start, Math.min(start + 4096, bytes.length)));
      },
    ],
    [
      "of another V8",
      (file) => {
        const bytes = readFileSync(file);
        bytes.writeUInt32LE((bytes.readUInt32LE(4) ^ 1) >>> 0, 4);
        writeFileSync(file, bytes);
      },
    ],
  ])("a cache that is %s is passed over", ([, harm]) => {
    const cli = install();
    expect(ayo(cli, ["--version"], tempDir())).toMatchObject({ ...works, isWarm: true });
    for (const file of beside(cli, /\.cache$/)) harm(file);
    expect(ayo(cli, ["--version"], tempDir())).toMatchObject({ ...works, isWarm: false });
    const dir = tempDir();
    expect(ayo(cli, ["init"], dir).code).toBe(0);
    expect(ayo(cli, ["ticket", "create", "One"], dir)).toMatchObject({ code: 0, stderr: "" });
    expect(ayo(cli, ["ticket", "ready"], dir).stdout).toContain("One");
  });
});

describe("an installation", () => {
  test("that nobody may write into works, and stays as it was", () => {
    const cli = install();
    const folder = path.dirname(cli);
    const before = readdirSync(folder);
    for (const name of before) chmodSync(path.join(folder, name), 0o555);
    chmodSync(folder, 0o555);
    expect(ayo(cli, ["--version"], tempDir(), UNPRIVILEGED)).toMatchObject({ ...works, isWarm: true });
    expect(readdirSync(folder)).toEqual(before);
    chmodSync(folder, 0o755);
  });

  test("is found through links, as npm makes them", () => {
    const dir = tempDir();
    const cli = install(path.join(dir, "lib/node_modules/ayo-tickets"));
    mkdirSync(path.join(dir, "bin"));
    symlinkSync(path.relative(path.join(dir, "bin"), cli), path.join(dir, "bin/ayo"));
    symlinkSync("bin/ayo", path.join(dir, "again"));
    expect(ayo(path.join(dir, "again"), ["--version"], tempDir())).toMatchObject({ ...works, isWarm: true });
  });

  test("of one version knows nothing of another beside it", () => {
    const dir = tempDir();
    const [one, two] = ["one", "two"].map((name) => install(path.join(dir, name))) as [string, string];
    const manifest = path.join(dir, "two/package.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(`"${VERSION}"`, '"99.0.0"'));
    expect(ayo(two, ["--version"], dir)).toMatchObject({ code: 0, stdout: "ayo 99.0.0\n" });
    for (const file of beside(two, /\.(js|cache)$/)) rmSync(file);
    expect(ayo(one, ["--version"], dir)).toMatchObject(works);
  });

  test("that lacks a pack says so and what to do, and changes nothing", () => {
    const cli = install();
    const dir = tempDir();
    ayo(cli, ["init"], dir);
    for (const file of beside(cli, /^writes-.*\.js$/)) rmSync(file);
    const ran = ayo(cli, ["ticket", "create", "One"], dir);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^error: this installation of ayo is not whole: ENOENT.*writes-\w+\.js'\n/);
    expect(ran.stderr).toContain("npm install --global ayo-tickets");
    expect(ayo(cli, ["ticket", "list"], dir)).toMatchObject({ code: 0, stdout: "" });
    expect(readdirSync(path.join(dir, ".tickets")).filter((name) => name.endsWith(".md"))).toEqual([]);
  });

  test("whose pack is of another build says so", () => {
    const cli = install();
    for (const file of beside(cli, /^reads-.*\.js$/)) writeFileSync(file, "");
    expect(ayo(cli, ["--version"], tempDir())).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: this installation of ayo is not whole: .*main\.js is missing\n/),
    });
  });
});

test("a bug's report names functions and where they stand in a pack", () => {
  const cli = install();
  const [reads = ""] = beside(cli, /^reads-.*\.js$/);
  const code = readFileSync(reads, "latin1");
  const harmed = code.replace(/function packageVersion\(\) ?\{/, "$&throw new Error('harmed');");
  expect(harmed).not.toBe(code);
  writeFileSync(reads, harmed);
  for (const file of beside(cli, /^reads-.*\.cache$/)) rmSync(file);
  const { code: status, stderr } = ayo(cli, ["--version"], tempDir());
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/this is a bug in ayo: Error: harmed\n\s+at \S*packageVersion \(ayo\/reads\.js:\d+:\d+\)/);
});
