import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildCommit, formatCommit, parseCommit, type TreeChange } from "../../../src/git/commits/commit.ts";
import { hashObject, type ObjectType, readObject, writeObject } from "../../../src/git/objects/objects.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { meta, PERSON } from "../person.ts";

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

/** Commits on `base` (HEAD unless told) and returns the commit's id; a string is a file's text, null removes it. */
async function build(dir: string, files: Readonly<Record<string, string | null>>, base = "HEAD"): Promise<string> {
  const changes = new Map<string, TreeChange | null>();
  for (const [file, text] of Object.entries(files))
    changes.set(file, text === null ? null : { bytes: Buffer.from(text) });
  const parent = base === "" ? undefined : git(dir, "rev-parse", base);
  return (await buildCommit(open(dir), parent, changes, meta())).oid;
}

const files = (dir: string, commit: string): string => git(dir, "ls-tree", "-r", "--name-only", commit);

describe("buildCommit", () => {
  test("changes exactly its paths on the tree of its parent", async () => {
    const dir = gitRepo();
    const first = await build(dir, { "t/a.md": "a\n", "t/b/c.md": "c\n", "t.md": "t\n", "u/x": "x\n" });
    expect(git(dir, "diff", "--name-status", "HEAD", first)).toBe("A\tt.md\nA\tt/a.md\nA\tt/b/c.md\nA\tu/x");
    const second = await build(dir, { "t/a.md": "b\n", "u/x": null, "t/b/d.md": "d\n" }, first);
    expect(git(dir, "diff", "--name-status", first, second)).toBe("M\tt/a.md\nA\tt/b/d.md\nD\tu/x");
    expect(git(dir, "rev-parse", `${second}^`)).toBe(first);
    expect(git(dir, "show", "-s", "--format=%an <%ae> %at %cn %s", second)).toBe(
      "Ann <ann@example.com> 1700000000 Ann change",
    );
    expect(git(dir, "rev-parse", `${first}:README.md`)).toBe(git(dir, "rev-parse", "HEAD:README.md"));
    git(dir, "update-ref", "refs/heads/built", second);
    fsck(dir);
  });

  test("a first commit, an empty one, and one that changes nothing", async () => {
    const dir = gitRepo();
    const first = await build(dir, { a: "a\n" }, "");
    expect(git(dir, "rev-list", "--parents", first)).toBe(first);
    const empty = await build(dir, { a: null }, first);
    expect(git(dir, "rev-parse", `${empty}^{tree}`)).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    const same = await buildCommit(open(dir), first, new Map([["a", { bytes: Buffer.from("a\n") }]]), meta());
    expect(same.tree).toBe(git(dir, "rev-parse", `${first}^{tree}`));
    git(dir, "update-ref", "refs/heads/built", empty);
    fsck(dir);
  });

  test("folders that become empty go, up to the top; what is not there is not removed", async () => {
    const dir = gitRepo();
    const deep = await build(dir, { "a/b/c/d": "1\n", "a/e": "2\n" });
    expect(files(dir, await build(dir, { "a/b/c/d": null }, deep))).toBe("README.md\na/e");
    expect(files(dir, await build(dir, { "a/b/c/d": null, "a/e": null }, deep))).toBe("README.md");
    expect(files(dir, await build(dir, { "a/x": null, "README.md/x": null, "z/y": null }, deep))).toBe(
      "README.md\na/b/c/d\na/e",
    );
  });

  test("a file may become a folder, and a folder a file", async () => {
    const dir = gitRepo();
    const folder = await build(dir, { "README.md": null, "README.md/a": "a\n" });
    expect(files(dir, folder)).toBe("README.md/a");
    const file = await build(dir, { "README.md/a": null, "README.md": "again\n" }, folder);
    expect(files(dir, file)).toBe("README.md");
    git(dir, "update-ref", "refs/heads/built", file);
    fsck(dir);
  });

  test("executables stay executable, links and submodules beside stay what they are", async () => {
    const dir = gitRepo();
    mkdirSync(`${dir}/hooks`);
    writeFileSync(`${dir}/hooks/x`, "#!/bin/sh\n", { mode: 0o755 });
    git(dir, "add", ".");
    git(dir, "update-index", "--add", "--cacheinfo", `160000,${git(dir, "rev-parse", "HEAD")},hooks/sub`);
    git(dir, "update-index", "--add", "--cacheinfo", `120000,${git(dir, "rev-parse", "HEAD:README.md")},hooks/link`);
    git(dir, "commit", "--quiet", "-m", "modes");
    const commit = await build(dir, { "hooks/x": "#!/bin/bash\n", "hooks/y": "y\n" });
    expect(git(dir, "ls-tree", "--format=%(objectmode) %(path)", commit, "hooks/")).toBe(
      "120000 hooks/link\n160000 hooks/sub\n100755 hooks/x\n100644 hooks/y",
    );
  });

  test("takes blobs that exist, and hands all objects to a writer of the caller's", async () => {
    const dir = gitRepo();
    const oid = writeObject(open(dir), "blob", Buffer.from("known\n"));
    const written: [ObjectType, Buffer][] = [];
    const built = await buildCommit(open(dir), undefined, new Map([["a/b", { oid }]]), meta(), {
      write: (type, bytes) => {
        written.push([type, bytes]);
        return hashObject(type, bytes);
      },
    });
    expect(written.map(([type]) => type)).toEqual(["tree", "tree", "commit"]);
    expect(built.blobs).toEqual(new Map([["a/b", oid]]));
    expect(() => git(dir, "cat-file", "-e", built.oid)).toThrow();
    for (const [type, bytes] of written) writeObject(open(dir), type, bytes);
    expect(git(dir, "show", `${built.oid}:a/b`)).toBe("known");
  });

  test("on packed objects, in a linked worktree", async () => {
    const dir = gitRepo();
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    git(dir, "gc", "--quiet", "--prune=now");
    const commit = await build(`${dir}/wt`, { "t/a.md": "a\n" });
    expect(files(dir, commit)).toBe("README.md\nt/a.md");
  });

  test.each(["", "/a", "a/", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/x", "a\0b"])(
    "refuses the path %j",
    (name) => expect(build(gitRepo(), { [name]: "x" })).rejects.toThrow(expect.objectContaining({ code: "bad_input" })),
  );

  test("refuses a path that is a file and a folder", () =>
    expect(build(gitRepo(), { a: "x", "a/b": "y" })).rejects.toThrow(/file and a folder at once/));

  test("says so when an object of the parent is missing", () =>
    expect(buildCommit(open(gitRepo()), "1".repeat(40), new Map(), meta())).rejects.toThrow(
      expect.objectContaining({ code: "not_found" }),
    ));
});

describe("commit objects", () => {
  test.each([
    ["Ann <b>\nc", "a<n>n@x\n"],
    ["", ""],
    ["größe 日本", "ü@example.com"],
    ["a\0b\r", "a b"],
  ])("the name %j and e-mail %j give a commit that git accepts", (name, email) => {
    const dir = gitRepo();
    const person = { ...PERSON, name, email, time: 1.7, timezone: "bad" };
    const tree = git(dir, "rev-parse", "HEAD^{tree}");
    const bytes = formatCommit({ tree, parents: [], author: person, committer: PERSON, message: "x\0y\n" });
    const oid = writeObject(open(dir), "commit", bytes);
    git(dir, "update-ref", "refs/heads/built", oid);
    fsck(dir);
    expect(git(dir, "show", "-s", "--format=%an|%ae", oid)).toBe(
      `${parseCommit(bytes).author.name}|${parseCommit(bytes).author.email}`,
    );
  });

  test("reads git's own: merges, several lines, time zones", async () => {
    const dir = gitRepo();
    const head = git(dir, "rev-parse", "HEAD");
    const other = git(dir, "commit-tree", "HEAD^{tree}", "-m", "other");
    const merge = git(dir, "commit-tree", "HEAD^{tree}", "-p", head, "-p", other, "-m", "one\n\ntwo: x\n");
    const parsed = parseCommit((await readObject(open(dir), merge)).bytes);
    expect(parsed.parents).toEqual([head, other]);
    expect(parsed.message).toBe("one\n\ntwo: x\n");
    expect(parsed.author).toMatchObject({ name: "Test User", email: "test@example.com", timezone: "+0000" });
    expect(formatCommit(parsed).equals((await readObject(open(dir), merge)).bytes)).toBe(true);
  });
});
