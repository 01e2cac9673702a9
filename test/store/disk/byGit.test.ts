import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadIndex, sumOf } from "../../../src/store/disk/cache.ts";
import { laterCleanUp } from "../../helpers/laterCleanUp.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";
import { plantTraps } from "../../helpers/traps.ts";

/** More than what git is asked about; they are told by their titles. */
const COUNT = 3_100;

const cleanUp = laterCleanUp();
let store: TempStore;
let wanted: Map<string, string>;
let git: ReturnType<typeof watchedGit>;

/** A git that writes down that it was started, and what it was asked. */
function watchedGit() {
  const dir = tempDir(cleanUp);
  const real = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();
  writeFileSync(`${dir}/git`, `#!/bin/sh\necho "$*" >> '${dir}/asked'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  writeFileSync(`${dir}/asked`, "");
  const asked = () => readFileSync(`${dir}/asked`, "utf8").split("\n").length - 1;
  return { PATH: `${dir}:${process.env.PATH}`, asked };
}

const fileOf = (id: string) => path.join(store.tickets, `${id}.md`);
const textOf = (id: string, title: string) => `---\nid: ${id}\nstatus: open\n---\n# ${title}\n`;

/** Every ticket's title, as a command tells it. */
async function listed(env = git.PATH): Promise<Map<string, string>> {
  const { stdout, stderr, code } = await store.here(["ticket", "list", "--json", "--fields", "id,title"], {
    env: { PATH: env },
  });
  expect(code, stderr).toBe(0);
  const { tickets } = JSON.parse(stdout) as { tickets: { id: string; title: string }[] };
  return new Map(tickets.map(({ id, title }) => [id, title]));
}

/** A command's list is what was written; `byGit`: and git was asked for it. */
async function expectSeen(byGit = true): Promise<void> {
  const before = git.asked();
  const seen = await listed();
  expect(new Map([...seen].sort())).toEqual(new Map([...wanted].sort()));
  expect(git.asked() - before).toBe(byGit ? 1 : 0);
}

/** Where the index for git lies, once there is one that it is asked by. */
const noted = (): string[] => {
  const folder = path.join(store.tickets, ".git/ayo/stats");
  const names = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
  return names.map((name) => path.join(folder, name)).filter((file) => statSync(file).size > 0);
};

/** Reads until git can be asked: what was just written has to be left alone for a second first. */
async function untilNoted(): Promise<void> {
  while (noted().length === 0) await listed();
}

beforeAll(async () => {
  store = await tempStore({ at: tempDir(cleanUp) });
  git = watchedGit();
  const ids = Array.from({ length: COUNT }, (_, at) => `t-${at.toString(36).padStart(4, "0")}`);
  wanted = new Map(ids.map((id) => [id, `Title ${id}`]));
  writeTickets(store, Object.fromEntries(wanted));
  await untilNoted();
});

/** Writes a ticket in place. */
function write(id: string, title: string): void {
  writeFileSync(fileOf(id), textOf(id, title));
  wanted.set(id, title);
}

describe("where git looks at the files of a large store", () => {
  test("nothing is missed that anybody does to them", async () => {
    await expectSeen();
    write("t-0001", "Other t-0001");
    await expectSeen();
    // The same length and the same time: only what the system itself notes of it is another.
    const { atime, mtime, size } = statSync(fileOf("t-0002"));
    writeFileSync(fileOf("t-0002"), readFileSync(fileOf("t-0002"), "utf8").replace("Title", "tITLE"));
    utimesSync(fileOf("t-0002"), atime, mtime);
    wanted.set("t-0002", "tITLE t-0002");
    expect(statSync(fileOf("t-0002"))).toMatchObject({ mtime, size });
    await expectSeen();
    // By a rename, as editors save.
    writeFileSync(`${fileOf("t-0003")}~`, textOf("t-0003", "Renamed"));
    renameSync(`${fileOf("t-0003")}~`, fileOf("t-0003"));
    wanted.set("t-0003", "Renamed");
    rmSync(fileOf("t-0004"));
    wanted.delete("t-0004");
    write("new", "New");
    write("näh", "A name that git and we sort otherwise");
    // What is no ticket, and what lies deeper.
    mkdirSync(path.join(store.tickets, "deep"), { recursive: true });
    writeFileSync(path.join(store.tickets, "deep", "t-0005.md"), textOf("t-0005", "Deep"));
    writeFileSync(path.join(store.tickets, ".hidden.md"), textOf("hidden", "Hidden"));
    await expectSeen();
    rmSync(fileOf("t-0006"));
    mkdirSync(fileOf("t-0006"));
    wanted.delete("t-0006");
    await expectSeen();
    rmSync(fileOf("t-0006"), { recursive: true });
    write("t-0006", "Back");
    utimesSync(fileOf("t-0007"), new Date(), new Date());
    await expectSeen();
    // Written again within the second of the last time, and gone again.
    write("t-0001", "Third t-0001");
    await expectSeen();
    write("t-0001", "Forth t-0001");
    await expectSeen();
    rmSync(fileOf("new"));
    wanted.delete("new");
    await expectSeen();
  });

  test("a change is made on what is there, commits what was done by hand, and status is clean", async () => {
    write("t-0010", "By hand");
    await store.ayo("ticket", "note", "t-0011", "hello");
    expect(store.text("t-0011")).toContain("hello");
    rmSync(path.join(store.tickets, "deep"), { recursive: true, force: true });
    rmSync(path.join(store.tickets, ".hidden.md"), { force: true });
    expect(store.subjects().slice(0, 9).join("\n")).toContain("note t-0011: hello");
    store.judge();
    await again();
    await expectSeen();
    // The times of a file are of now, its text is the old one: nobody waits for it for ever.
    utimesSync(fileOf("t-0011"), new Date(), new Date());
    await store.ayo("ticket", "note", "t-0011", "again");
    expect(store.text("t-0011")).toContain("again");
    store.judge();
  });

  test("git runs nothing that a store names", async () => {
    const marks = tempDir();
    const traps = plantTraps(path.join(store.tickets, ".git"), store.tickets, marks);
    write("t-0020", "Trapped");
    utimesSync(fileOf("t-0021"), new Date(), new Date());
    await expectSeen();
    expect(traps.sprung()).toEqual([]);
  });
});

describe("where git cannot look", () => {
  test.each([
    ["is cut off", (file: string) => truncateSync(file, 1000)],
    ["is something else", (file: string) => writeFileSync(file, "x".repeat(500))],
    ["tells of files that never were", (file: string) => writeFileSync(file, ofOtherFiles(readFileSync(file)))],
    ["is a folder", (file: string) => inPlaceOf(file, mkdirSync)],
    ["is a link to nothing", (file: string) => inPlaceOf(file, () => symlinkSync("nowhere", file))],
  ])("since its index %s, all is seen nevertheless", async (_, damage) => {
    await again();
    damage(noted()[0] as string);
    write("t-0030", `Seen ${Math.random()}`);
    expect(new Map([...(await listed())].sort())).toEqual(new Map([...wanted].sort()));
    write("t-0031", `Seen ${Math.random()}`);
    expect(new Map([...(await listed())].sort())).toEqual(new Map([...wanted].sort()));
  });

  test("since there is none, it is asked once", async () => {
    await again();
    write("t-0040", `Without ${Math.random()}`);
    const none = tempDir();
    expect((await listed(none)).get("t-0040")).toBe(wanted.get("t-0040"));
    expect(noted()).toEqual([]);
    await expectSeen(false);
  });

  test("since there is no place for temporary files, all is seen nevertheless", async () => {
    await again();
    const folder = tempDir();
    chmodSync(folder, 0o500);
    write("t-0041", `Nowhere ${Math.random()}`);
    const { TMPDIR } = process.env;
    process.env.TMPDIR = path.join(folder, "missing");
    try {
      expect((await listed()).get("t-0041")).toBe(wanted.get("t-0041"));
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });
});

function inPlaceOf(file: string, make: (file: string) => unknown): void {
  rmSync(file);
  make(file);
}

/** An index of as many files with other names. */
function ofOtherFiles(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll("t-", "u-"), "latin1");
}

/** Has git asked anew: by another state of the store's cache. */
async function again(): Promise<void> {
  rmSync(path.join(store.tickets, ".git/ayo/stats"), { recursive: true, force: true });
  await untilNoted();
}

test("what is planted in the cache leads nowhere else: no file there is read, cut off or removed", async () => {
  await again();
  const elsewhere = tempDir();
  const [file = ""] = noted();
  for (const name of ["precious", path.basename(file)]) writeFileSync(path.join(elsewhere, name), "precious");
  const folder = path.dirname(file);
  rmSync(folder, { recursive: true });
  symlinkSync(elsewhere, folder);
  write("t-0050", `Linked ${Math.random()}`);
  await expectSeen(false);
  rmSync(path.join(elsewhere, path.basename(file)));
  await expectSeen(false);
  expect(readdirSync(elsewhere)).toEqual(["precious"]);
  rmSync(folder);
  // A generation that is a path.
  const index = path.join(store.tickets, ".git/ayo/index");
  const text = readFileSync(index, "latin1");
  const planted = `../../../../${path.relative(store.dir, path.join(elsewhere, "precious"))}`;
  const named = text.slice(8).replace(/"generation":"[^"]+"/, `"generation":${JSON.stringify(planted)}`);
  const body = Buffer.from(named, "latin1");
  writeFileSync(index, Buffer.concat([Buffer.from(sumOf(body)), body]));
  expect(loadIndex(path.join(store.tickets, ".git/ayo"))).toBeUndefined();
  write("t-0051", `Planted ${Math.random()}`);
  expect(new Map([...(await listed())].sort())).toEqual(new Map([...wanted].sort()));
  expect(readFileSync(path.join(elsewhere, "precious"), "utf8")).toBe("precious");
});

test("a process of its own lists thousands, and nobody hears of what V8 was told for that", async () => {
  const { code, stdout, stderr } = await store.run(["ticket", "list"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toHaveLength(wanted.size);
});

test("a small store never starts git", async () => {
  const small = await tempStore();
  writeTickets(small, { a: "A" });
  for (let turn = 0; turn < 3; turn++) await small.ayo("ticket", "list");
  appendFileSync(path.join(small.tickets, "a.md"), "more\n");
  await small.ayo("ticket", "list");
  expect(statSync(path.join(small.tickets, ".git/ayo/stats"), { throwIfNoEntry: false })).toBeUndefined();
});
