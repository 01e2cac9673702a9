import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharedHome } from "../../helpers/hermeticEnv.ts";
import { type Answer, bundleOf, carry, fetchAndSync, push, sandboxTeam } from "../../helpers/syncing/outboxes.ts";
import { type SharingTeam, team, tipAt, tipOf } from "../../helpers/team.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import type { TempStore } from "../../helpers/tempStore.ts";
import { plantTraps } from "../../helpers/traps.ts";

let made: SharingTeam;
let ann: TempStore;
let agent: TempStore;
let id: string;
/** The store's id, as names of bundles begin. */
let store: string;
beforeEach(async () => {
  ({ made, ann, agent, id } = await sandboxTeam());
  store = /^id: (\w+)$/m.exec(readFileSync(path.join(ann.tickets, "config.yml"), "utf8"))?.[1] as string;
});

/** Puts a file into the agent's outbox under a name that ayo gives. */
function plant(bytes: Buffer, name = `${store}-0123456789ab.bundle`): void {
  mkdirSync(path.join(agent.dir, ".ayo-outbox"), { recursive: true });
  writeFileSync(path.join(agent.dir, ".ayo-outbox", name), bytes);
}

/** What a sync says that was refused, in the list and by a notice that names branch and file. */
async function refusal(): Promise<{ whys: (string | undefined)[]; answer: Answer }> {
  const answer = await fetchAndSync(ann);
  const refused = answer.outbox.filter(({ state }) => state === "refused");
  for (const { file, branches, why } of refused)
    expect(answer.notices).toContain(`${branches[0]}: ${file} is not taken in: ${why}`);
  expect(refused.every(({ deletable }) => !deletable)).toBe(true);
  return { whys: refused.map(({ why }) => why), answer };
}

/** Whether a store has an object. */
function has(one: TempStore, oid: string): boolean {
  return spawnSync("git", ["cat-file", "-e", oid], { cwd: one.tickets }).status === 0;
}

/** Commits a tree to a branch of the remote that has an outbox of these raw entries. */
function pushTree(entries: readonly (readonly [mode: string, name: string, oid: string])[], branch = "odd"): void {
  const raw = (list: typeof entries): Buffer =>
    Buffer.concat(list.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]));
  const write = (bytes: Buffer): string => {
    const args = ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"];
    return spawnSync("git", args, { cwd: made.hub, input: bytes, encoding: "utf8" }).stdout.trim();
  };
  const tree = write(raw([["40000", ".ayo-outbox", write(raw(entries))]]));
  git(made.hub, "update-ref", `refs/heads/${branch}`, git(made.hub, "commit-tree", "-m", "odd", tree));
}

/** A number as the parts of a delta begin. */
function size(bytes: number, rest = bytes): Buffer {
  return rest < 128 ? Buffer.from([rest]) : Buffer.concat([Buffer.from([(rest & 127) | 128]), size(0, rest >>> 7)]);
}

/** An object in a pack; a delta names its base. */
function entry(type: number, bytes: Buffer, base = Buffer.alloc(0)): Buffer {
  const first = (type << 4) | (bytes.length & 15);
  const head =
    bytes.length < 16 ? Buffer.from([first]) : Buffer.concat([Buffer.from([first | 128]), size(0, bytes.length >>> 4)]);
  return Buffer.concat([head, base, deflateSync(bytes)]);
}

function blob(text: string | Buffer): string {
  const args = ["hash-object", "-w", "--stdin"];
  return spawnSync("git", args, { cwd: made.hub, input: text, encoding: "utf8" }).stdout.trim();
}

describe("a bundle that is none of this store's is told once, by branch and file, and hurts nothing", () => {
  test("garbage, and the rest of the branch's outbox is taken in", async () => {
    await agent.ayo("ticket", "note", id, "of the agent", "--as", "@coder");
    plant(randomBytes(2_000));
    await carry(agent);
    const { whys, answer } = await refusal();
    expect(whys).toEqual(["it is no git bundle"]);
    expect(answer).toMatchObject({ came: 1, went: 1 });
    expect(ann.text(id)).toContain("of the agent");
    expect(await fetchAndSync(ann)).toMatchObject({ came: 0, notices: [] });
    ann.judge();
  });

  test("one that is too large, though it is stored in little", async () => {
    plant(Buffer.alloc(21 * 1024 * 1024));
    push(agent);
    expect((await refusal()).whys).toEqual(["it has more than 20 MiB"]);
  });

  test("another store's: nothing of it comes among the store's objects", async () => {
    const stranger = team().clone("stranger");
    await stranger.ayo("ticket", "create", "Of strangers");
    const [root = ""] = git(stranger.tickets, "rev-list", "--max-parents=0", "HEAD").split("\n");
    plant(bundleOf(stranger.tickets, "refs/ayo/outbox", "--not", root), `${store}-000000000001.bundle`);
    plant(bundleOf(stranger.tickets, "refs/ayo/outbox", "--not", "HEAD~1"), `${store}-000000000002.bundle`);
    plant(bundleOf(stranger.tickets, "refs/ayo/outbox"), `${store}-000000000003.bundle`);
    push(agent);
    const before = tipOf(ann);
    expect((await refusal()).whys).toEqual([
      "it is of another store",
      expect.stringMatching(/^what it goes on from is not here: [0-9a-f]{12}$/),
      expect.stringContaining("it has a whole history"),
    ]);
    expect([tipOf(ann), tipAt(made.hub)]).toEqual([before, before]);
    expect(has(ann, tipOf(stranger))).toBe(false);
    ann.judge();
  });

  test("with other refs than one, with a tag in the place of a commit, or cut or changed on the way", async () => {
    await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
    const known = tipOf(ann);
    const good = bundleOf(agent.tickets, "refs/ayo/outbox", "--not", known);
    plant(bundleOf(agent.tickets, "refs/ayo/outbox", "HEAD", "--not", known), `${store}-000000000001.bundle`);
    plant(bundleOf(agent.tickets, "HEAD", "--not", known), `${store}-000000000002.bundle`);
    plant(good.subarray(0, good.length - 30), `${store}-000000000003.bundle`);
    const changed = Buffer.from(good);
    changed[good.length - 60] = (changed[good.length - 60] as number) ^ 0xff;
    plant(changed, `${store}-000000000004.bundle`);
    git(agent.tickets, "tag", "-a", "-m", "t", "v1");
    const tag = git(agent.tickets, "rev-parse", "v1");
    const tagged = bundleOf(agent.tickets, "refs/tags/v1", "--not", known).toString("latin1");
    plant(Buffer.from(tagged.replace("refs/tags/v1", "refs/ayo/outbox"), "latin1"), `${store}-000000000005.bundle`);
    push(agent);
    const { whys } = await refusal();
    expect(whys).toEqual([
      "it has other refs than refs/ayo/outbox",
      "it has other refs than refs/ayo/outbox",
      expect.stringContaining("git refuses it"),
      expect.stringContaining("git refuses it"),
      "it ends in a tag and no commit",
    ]);
    expect(has(ann, tag)).toBe(false);
    expect(has(ann, tipOf(agent))).toBe(false);
    ann.judge();
  });

  test("one that unfolds to more than a machine has", async () => {
    await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
    const [known, head] = [tipOf(ann), tipOf(agent)];
    const lines = `# v2 git bundle\n-${known} x\n${head} refs/ayo/outbox\n\n`;
    // A base of 16 MB, and a gigabyte that is 64 times all of it: 20 KB.
    const copies = Buffer.concat(Array.from({ length: 64 }, () => Buffer.from([0xf0, 0xff, 0xff, 0xff])));
    const delta = Buffer.concat([size(0xffffff), size(64 * 0xffffff), copies]);
    const base = Buffer.alloc(0xffffff);
    const oid = createHash("sha1").update(`blob ${base.length}\0`).update(base).digest();
    const objects = [entry(3, base), entry(7, delta, oid)];
    const pack = Buffer.concat([Buffer.from("PACK\0\0\0\x02\0\0\0\x02"), ...objects]);
    plant(Buffer.concat([Buffer.from(lines), pack, createHash("sha1").update(pack).digest()]));
    push(agent);
    expect((await refusal()).whys).toEqual([expect.stringMatching(/^git refuses it: .*over limit/)]);
    ann.judge();
  });

  test("with files that no store has, links, or one that is too large", async () => {
    const known = tipOf(ann);
    const odd = (name: string, make: (file: string) => void): void => {
      make(path.join(agent.tickets, name));
      git(agent.tickets, "add", "--force", name);
      git(agent.tickets, "commit", "--quiet", "--message=odd");
      const mark = createHash("sha1").update(name).digest("hex").slice(0, 12);
      plant(bundleOf(agent.tickets, "refs/ayo/outbox", "--not", known), `${store}-${mark}.bundle`);
      git(agent.tickets, "reset", "--quiet", "--hard", known);
    };
    odd("evil.sh", (file) => writeFileSync(file, "#!/bin/sh\n"));
    odd("link.md", (file) => symlinkSync("/etc/passwd", file));
    odd("big.md", (file) => writeFileSync(file, Buffer.alloc(6 * 1024 * 1024, "a")));
    odd("huge.md", (file) => writeFileSync(file, Buffer.alloc(65 * 1024 * 1024, "a")));
    push(agent);
    const { whys } = await refusal();
    expect(whys.sort()).toEqual([
      "a file in it has more than 64 MiB",
      "big.md has more than 5 MiB: it is not shared",
      expect.stringMatching(/'evil\.sh', which is no file of a store/),
      expect.stringMatching(/link\.md of commit \w+ is a link/),
    ]);
    expect(ann.files()).toEqual([`${id}.md`]);
    ann.judge();
  });

  test("with a name that leads elsewhere, that no terminal should see, or that is no file; a folder that is none", async () => {
    const garbage = blob("x");
    const outside = path.join(sharedHome(), "evil.bundle");
    pushTree([
      ["100644", "../../evil.bundle", garbage],
      ["100644", "README", garbage],
      ["100644", "\u001b[31m\u202e.bundle", garbage],
      ["120000", `${store}-000000000001.bundle`, blob("/etc/passwd")],
      ["40000", `${store}-000000000002.bundle`, git(made.hub, "rev-parse", "main^{tree}")],
    ]);
    const { whys, answer } = await refusal();
    expect(whys.sort()).toEqual([
      "it is no file",
      "it is no file",
      "its name is none that ayo gives",
      "its name is none that ayo gives",
    ]);
    for (const sign of ["\u001b", "\u202e"]) expect(answer.notices.join("")).not.toContain(sign);
    expect(existsSync(outside)).toBe(false);
    const many = Array.from({ length: 101 }, (_, n) => ["100644", `${1_000 + n}.bundle`, garbage] as const);
    pushTree(many);
    expect((await refusal()).whys).toEqual(["it has more than 100 bundles"]);
    git(made.hub, "branch", "--quiet", "-D", "odd");
    symlinkSync("/etc", path.join(agent.dir, ".ayo-outbox"));
    push(agent);
    expect((await fetchAndSync(ann)).outbox).toEqual([]);
  });
});

test("neither who writes an outbox nor who takes it in runs what the git directories of store and project name", async () => {
  await agent.ayo("ticket", "note", id, "x", "--as", "@coder");
  await carry(agent);
  git(ann.dir, "fetch", "--quiet");
  await agent.ayo("ticket", "note", id, "y", "--as", "@coder");
  const marks = tempDir();
  const traps = [agent.tickets, agent.dir, ann.tickets, ann.dir].map((dir, at) =>
    plantTraps(path.join(dir, ".git"), dir, path.join(marks, String(at))),
  );
  await agent.ayo("sync", "--outbox");
  expect(await ann.json<Answer>("sync")).toMatchObject({ outbox: [{ state: "taken" }] });
  expect(traps.flatMap((one) => one.sprung())).toEqual([]);
});
