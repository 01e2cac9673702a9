import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { forgetPacks } from "../../../src/git/objects/isomorphic.ts";
import { loosePath } from "../../../src/git/objects/objects.ts";
import { checkObjects, inspectObject, isReadableCommit, looseObjects } from "../../../src/git/repair/check.ts";
import {
  brokenRepository,
  checkRefs,
  isHeadDamaged,
  missingParts,
  soundPackedRefs,
} from "../../../src/git/repair/checkRefs.ts";
import {
  checkIndex,
  indexDrift,
  lostLogLines,
  pruneLog,
  rebuildIndex,
  treesOf,
} from "../../../src/git/repair/repair.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** A repository whose three commits have a file at the top and one in a folder. */
function history() {
  const dir = gitRepo();
  for (const n of [1, 2]) {
    git(dir, "update-index", "--add", "--cacheinfo", `100644,${blobOf(dir, `top ${n}\n`)},a.md`);
    git(dir, "update-index", "--add", "--cacheinfo", `100644,${blobOf(dir, `deep ${n}\n`)},folder/b.md`);
    git(dir, "commit", "--quiet", "-m", `commit ${n}`);
  }
  const repository = openRepository(dir) as Repository;
  const oid = (name: string) => git(dir, "rev-parse", name);
  return { dir, repository, oid, tip: oid("HEAD"), lose: (name: string) => rmSync(loosePath(repository, oid(name))) };
}

function blobOf(dir: string, text: string): string {
  writeFileSync(path.join(dir, "blob"), text);
  const oid = git(dir, "hash-object", "-w", "blob");
  rmSync(path.join(dir, "blob"));
  return oid;
}

function damage(file: string): void {
  const bytes = readFileSync(file);
  rmSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 4));
}

describe("checkObjects", () => {
  test("a whole history lacks nothing, loose, packed or shallow", async () => {
    const { dir, repository, tip } = history();
    expect((await checkObjects(repository, tip)).lost).toEqual([]);
    git(dir, "repack", "-a", "-d", "--quiet");
    forgetPacks();
    expect((await checkObjects(repository, tip)).lost).toEqual([]);
    const clone = path.join(tempDir(), "clone");
    git(dir, "clone", "--quiet", "--depth=1", `file://${dir}`, clone);
    expect((await checkObjects(openRepository(clone) as Repository, tip)).lost).toEqual([]);
  });

  test("names what is missing or damaged, by type, path and the newest commit that needs it", async () => {
    const { repository, oid, tip, lose } = history();
    const [top, folder, first] = [oid("HEAD~1:a.md"), oid("HEAD:folder"), oid("HEAD~2")];
    lose("HEAD~1:a.md");
    damage(loosePath(repository, folder));
    rmSync(loosePath(repository, first));
    expect((await checkObjects(repository, tip)).lost).toEqual([
      { oid: folder, type: "tree", commit: tip, path: "folder", state: "damaged" },
      { oid: top, type: "blob", commit: oid("HEAD~1"), path: "a.md", state: "missing" },
      { oid: first, type: "commit", commit: first, path: "", state: "missing" },
    ]);
  });

  test("looks only into the folder and as far back as it is told", async () => {
    const { repository, tip, lose } = history();
    lose("HEAD:a.md");
    lose("HEAD~1:folder/b.md");
    const codes = async (scope: object) => (await checkObjects(repository, tip, scope)).lost.map((one) => one.path);
    expect(await codes({ prefix: "folder" })).toEqual(["folder/b.md"]);
    expect(await codes({ prefix: "folder", limit: 1 })).toEqual([]);
    expect(await codes({ limit: 1 })).toEqual(["a.md"]);
    expect(await isReadableCommit(repository, tip)).toBe(true);
    lose("HEAD^{tree}");
    expect(await isReadableCommit(repository, tip)).toBe(false);
  });

  test("an object of another type, or with other bytes than its id says, is damaged", async () => {
    const { repository, oid } = history();
    const [blob, other] = [oid("HEAD:a.md"), oid("HEAD~1:a.md")];
    expect((await inspectObject(repository, blob, "blob")).toString()).toBe("top 2\n");
    expect(await inspectObject(repository, blob, "tree")).toBe("damaged");
    rmSync(loosePath(repository, blob));
    writeFileSync(loosePath(repository, blob), readFileSync(loosePath(repository, other)));
    expect(await inspectObject(repository, blob, "blob")).toBe("damaged");
    expect(await inspectObject(repository, "1".repeat(40), "blob")).toBe("missing");
  });

  test("tells the objects that no commit needs from the others", async () => {
    const { dir, repository, tip } = history();
    const [spare, bad] = [blobOf(dir, "spare\n"), blobOf(dir, "bad\n")];
    damage(loosePath(repository, bad));
    const others = looseObjects(repository, await checkObjects(repository, tip));
    expect([...others.keys()].sort()).toEqual([spare, bad].sort());
    expect([others.get(bad), others.get(spare)]).toEqual(["damaged", expect.objectContaining({ type: "blob" })]);
  });
});

describe("refs and HEAD", () => {
  test("damaged refs, a branch without a commit, and what packed-refs has that git cannot read", () => {
    const { dir, repository } = history();
    expect([checkRefs(repository), isHeadDamaged(repository), soundPackedRefs(repository)]).toEqual([
      [],
      false,
      undefined,
    ]);
    git(dir, "branch", "other");
    writeFileSync(path.join(dir, ".git/refs/heads/other"), "\0\0");
    expect(checkRefs(repository)).toEqual([{ ref: "refs/heads/other", state: "damaged" }]);
    rmSync(path.join(dir, ".git/refs/heads/main"));
    expect(checkRefs(repository)).toContainEqual({ ref: "refs/heads/main", state: "missing" });
    const line = `${"a".repeat(40)} refs/heads/x\n`;
    writeFileSync(path.join(dir, ".git/packed-refs"), `# pack-refs with: peeled\n${line}torn`);
    expect(soundPackedRefs(repository)).toBe(`# pack-refs with: peeled\n${line}`);
    writeFileSync(path.join(dir, ".git/HEAD"), "");
    expect(isHeadDamaged(repository)).toBe(true);
  });

  test("a git directory that git no longer takes for one", () => {
    const { dir } = history();
    rmSync(path.join(dir, ".git/HEAD"));
    rmSync(path.join(dir, ".git/refs"), { recursive: true });
    expect(missingParts(brokenRepository(dir) as Repository)).toEqual(["refs", "HEAD"]);
    expect(brokenRepository(tempDir())).toBeUndefined();
  });

  test("lines of a log that name lost commits are found and dropped, the others stay", async () => {
    const { dir, repository, oid } = history();
    const log = path.join(dir, ".git/logs/refs/heads/main");
    expect(await lostLogLines(repository, log)).toEqual([]);
    const lines = readFileSync(log, "utf8").split("\n");
    git(dir, "update-ref", "refs/heads/main", oid("HEAD~1"));
    git(dir, "reset", "--quiet", "--hard");
    writeFileSync(log, lines.join("\n"));
    const gone = lines[2]?.slice(41, 81) ?? "";
    rmSync(loosePath(repository, gone));
    expect(await lostLogLines(repository, log)).toEqual([lines[2]]);
    await pruneLog(repository, log);
    expect(
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    ).toEqual(lines.slice(0, 2));
  });
});

describe("the index", () => {
  test("is whole, missing or damaged; drift is named; rebuilt it is what git would write", async () => {
    const { dir, repository, tip } = history();
    git(dir, "reset", "--quiet", "--hard");
    const whole = checkIndex(repository);
    if (whole.state !== "whole") throw new Error(whole.state);
    expect(await indexDrift(repository, whole.entries, tip)).toEqual([]);
    expect(treesOf(whole.entries).top).toBe(git(dir, "rev-parse", "HEAD^{tree}"));
    git(dir, "rm", "--quiet", "--cached", "a.md");
    const drifted = checkIndex(repository);
    expect(drifted.state === "whole" && (await indexDrift(repository, drifted.entries, tip))).toEqual(["a.md"]);
    const file = path.join(dir, ".git/index");
    const bytes = readFileSync(file);
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(checkIndex(repository)).toEqual({ state: "damaged" });
    rmSync(file);
    expect(checkIndex(repository)).toEqual({ state: "missing" });
    expect(await rebuildIndex(repository, tip, "test\n")).toBe(true);
    expect(git(dir, "status", "--porcelain")).toBe("");
    writeFileSync(`${file}.lock`, "");
    expect(await rebuildIndex(repository, tip, "test\n")).toBe(false);
    rmSync(`${file}.lock`);
    fsck(dir);
  });
});
