import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { doctor } from "../../../../src/actions/doctor/doctor.ts";
import { invoke } from "../../../../src/actions/input/action.ts";
import { hashObject, loosePath, readObject, writeObject } from "../../../../src/git/objects/objects.ts";
import { writePack } from "../../../../src/git/objects/pack.ts";
import { readFromPacks } from "../../../../src/git/objects/readFromPacks.ts";
import { isWorthPacking, listedPacks, notePack } from "../../../../src/git/packing/packList.ts";
import { verifyPack } from "../../../../src/git/packing/packVerify.ts";
import { openRepository, type Repository } from "../../../../src/git/repository/repository.ts";
import { addNote, createTicket } from "../../../../src/index.ts";
import { packSometimes } from "../../../../src/store/change/packing/packSometimes.ts";
import { packStore } from "../../../../src/store/change/packing/packStore.ts";
import type { Journal } from "../../../../src/store/open/store.ts";
import { fsck, git } from "../../../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../../../helpers/hermeticEnv.ts";
import { giveToOther, notOthers } from "../../../helpers/otherUser.ts";
import { CLI, runCli, UNPRIVILEGED } from "../../../helpers/runCli.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../../../helpers/tempStore.ts";

/** The long variants are hundreds of processes. */
vi.setConfig({ testTimeout: process.env.AYO_LONG === "1" ? 900_000 : 60_000 });

const repositoryOf = ({ repo }: TempStore): Repository => openRepository(repo) as Repository;
const loose = ({ repo }: TempStore): string[] =>
  readdirSync(`${repo}/.git/objects`)
    .filter((name) => name.length === 2)
    .flatMap((name) => readdirSync(`${repo}/.git/objects/${name}`).map((rest) => name + rest));
const packs = ({ repo }: TempStore): string[] =>
  readdirSync(`${repo}/.git/objects/pack`).filter((name) => name.endsWith(".pack"));
/** Every object that git finds, with what is in it. */
const objects = ({ repo }: TempStore): string => git(repo, "cat-file", "--batch-all-objects", "--batch-check");

async function write(store: TempStore, count: number): Promise<void> {
  const open = store.open();
  const { ticket } = await createTicket(open, { title: "Noted" });
  for (let n = 1; n < count; n++) await addNote(open, { id: ticket.id, text: `Note ${n}` });
}

let template: TempStore;
beforeAll(async () => {
  const removals: (() => void)[] = [];
  template = await tempStore({ at: tempDir((remove) => removals.push(remove)) });
  await write(template, 60);
  return () => {
    for (const remove of removals) remove();
  };
});

function copy(from = template): TempStore {
  const dir = path.join(tempDir(), "p");
  cpSync(from.dir, dir, { recursive: true, preserveTimestamps: true });
  return storeIn(dir);
}

describe("packing", () => {
  test("keeps every object, loses every loose file, and git finds nothing wrong", async () => {
    const store = copy();
    const [before, log] = [objects(store), git(store.repo, "log", "--format=%H %T %s")];
    const repository = repositoryOf(store);
    // What nothing needs is kept as well: a change that was called off may be looked for.
    const needless = writeObject(repository, "blob", Buffer.from("needless"));
    const files = loose(store).length;
    expect(packStore(store.open())).toEqual({ objects: files, merged: 0 });
    expect(loose(store)).toEqual([]);
    expect(objects(store).split("\n")).toEqual([...before.split("\n"), `${needless} blob 8`].sort());
    expect(git(store.repo, "log", "--format=%H %T %s")).toBe(log);
    const index = `${store.repo}/.git/objects/pack/${packs(store)[0]?.replace(/pack$/, "idx")}`;
    // Sixty versions of one file and of one folder; where a difference is no shorter than the whole, a chain ends sooner.
    const chains = [...git(store.repo, "verify-pack", "-v", index).matchAll(/chain length = (\d+): /g)];
    const longest = Math.max(...chains.map(([, length]) => Number(length)));
    expect(longest).toBeGreaterThan(9);
    expect(longest).toBeLessThanOrEqual(100);
    store.judge();
    expect(await invoke(doctor, store.open(), {})).toMatchObject({ findings: [] });
    await store.ayo("ticket", "create", "After it");
    expect((await readObject(repository, needless)).bytes.toString()).toBe("needless");
    expect(packStore(store.open())).toEqual({ objects: loose(store).length + 3, merged: 0 });
    store.judge();
  });

  test("makes of versions that hardly differ little more than one", () => {
    const store = copy();
    const size = (): number => Number(/size-pack: (\d+)/.exec(git(store.repo, "count-objects", "-v"))?.[1]);
    const disk = Number(/size: (\d+)/.exec(git(store.repo, "count-objects", "-v"))?.[1]);
    packStore(store.open());
    expect(size() * 10).toBeLessThan(disk);
  });

  test("asks no git and obeys no configuration; what is damaged stays for doctor", async () => {
    const store = copy();
    const repository = repositoryOf(store);
    const [one = "", other = ""] = loose(store);
    for (const oid of [one, other]) chmodSync(loosePath(repository, oid), 0o644);
    writeFileSync(loosePath(repository, one), "damaged");
    writeFileSync(loosePath(repository, other), readFileSync(loosePath(repository, loose(store)[2] as string)));
    writeFileSync(
      `${store.repo}/.git/config`,
      "[core]\n\tfsmonitor = /nowhere\n[pack]\n\tdepth = x\n[gc]\n\tauto = x\n",
    );
    expect(packStore(store.open({ env: { PATH: "/nowhere" } }))?.objects).toBeGreaterThan(100);
    expect(loose(store).sort()).toEqual([one, other].sort());
  });

  test("takes no object of another repository that a link in the store's git leads to, and removes none", () => {
    const [store, other] = [copy(), copy()];
    const [oid = ""] = loose(other);
    const folder = `${store.repo}/.git/objects/${oid.slice(0, 2)}`;
    rmSync(folder, { recursive: true });
    const before = loose(store);
    symlinkSync(`${other.repo}/.git/objects/${oid.slice(0, 2)}`, folder);
    const others = loose(other);
    expect(packStore(store.open())?.objects).toBe(before.length);
    expect(loose(other)).toEqual(others);
    rmSync(folder);
    expect(objects(store)).not.toContain(oid);
    const pack = `${store.repo}/.git/objects/pack`;
    rmSync(pack, { recursive: true });
    symlinkSync(`${other.repo}/.git/objects/pack`, pack);
    writeFileSync(`${other.repo}/.git/objects/pack/tmp_pack_ayo1`, "");
    expect(packStore(store.open())).toEqual({ objects: 0, merged: 0 });
    expect(readdirSync(pack)).toEqual(["tmp_pack_ayo1"]);
  });

  test("as root leaves all that it makes to the owner of the folder", async () => {
    const store = copy();
    giveToOther(store.dir);
    packStore(store.open());
    expect(packs(store)).toHaveLength(1);
    expect(notOthers(store.dir)).toEqual([]);
  });

  test("leaves a store in a project's repository to the project's git", async () => {
    const store = await tempStore({ inline: true });
    await write(store, 3);
    const files = loose(store);
    expect(packStore(store.open())).toBeUndefined();
    expect([loose(store), packs(store)]).toEqual([files, []]);
  });

  test("changes nothing where it may not write, and where another packs", async () => {
    const store = copy();
    const before = loose(store);
    const folder = `${store.repo}/.git/objects/pack`;
    chmodSync(folder, 0o555);
    const env = hermeticEnv(sharedHome());
    const { code } = await runCli(store.dir, ["__pack", store.tickets], { through: UNPRIVILEGED });
    expect(code).not.toBe(0);
    chmodSync(folder, 0o755);
    const lock = `${store.repo}/.git/ayo/packing.lock`;
    writeFileSync(lock, "somebody");
    expect(packStore(store.open())).toBeUndefined();
    expect([loose(store), packs(store)]).toEqual([before, []]);
    // One that died, or was forgotten.
    utimesSync(lock, 1e9, 1e9);
    expect(packStore(store.open())?.objects).toBe(before.length);
    const dead = spawnSync(process.execPath, ["-e", `${HOLD}`, store.repo], { env, encoding: "utf8" });
    expect(dead.stderr).toBe("");
    expect(existsSync(lock)).toBe(true);
    expect(packStore(store.open())).toEqual({ objects: 0, merged: 0 });
    expect(existsSync(lock)).toBe(false);
  });
});

describe("a git gc of somebody's", () => {
  test("goes before: nothing is packed while it runs", () => {
    const store = copy();
    const before = loose(store);
    const lock = `${store.repo}/.git/gc.pid`;
    for (const held of [`${process.pid} ${hostname()}`, `1 ${hostname()}`, "4194304 another-machine"]) {
      writeFileSync(lock, held);
      expect(packStore(store.open()), held).toBeUndefined();
      expect(readFileSync(lock, "utf8")).toBe(held);
    }
    rmSync(lock);
    writeFileSync(`${store.repo}/.git/objects/maintenance.lock`, "");
    expect(packStore(store.open())).toBeUndefined();
    rmSync(`${store.repo}/.git/objects/maintenance.lock`);
    expect([loose(store), packs(store)]).toEqual([before, []]);
    // One that died, as git sees it too.
    writeFileSync(lock, `4194304 ${hostname()}`);
    expect(packStore(store.open())?.objects).toBe(before.length);
    expect(existsSync(lock)).toBe(false);
  });

  test("does not begin while a packer is at work", async () => {
    const store = copy();
    const before = objects(store);
    const env = { ...(hermeticEnv(sharedHome()) as NodeJS.ProcessEnv), NODE_OPTIONS: `--require=${PAUSING}` };
    const packer = spawn(process.execPath, [CLI, "__pack", store.tickets], { env, stdio: "ignore" });
    const ended = new Promise((resolve) => packer.on("close", resolve));
    // It stands still where its pack has a name and the loose files are there.
    const folder = `${store.repo}/.git/objects/pack`;
    const isIndexed = (): boolean => readdirSync(folder).some((name) => name.endsWith(".idx"));
    await expect.poll(isIndexed, { timeout: 60_000 }).toBe(true);
    expect(() => git(store.repo, "-c", "gc.cruftPacks=false", "gc")).toThrow("gc is already running");
    packer.kill("SIGCONT");
    expect(await ended).toBe(0);
    expect(loose(store)).toEqual([]);
    expect(objects(store)).toBe(before);
    git(store.repo, "gc", "--quiet");
    store.judge();
  });
});

/** Leaves the lock of a process that is gone. */
const HOLD = `
const fs = require("node:fs");
const stat = fs.readFileSync("/proc/self/stat", "utf8");
const startTime = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
const bootId = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
const pidNamespace = fs.readlinkSync("/proc/self/ns/pid");
fs.writeFileSync(process.argv[1] + "/.git/ayo/packing.lock", JSON.stringify({ pid: process.pid, startTime, bootId, pidNamespace }));`;

/** Preloaded; stops a packer when it has given its pack a name. */
const PAUSING = path.resolve(import.meta.dirname, "../../../helpers/pauseAtIndex.cjs");
/** Preloaded; see there. */
const CRASHING = path.resolve(import.meta.dirname, "../../../helpers/crashAt.cjs");

describe("killed anywhere", () => {
  test("it loses nothing, and the next one cleans up", async () => {
    const small = await tempStore();
    await write(small, 8);
    const whole = objects(small);
    const stride = process.env.AYO_LONG === "1" ? 1 : 17;
    let isOver = false;
    let tries = 0;
    for (let at = 1 + Math.floor(Math.random() * stride); !isOver; at += stride) {
      const store = copy(small);
      const env = { NODE_OPTIONS: `--require=${CRASHING}`, AYO_CRASH_AT: String(at) };
      const { code } = await runCli(store.dir, ["__pack", store.tickets], { env });
      isOver = code === 0;
      tries++;
      if (!isOver) expect(code, `at ${at}`).toBeNull();
      expect(objects(store), `at ${at}`).toBe(whole);
      packStore(store.open());
      expect(objects(store), `at ${at}`).toBe(whole);
      expect(loose(store)).toEqual([]);
      expect(readdirSync(`${store.repo}/.git/objects/pack`).filter((name) => name.startsWith("tmp"))).toEqual([]);
      store.judge();
    }
    expect(tries).toBeGreaterThan(4);
  });
});

describe("many packs of ours", () => {
  function fill(store: TempStore, count: number, text = "blob "): string[] {
    const repository = repositoryOf(store);
    return Array.from({ length: count }, (_, n) => {
      const { name = "" } = writePack(repository, [
        { type: "blob", bytes: Buffer.from(text + n) },
        { type: "blob", bytes: Buffer.from("in all of them") },
      ]);
      notePack(repository, name);
      return name;
    });
  }

  test("become one, but for what git was told to keep, what is damaged, and what is not ours", () => {
    const store = copy();
    const repository = repositoryOf(store);
    const folder = `${store.repo}/.git/objects/pack`;
    const { name: foreign } = writePack(repository, [{ type: "blob", bytes: Buffer.from("foreign") }]);
    const names = fill(store, 24);
    const [kept = "", damaged = ""] = names;
    writeFileSync(`${folder}/${kept}.keep`, "");
    const bytes = readFileSync(`${folder}/${damaged}.pack`);
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    chmodSync(`${folder}/${damaged}.pack`, 0o644);
    writeFileSync(`${folder}/${damaged}.pack`, bytes);
    const total = loose(store).length + 22 + 1;
    expect(packStore(store.open())).toEqual({ objects: total, merged: 22 });
    const left = packs(store).map((name) => name.replace(".pack", ""));
    expect(left).toHaveLength(4);
    expect(left).toEqual(expect.arrayContaining([foreign, kept, damaged]));
    expect(listedPacks(repository).sort()).toEqual(left.filter((name) => name !== foreign).sort());
    for (let n = 2; n < 24; n++)
      expect(git(store.repo, "cat-file", "-p", hashObject("blob", Buffer.from(`blob ${n}`)))).toBe(`blob ${n}`);
    git(store.repo, "log", "--stat");
  });

  test("leave a large one as it is, until the others together come near it", () => {
    const store = copy();
    packStore(store.open());
    const [large] = packs(store);
    const whole = (names: readonly string[]): void => {
      expect(packStore(store.open())).toMatchObject({ merged: names.length });
      expect(packs(store).filter((name) => names.includes(name.replace(".pack", "")))).toEqual([]);
    };
    whole(fill(store, 21));
    expect(packs(store)).toContain(large);
    // Of two blobs each: more than half of what the large one has.
    for (let round = 1; packs(store).includes(large as string); round++) {
      expect(round).toBeLessThan(9);
      fill(store, 21, `round ${round} `);
      packStore(store.open());
    }
    store.judge();
  });

  test("killed anywhere while they become one, it loses nothing, and nor does the next one", async () => {
    const many = await tempStore();
    packStore(many.open());
    fill(many, 22);
    const whole = objects(many);
    const stride = process.env.AYO_LONG === "1" ? 1 : 41;
    let isOver = false;
    let tries = 0;
    // The last changes are the removals of what was merged.
    for (let at = 1 + Math.floor(Math.random() * stride); !isOver; at += stride) {
      const store = copy(many);
      const env = { NODE_OPTIONS: `--require=${CRASHING}`, AYO_CRASH_AT: String(at) };
      isOver = (await runCli(store.dir, ["__pack", store.tickets], { env })).code === 0;
      tries++;
      expect(objects(store), `at ${at}`).toBe(whole);
      for (let again = 0; again < 2; again++) {
        packStore(store.open());
        expect(objects(store), `at ${at}, and again`).toBe(whole);
      }
    }
    expect(tries).toBeGreaterThan(1);
  });

  test("are left where they are too long, and are no reason then to begin again with each commit", () => {
    const store = copy();
    const repository = repositoryOf(store);
    for (const name of fill(store, 21)) truncateSync(`${store.repo}/.git/objects/pack/${name}.pack`, 2 ** 28);
    expect(isWorthPacking(repository)).toBe(true);
    expect(packStore(store.open())).toMatchObject({ merged: 0 });
    expect(packs(store)).toHaveLength(22);
    expect(isWorthPacking(repository)).toBe(false);
    expect(listedPacks(repository)).toHaveLength(1);
  });

  test("become the same pack twice, where the first packer died or stood still before the old ones went", () => {
    const store = copy();
    packStore(store.open());
    fill(store, 22);
    const [repository, whole] = [repositoryOf(store), objects(store)];
    const old = path.join(tempDir(), "old");
    const folder = `${store.repo}/.git/objects/pack`;
    cpSync(folder, old, { recursive: true });
    for (let again = 0; again < 3; again++) {
      expect(packStore(store.open())).toMatchObject({ merged: 22 + Math.min(again, 1) });
      expect(objects(store)).toBe(whole);
      cpSync(old, folder, { recursive: true });
      for (const name of packs(store)) notePack(repository, name.replace(".pack", ""));
    }
    store.judge();
  });

  test("are left where an index over several packs names them", () => {
    const store = copy();
    fill(store, 22);
    expect(isWorthPacking(repositoryOf(store))).toBe(true);
    git(store.repo, "multi-pack-index", "write");
    // Or every commit would begin another small pack.
    expect(isWorthPacking(repositoryOf(store))).toBe(false);
    expect(packStore(store.open())).toMatchObject({ merged: 0 });
    expect(packs(store)).toHaveLength(23);
    store.judge();
  });
});

describe("those who read meanwhile", () => {
  test("find what was packed within the same tick of the clock in which they looked", () => {
    const store = copy();
    const { commonDir } = repositoryOf(store);
    const folder = `${commonDir}/objects/pack`;
    const head = git(store.repo, "rev-parse", "HEAD");
    writePack(repositoryOf(store), [{ type: "blob", bytes: Buffer.from("first") }]);
    const { atime, mtime } = statSync(folder);
    utimesSync(folder, atime, mtime);
    expect(readFromPacks(commonDir, head)).toBe("absent");
    packStore(store.open());
    utimesSync(folder, atime, mtime);
    expect(readFromPacks(commonDir, head)).toMatchObject({ type: "commit" });
  });

  test("a pack is only taken for whole when every byte of it is", () => {
    const store = copy();
    packStore(store.open());
    const file = `${store.repo}/.git/objects/pack/${packs(store)[0]}`;
    const index = file.replace(/pack$/, "idx");
    const [pack, idx] = [readFileSync(file), readFileSync(index)];
    expect(verifyPack(file, index).size).toBeGreaterThan(100);
    const [badPack, badIndex] = [path.join(tempDir(), "p.pack"), path.join(tempDir(), "p.idx")];
    for (let at = 0; at < pack.length; at += 97) {
      const bytes = Buffer.from(pack);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
      writeFileSync(badPack, bytes);
      expect(() => verifyPack(badPack, index), `at ${at}`).toThrow();
    }
    for (let at = 0; at < idx.length; at += 97) {
      const bytes = Buffer.from(idx);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
      writeFileSync(badIndex, bytes);
      expect(() => verifyPack(file, badIndex), `at ${at}`).toThrow();
    }
  });

  test("and those who write get no error, and git none to find", async () => {
    const store = copy();
    const writer = path.resolve(import.meta.dirname, "../../../helpers/writer.mjs");
    const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
    const writers = [1, 2].map(() =>
      spawn(process.execPath, [writer, store.tickets], { env, stdio: ["ignore", "pipe", "pipe"] }),
    );
    const errors: string[] = [];
    const done: string[] = [];
    for (const { stdout, stderr } of writers) {
      stdout.on("data", (text) => done.push(String(text)));
      stderr.on("data", (text) => errors.push(String(text)));
    }
    const rounds = process.env.AYO_LONG === "1" ? 8 : 2;
    for (let round = 0; round < rounds; round++) {
      const asked = ["doctor", "--json"];
      const [run, checked] = await Promise.all([
        runCli(store.dir, ["__pack", store.tickets]),
        runCli(store.dir, asked),
      ]);
      // What a change is at just then may be told of it, but no damage.
      expect(checked.stdout).toContain('"findings"');
      expect(checked.stdout).not.toMatch(/git_object|git_pack|git_head_lost/);
      expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(git(store.repo, "log", "--format=%h", "--stat", "-20")).not.toBe("");
      expect(git(store.repo, "status", "--porcelain", "--untracked-files=no").length).toBeLessThan(500);
      // Git lists all objects before it reads the branch, and misses what came in between.
      for (const one of writers) one.kill("SIGSTOP");
      fsck(store.repo);
      for (const one of writers) one.kill("SIGCONT");
    }
    expect(done.length).toBeGreaterThan(0);
    for (const one of writers) {
      one.kill("SIGKILL");
      await new Promise((resolve) => one.on("close", resolve));
    }
    expect(errors).toEqual([]);
    await store.ayo("ticket", "list");
    await store.ayo("ticket", "create", "After it");
    packStore(store.open());
    store.judge();
    expect(packs(store).length).toBeGreaterThan(1);
  });
});

describe("when there is much to pack", () => {
  test("it is seen in a part of it: many files, large ones or many packs", () => {
    const store = copy();
    const repository = repositoryOf(store);
    expect(isWorthPacking(repository)).toBe(false);
    for (let n = 0; n < 21; n++) notePack(repository, `pack-${n.toString(16).padStart(40, "0")}`);
    expect(isWorthPacking(repository)).toBe(true);
    writeFileSync(`${store.repo}/.git/ayo/packs`, "");
    expect(isWorthPacking(repository)).toBe(false);
    mkdirSync(`${store.repo}/.git/objects/00`, { recursive: true });
    writeFileSync(`${store.repo}/.git/objects/00/${"a".repeat(38)}`, Buffer.alloc(3 << 20));
    expect(isWorthPacking(repository)).toBe(true);
    // One that is never packed, since it would fill the memory.
    truncateSync(`${store.repo}/.git/objects/00/${"a".repeat(38)}`, 2 ** 27 + 1);
    expect(isWorthPacking(repository)).toBe(false);
    rmSync(`${store.repo}/.git/objects/00/${"a".repeat(38)}`);
    for (let n = 0; n < 300; n++) writeFileSync(`${store.repo}/.git/objects/00/${String(n).padStart(38, "0")}`, "x");
    expect(isWorthPacking(repository)).toBe(true);
  });

  test("a command starts a process that does it, and does not wait for it", async () => {
    const store = copy();
    expect(existsSync(CLI)).toBe(true);
    const repository = repositoryOf(store);
    for (let n = 0; n < 2_500; n++) {
      const file = loosePath(repository, hashObject("blob", Buffer.from(`${n}`)));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, deflateSync(`blob ${String(n).length}\0${n}`));
    }
    expect(isWorthPacking(repository)).toBe(true);
    const open = store.open();
    packSometimes(open, open.journal as Journal);
    // It has only been started.
    expect(packs(store)).toEqual([]);
    await expect.poll(() => loose(store).length, { timeout: 60_000 }).toBe(0);
    await expect.poll(() => existsSync(`${store.repo}/.git/ayo/packing.lock`), { timeout: 60_000 }).toBe(false);
    store.judge();
  });

  test("in a store that is gone it is silent", () => {
    const store = copy();
    const open = store.open();
    const journal = open.journal as Journal;
    packSometimes(open, {
      ...journal,
      repository: { ...journal.repository, gitDir: "/nowhere", commonDir: "/nowhere" },
    });
  });
});
