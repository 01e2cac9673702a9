import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { hashObject, type ObjectType, readObject } from "../../../src/git/objects/objects.ts";
import { writePack } from "../../../src/git/objects/pack.ts";
import { initRepository } from "../../../src/git/repository/initRepository.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { spliceTree } from "../../../src/git/trees/tree.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

test("git verifies and reads a pack of every type and size, each object once", async () => {
  const dir = gitRepo();
  const repository = openRepository(dir) as Repository;
  const sizes = [0, 1, 15, 16, 17, 2047, 2048, 2049, 300_000];
  const blobs = sizes.map((size) => ({ type: "blob" as ObjectType, bytes: Buffer.alloc(size, `${size}`) }));
  const oid = hashObject("blob", blobs[0]?.bytes as Buffer);
  const tree = { type: "tree" as ObjectType, bytes: spliceTree(undefined, new Map([["a", { mode: "100644", oid }]])) };
  const { oids } = writePack(repository, [...blobs, tree, ...blobs]);
  expect(oids).toEqual([...blobs, tree].map(({ type, bytes }) => hashObject(type, bytes)));
  const folder = `${dir}/.git/objects/pack`;
  const names = readdirSync(folder).sort();
  expect(names).toEqual([expect.stringMatching(/^pack-[0-9a-f]{40}\.idx$/), expect.stringMatching(/\.pack$/)]);
  expect(git(dir, "verify-pack", "-v", `${folder}/${names[0]}`)).toMatch(/: ok$/);
  for (const [n, { bytes }] of blobs.entries()) {
    expect(git(dir, "cat-file", "-s", oids[n] as string)).toBe(String(sizes[n]));
    expect((await readObject(repository, oids[n] as string)).bytes.equals(bytes)).toBe(true);
  }
  expect(git(dir, "ls-tree", oids.at(-1) as string)).toBe(`100644 blob ${oid}\ta`);
  fsck(dir);
  git(dir, "multi-pack-index", "write");
  git(dir, "repack", "-adq", "--keep-unreachable");
  expect(git(dir, "cat-file", "-t", oids.at(-1) as string)).toBe("tree");
});

test("no objects make no pack", () => {
  const dir = gitRepo();
  expect(writePack(openRepository(dir) as Repository, [])).toEqual({ oids: [] });
  expect(readdirSync(`${dir}/.git/objects/pack`)).toEqual([]);
});

test("10,000 blobs take less than three seconds, and git finds them all", () => {
  const dir = tempDir();
  const repository = initRepository(dir);
  const objects = Array.from({ length: 10_000 }, (_, n) => ({
    type: "blob" as ObjectType,
    bytes: Buffer.from(`---\nid: ayo-${n}\n---\n# Ticket ${n}\n\n${"text ".repeat(140)}\n`),
  }));
  const start = performance.now();
  writePack(repository, objects);
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(git(dir, "count-objects", "-v")).toMatch(/^in-pack: 10000$/m);
  fsck(dir);
});
