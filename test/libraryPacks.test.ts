import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import * as library from "../src/index.ts";
import { beside, install, type Ran, ROOT, runReporting } from "./helpers/installed.ts";
import { tempDir } from "./helpers/tempDir.ts";

const INDEX = path.join(ROOT, "dist/index.js");

interface Options {
  readonly cwd?: string;
  readonly index?: string;
  /** Options of Node. */
  readonly more?: readonly string[];
  readonly through?: readonly string[];
}

/** Runs the text of a program in `cwd`, with `library` for what it imports from `index`; what it prints as JSON. */
function program(text: string, { cwd = tempDir(), index = INDEX, more = [], through = [] }: Options = {}): Ran {
  const file = path.join(tempDir(), "program.mjs");
  const url = pathToFileURL(index).href;
  writeFileSync(
    file,
    `const url = ${JSON.stringify(url)};\nconst print = (value) => console.log(JSON.stringify(value));\n${text}`,
  );
  return runReporting([...more, file], { cwd, through });
}

const IMPORT = "const { AyoError, ...library } = await import(url);\n";
const STORE = `${IMPORT}const store = await library.makeStore();\n`;
const withStore = (): string => {
  const cwd = tempDir();
  program(`${STORE}await library.createTicket(store, { title: "First" });`, { cwd });
  return cwd;
};
const one = (text: string, options: Options = {}): unknown => {
  const { code, stdout, stderr } = program(text, options);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

test("the built library has the names of src/index.ts, for import and for require", () => {
  const names = Object.keys(library).sort();
  expect(one("print(Object.keys(await import(url)).sort());")).toEqual(names);
  const required = `import { createRequire } from "node:module";
    print(Object.keys(createRequire(url)(${JSON.stringify(INDEX)})).filter((name) => name !== "module.exports").sort());`;
  expect(one(required)).toEqual(names);
});

test("what is no input is refused like any that does not fit", () => {
  const text = `${STORE}const tried = [undefined, null, 5, "text"].map((input) => library.addNote(store, input).then(String, (error) => [error instanceof AyoError, error.code, error.message]));
    print(await Promise.all(tried));`;
  const said = (message: string) => [true, "bad_input", message];
  const [missing, ...others] = one(text) as unknown[];
  expect(missing).toEqual(said("input is missing"));
  expect(others).toEqual([1, 2, 3].map(() => said("input must be an object")));
});

describe("a program loads no more than it uses", () => {
  const NEVER = ["net", "assert", "perf_hooks", "internal/fs/rimraf", "tty", "worker_threads", "readline"];
  const NOT_BY_READS = ["crypto", "zlib", "stream", "child_process"];
  const loaded = (text: string, cwd: string): Ran => {
    const ran = program(text, { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "", isWarm: true });
    expect(ran.builtins.filter((name) => NEVER.includes(name))).toEqual([]);
    return { ...ran, packs: ran.packs.toSorted() };
  };

  test("reads two packs, changes one more", () => {
    const cwd = withStore();
    const work = `${STORE}const { ticket: { id } } = await library.createTicket(store, { title: "One", priority: 0 });
      await library.claimTickets(store, { next: true, as: "@coder" });
      await library.addNote(store, { id, text: "Begun.", as: "@coder" });
      await library.updateTickets(store, { ids: [id], priority: 1, as: "@coder" });
      await library.closeTickets(store, { ids: [id], as: "@coder" });`;
    expect(loaded(work, cwd).packs).toEqual(["library", "reads", "writes"]);
    const [id] = one(`${STORE}print((await library.closedTickets(store, {})).tickets.map(({ id }) => id));`, {
      cwd,
    }) as [string];
    const reads = `${IMPORT}const store = library.openStore();
      await library.readyTickets(store, {});
      await library.listTickets(store, {});
      await library.showTicket(store, { id: "${id}" });`;
    for (const text of [IMPORT, reads]) {
      const { packs, builtins } = loaded(text, cwd);
      expect(packs).toEqual(["library", "reads"]);
      expect(builtins.filter((name) => NOT_BY_READS.includes(name))).toEqual([]);
    }
  });

  test("caches that are missing only cost time", () => {
    const cli = install();
    for (const file of beside(cli, /\.cache$/)) rmSync(file);
    const index = path.resolve(cli, "../../index.js");
    const ran = program(`${STORE}print((await library.createTicket(store, { title: "One" })).ticket.title);`, {
      index,
    });
    expect(ran).toMatchObject({ code: 0, stdout: '"One"\n', stderr: "", isWarm: false });
  });
});

test("the library is one, under two URLs too, and another in each thread", () => {
  const text = `import { Worker, isMainThread, parentPort } from "node:worker_threads";
    ${STORE}
    const other = await import(url + "?again");
    const error = await other.showTicket(store, { id: "nope" }).catch((error) => error);
    const mine = [other.openStore === library.openStore, error instanceof AyoError, error.code];
    if (!isMainThread) parentPort.postMessage(mine);
    else new Worker(new URL(import.meta.url)).on("message", (theirs) => print([mine, theirs]));`;
  const each = [true, true, "not_found"];
  expect(one(text)).toEqual([each, each]);
});

describe("what is wrong with an installation is an error of the program, which goes on", () => {
  const broken = (pack: string): string =>
    `Error: this installation of ayo is not whole: ENOENT: no such file or directory, open '.*${pack}-\\w+\\.js'\n` +
    "If it was just replaced, start this program again; else install it again: npm install ayo-tickets$";

  test("a pack that is gone when it is needed, as after an update; and back", () => {
    const index = path.resolve(install(), "../../index.js");
    const text = `import fs from "node:fs";
      ${STORE}
      const packs = new URL("cli/", url);
      const move = (from, to) => {
        for (const name of fs.readdirSync(packs).filter((one) => one.startsWith(from)))
          fs.renameSync(new URL(name, packs), new URL(name.replace(from, to), packs));
      };
      move("rest-", "old-rest-");
      const stats = () => library.getStats(store, {}).then((answer) => "tickets" in answer || answer, String);
      const said = [await stats(), await stats()];
      move("old-rest-", "rest-");
      print([...said, typeof (await stats())]);`;
    const [first, second, third] = one(text, { cwd: withStore(), index }) as string[];
    expect(first).toMatch(new RegExp(broken("rest")));
    expect(second).toBe(first);
    expect(third).not.toBe("string");
  });

  test("a pack that cannot be read while too many files are open", () => {
    const text = `import fs from "node:fs";
      ${STORE}
      const claim = () => library.claimTickets(store, { next: true, as: "@coder" }).then(({ tickets }) => tickets.length, String);
      const open = [];
      try {
        for (;;) open.push(fs.openSync("/dev/null"));
      } catch {}
      const first = await claim();
      for (const descriptor of open) fs.closeSync(descriptor);
      print([first, await claim()]);`;
    const through = ["sh", "-c", 'ulimit -n 100; exec "$@"', "sh"];
    expect(one(text, { cwd: withStore(), through })).toEqual([
      expect.stringMatching(/^Error: EMFILE: too many open files, open '.*writes-\w+\.js'$/),
      1,
    ]);
  });

  test("one that is gone from the start", () => {
    const cli = install();
    for (const file of beside(cli, /^reads-.*\.js$/)) rmSync(file);
    const index = path.resolve(cli, "../../index.js");
    const said = one("print(await import(url).then(() => 'works', String));", { index });
    expect(said).toMatch(new RegExp(broken("reads")));
  });

  test("a Node that is too old", () => {
    const preload = path.join(tempDir(), "older.cjs");
    const versions = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });';
    writeFileSync(preload, versions);
    const said = one("print(await import(url).then(() => 'works', String));", { more: ["--require", preload] });
    expect(said).toBe("Error: ayo needs Node 20.19 or newer; this is 18.20.8");
  });
});
