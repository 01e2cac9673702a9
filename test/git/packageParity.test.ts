import { spawnSync } from "node:child_process";
import fs, { lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import * as isomorphic from "isomorphic-git";
import { describe, expect, test, vi } from "vitest";
import { buildCommit, formatCommit, parseCommit, type TreeChange } from "../../src/git/commits/commit.ts";
import { type IndexItem, parseIndex, readIndexFile } from "../../src/git/index/indexFile.ts";
import { commitIndex, lockIndex } from "../../src/git/index/indexLock.ts";
import { nextIndexOf } from "../../src/git/index/spliceIndex.ts";
import { readPackedObject } from "../../src/git/objects/isomorphic.ts";
import { hashObject, type ObjectType, readObject, writeObject } from "../../src/git/objects/objects.ts";
import { openPacks } from "../../src/git/objects/openPacks.ts";
import { writePack } from "../../src/git/objects/pack.ts";
import { readFromPacks } from "../../src/git/objects/readFromPacks.ts";
import { packLoose } from "../../src/git/packing/packLoose.ts";
import { readRef, swapRef } from "../../src/git/refs/refs.ts";
import { openRepository, type Repository } from "../../src/git/repository/repository.ts";
import { parseTree } from "../../src/git/trees/tree.ts";
import { fsck, git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { meta, type PERSON } from "./person.ts";

// What src/git/ does itself, since isomorphic-git would be slower or unsafe on the hot path, gives the answers that
// isomorphic-git gives, and git.

const LONG = process.env.AYO_LONG === "1";
const RUNS = LONG ? 100 : 25;
if (LONG) vi.setConfig({ testTimeout: 600_000 });
const open = (dir: string): Repository => openRepository(dir) as Repository;

/** Names that sort around a slash, are each other's beginnings, or are beyond ASCII. */
const name = fc.constantFrom("a", "a.md", "a-b", "a0", "a b", "A", "b.md", "ä.md", "日本", "a\u{1f600}", "z");
const file = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: 0, max: 20_000 }).map((length) => Buffer.alloc(length, "much the same\n")),
);
/** Files of which none lies where another is a folder. */
const files = fc
  .uniqueArray(fc.tuple(file, content), { minLength: 1, maxLength: 8, selector: ([one]) => one })
  .map((pairs) => pairs.filter(([one]) => !pairs.some(([other]) => other.startsWith(`${one}/`))));
const person = fc.record({
  name: fc.constantFrom("Ann", "größe 日本", "@coder", "A. B."),
  email: fc.constantFrom("ann@example.com", "", "a+b@x"),
  time: fc.integer({ min: 0, max: 4_000_000_000 }),
  timezone: fc.constantFrom("+0000", "-0330", "+0545", "-1200"),
});
const message = fc.array(fc.constantFrom("word", "ünï", "", "Ticket: ayo-1", " in"), { minLength: 1, maxLength: 6 });

/** Our person as isomorphic-git's: its zone is in minutes behind UTC, and -0 is another one than 0. */
function theirs({ name, email, time, timezone }: typeof PERSON) {
  const minutes = Number(timezone.slice(1, 3)) * 60 + Number(timezone.slice(3));
  return { name, email, timestamp: time, timezoneOffset: timezone.startsWith("-") ? minutes : 0 - minutes };
}

/** Writes a tree of files through isomorphic-git; its id. */
async function theirTree(dir: string, all: readonly (readonly [string, Buffer])[]): Promise<string> {
  const folders = new Map<string, [string, Buffer][]>();
  const tree: isomorphic.TreeObject = [];
  for (const [file, bytes] of all) {
    const [top = "", ...rest] = file.split("/");
    if (rest.length > 0) folders.set(top, [...(folders.get(top) ?? []), [rest.join("/"), bytes]]);
    else
      tree.push({ mode: "100644", path: top, type: "blob", oid: await isomorphic.writeBlob({ fs, dir, blob: bytes }) });
  }
  for (const [top, below] of folders) {
    tree.push({ mode: "040000", path: top, type: "tree", oid: await theirTree(dir, below) });
  }
  return isomorphic.writeTree({ fs, dir, tree });
}

/** Every object of a repository as git tells it: its id, type and bytes. */
function objectsByGit(dir: string): { oid: string; type: string; bytes: Buffer }[] {
  const run = spawnSync("git", ["cat-file", "--batch-all-objects", "--batch"], {
    cwd: dir,
    env: hermeticEnv(sharedHome()),
    maxBuffer: 1 << 28,
  });
  const found: { oid: string; type: string; bytes: Buffer }[] = [];
  for (let at = 0; at < run.stdout.length; ) {
    const end = run.stdout.indexOf(10, at);
    const [oid = "", type = "", size = ""] = run.stdout.toString("latin1", at, end).split(" ");
    const bytes = run.stdout.subarray(end + 1, end + 1 + Number(size));
    found.push({ oid, type, bytes });
    at = end + 2 + Number(size);
  }
  return found;
}

describe("our objects and isomorphic-git's", () => {
  test("are the same trees and commits, whatever is in them; each reads the other's", async () => {
    const [ours, other] = [gitRepo(), gitRepo()];
    const check = async (all: [string, Buffer][], author: typeof PERSON, committer: typeof PERSON, words: string[]) => {
      const text = `${words.join("\n").trim() || "word"}\n`;
      const changes = new Map<string, TreeChange>(all.map(([file, bytes]) => [file, { bytes }]));
      const built = await buildCommit(open(ours), undefined, changes, { author, committer, message: text });
      const tree = await theirTree(other, all);
      expect(built.tree).toBe(tree);
      const commit = { tree, parent: [], author: theirs(author), committer: theirs(committer), message: text };
      expect(built.oid).toBe(await isomorphic.writeCommit({ fs, dir: other, commit }));
      const read = await isomorphic.readCommit({ fs, dir: ours, oid: built.oid });
      expect(read.commit).toMatchObject({ tree, parent: [], message: text });
      const bytes = (await readObject(open(other), built.oid)).bytes;
      expect(parseCommit(bytes)).toEqual({ tree, parents: [], author, committer, message: text });
      expect(formatCommit(parseCommit(bytes)).equals(bytes)).toBe(true);
      const top = (await isomorphic.readTree({ fs, dir: ours, oid: tree })).tree;
      const parsed = parseTree((await readObject(open(other), tree)).bytes);
      const byName = (left: readonly string[], right: readonly string[]) =>
        (left[1] ?? "") < (right[1] ?? "") ? -1 : 1;
      expect(parsed.map(({ mode, name, oid }) => [mode.padStart(6, "0"), name, oid]).sort(byName)).toEqual(
        top.map(({ mode, path, oid }) => [mode, path, oid]).sort(byName),
      );
    };
    await fc.assert(fc.asyncProperty(files, person, person, message, check), { numRuns: RUNS });
    fsck(ours);
    // Each begins with a commit of its own, made in a second of its own.
    const begun = [ours, other].map((dir) => git(dir, "rev-parse", "HEAD"));
    const [here, there] = [ours, other].map((dir) => objectsByGit(dir).filter(({ oid }) => !begun.includes(oid)));
    expect(here).toEqual(there);
  });
});

describe("packs", () => {
  /** A repository with a history of random files, all of it loose. */
  async function history(seed: number): Promise<string> {
    const dir = gitRepo();
    const repository = open(dir);
    let head: string | undefined;
    for (const all of fc.sample(files, { numRuns: RUNS, seed })) {
      const [next, ...rest] = head === undefined ? [] : await filesOf(dir, head);
      const changes = new Map<string, TreeChange | null>([next, ...rest].filter(isText).map((file) => [file, null]));
      for (const [file, bytes] of all) changes.set(file, { bytes });
      head = (await buildCommit(repository, head, changes, meta())).oid;
    }
    git(dir, "update-ref", "refs/heads/main", head as string);
    return dir;
  }
  const isText = (one: string | undefined): one is string => one !== undefined;
  const filesOf = async (dir: string, ref: string) => isomorphic.listFiles({ fs, dir, ref, cache: {} });

  /** What all readers make of each object. */
  async function expectAgreement(dir: string): Promise<void> {
    const all = objectsByGit(dir);
    expect(all.length).toBeGreaterThan(RUNS);
    const repository = open(dir);
    const packs = openPacks(repository);
    const cache = {};
    for (const { oid, type, bytes } of all) {
      const agree = (by: string, found: unknown): void => {
        const { type: kind, bytes: read } = found as { type: string; bytes: Uint8Array };
        if (kind !== type || !bytes.equals(read)) throw new Error(`${by} reads another ${type} ${oid}`);
      };
      const { object, type: kind } = await isomorphic.readObject({ fs, dir, oid, format: "content", cache });
      agree("isomorphic-git", { type: kind, bytes: object });
      agree("readPackedObject", await readPackedObject(repository, oid));
      agree("readFromPacks", readFromPacks(repository.commonDir, oid));
      agree("openPacks", packs.read(oid));
      expect(hashObject(type as ObjectType, bytes)).toBe(oid);
    }
    packs.close();
  }

  test.each([
    ["git", (dir: string) => void git(dir, "repack", "-adfq", "--keep-unreachable", "--depth=50", "--window=50")],
    ["our packer of loose objects", (dir: string) => void packLoose(open(dir))],
    [
      "our writer of imports",
      (dir: string) => void writePack(open(dir), objectsByGit(dir) as { type: ObjectType; bytes: Buffer }[]),
    ],
  ])("written by %s are read alike by isomorphic-git, git and all our readers", async (_, pack) => {
    const dir = await history(11);
    pack(dir);
    git(dir, "prune-packed");
    const loose = readdirSync(path.join(dir, ".git/objects")).filter((folder) => /^[0-9a-f]{2}$/.test(folder));
    expect(loose).toEqual([]);
    await expectAgreement(dir);
    fsck(dir);
  });
});

describe("the index and refs", () => {
  test("list what isomorphic-git and git list, and neither finds a file changed", async () => {
    const dir = gitRepo();
    const repository = open(dir);
    let all: string[] = ["README.md"];
    for (const put of fc.sample(files, { numRuns: RUNS, seed: 5 })) {
      const changes = new Map<string, IndexItem | null>(all.map((file) => [file, null]));
      for (const file of all) rmSync(path.join(dir, file.split("/")[0] as string), { recursive: true, force: true });
      for (const [file, bytes] of put) {
        const target = path.join(dir, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, bytes);
        const oid = writeObject(repository, "blob", bytes);
        changes.set(file, { oid, mode: "100644", stat: lstatSync(target) });
      }
      all = put.map(([file]) => file);
      expect(lockIndex(repository, nextIndexOf(repository, changes))).toBe(true);
      commitIndex(repository);
      const listed = await isomorphic.listFiles({ fs, dir });
      expect([...parseIndex(readIndexFile(repository) as Buffer).keys()].sort()).toEqual(listed.toSorted());
      expect(git(dir, "ls-files", "-z").split("\0").slice(0, -1)).toEqual(listed);
      expect(listed.toSorted()).toEqual(all.toSorted());
      expect(git(dir, "diff-files", "--name-only")).toBe("");
    }
  });

  test("stand where isomorphic-git and git say, loose and packed", async () => {
    const dir = gitRepo();
    const repository = open(dir);
    const first = git(dir, "rev-parse", "HEAD");
    const commits = [first];
    for (const ref of ["refs/heads/main", "refs/heads/a/b", "refs/heads/größe"]) {
      const before = readRef(repository, ref);
      const to = (await buildCommit(repository, first, new Map(), meta(ref))).oid;
      expect(swapRef(repository, ref, before, to)).toBe("ok");
      commits.push(to);
    }
    for (const packed of [false, true]) {
      if (packed) git(dir, "pack-refs", "--all");
      for (const branch of await isomorphic.listBranches({ fs, dir })) {
        const ref = `refs/heads/${branch}`;
        const there = readRef(repository, ref);
        expect(commits).toContain(there);
        expect(await isomorphic.resolveRef({ fs, dir, ref })).toBe(there);
        expect(git(dir, "rev-parse", ref)).toBe(there);
      }
    }
    expect(statSync(path.join(dir, ".git/packed-refs")).size).toBeGreaterThan(0);
  });
});
