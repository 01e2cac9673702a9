import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../../helpers/git.ts";
import { UNPRIVILEGED } from "../../../helpers/runCli.ts";
import { type TempStore, tempStore } from "../../../helpers/tempStore.ts";

function stateOf(store: TempStore): string {
  return path.join(store.repo, ".git", "ayo");
}

describe("a record that nobody can finish is set aside, and the store goes on", () => {
  test("one that lacks what it needs", async () => {
    const store = await tempStore();
    const file = path.join(stateOf(store), "redo", "000000000000001-000000-1.json");
    for (const content of ['{"state":"prepared"}', '{"state":"settling","paths":{}}', "[]"]) {
      writeFileSync(file, content);
      const next = await store.run(["ticket", "create", "Next"]);
      expect(next).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("a recorded change could not be finished"),
      });
      expect(readdirSync(path.join(stateOf(store), "redo"))).toEqual([]);
    }
    const [kept = ""] = readdirSync(path.join(stateOf(store), "set-aside"));
    const aside = readdirSync(path.join(stateOf(store), "set-aside", kept, "redo"));
    expect(aside).toEqual(["000000000000001-000000-1.json", "000000000000001-000000-1.txt"]);
    expect(await store.run(["ticket", "create", "After"])).toMatchObject({ code: 0, stderr: "" });
    store.judge();
  });

  test("a deferred change whose objects were collected is committed from the file", async () => {
    const store = await tempStore({ inline: true });
    const id = await store.ayo("ticket", "create", "Deferred");
    writeFileSync(path.join(store.repo, ".git", "index.lock"), "");
    expect((await store.run(["ticket", "note", id, "While git is busy"])).stderr).toContain("commit deferred");
    git(store.repo, "prune", "--expire=now");
    const lost = store.text(id);
    rmSync(path.join(store.repo, ".git", "index.lock"));
    expect(await store.run(["ticket", "create", "Next"])).toMatchObject({ code: 0 });
    expect(store.subjects()[1]).toBe(`note ${id}: While git is busy`);
    expect(git(store.repo, "show", `HEAD:.tickets/${id}.md`)).toBe(lost.trimEnd());
    store.judge();
  });

  test("one whose objects are gone and whose file is another by now: what stands there is a hand edit", async () => {
    const store = await tempStore({ inline: true });
    const id = await store.ayo("ticket", "create", "Deferred");
    writeFileSync(path.join(store.repo, ".git", "index.lock"), "");
    await store.run(["ticket", "note", id, "While git is busy"]);
    appendFileSync(path.join(store.tickets, `${id}.md`), "And a line by hand.\n");
    git(store.repo, "prune", "--expire=now");
    rmSync(path.join(store.repo, ".git", "index.lock"));
    const next = await store.run(["ticket", "create", "Next"]);
    expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining("could not be finished") });
    expect(store.subjects()[1]).toBe(`edit ${id} by hand: text`);
    expect(store.text(id)).toContain("While git is busy");
    store.judge();
  });
});

describe("a writer that keeps its file open", () => {
  test("is heard after the file was replaced, by the next command", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Log");
    const handle = openSync(path.join(store.tickets, `${id}.md`), "a");
    writeSync(handle, "line 1\n");
    await store.ayo("ticket", "note", id, "First");
    writeSync(handle, "line 2\n");
    await store.ayo("ticket", "note", id, "Second");
    writeSync(handle, "line 3\n");
    closeSync(handle);
    expect((await store.run(["ticket", "create", "Other"])).stderr).toContain("merged what was still written");
    const written = store
      .text(id)
      .split("\n")
      .filter((line) => line.startsWith("line"));
    expect(written.toSorted()).toEqual(["line 1", "line 2", "line 3"]);
    expect(store.text(id)).toMatch(/First[\s\S]*Second/);
    store.judge();
  });

  test("that goes on with a ticket which was archived, is heard there", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Log");
    const handle = openSync(path.join(store.tickets, `${id}.md`), "a");
    await store.ayo("ticket", "close", id);
    await store.ayo("ticket", "archive", "--before", "0d");
    writeSync(handle, "Last words\n");
    closeSync(handle);
    // A process that has just looked would not look again yet.
    expect((await store.run(["ticket", "create", "Other"])).stderr).toContain("merged what was still written");
    const [month = ""] = readdirSync(path.join(store.tickets, "archive"));
    expect(readFileSync(path.join(store.tickets, "archive", month, `${id}.md`), "utf8")).toContain("Last words\n");
    store.judge();
  });

  test("what was replaced is forgotten when it has been silent", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Log");
    await store.ayo("ticket", "note", id, "First");
    expect(readdirSync(path.join(stateOf(store), "replaced"))).toHaveLength(1);
    await store.run(["ticket", "create", "Other"], { env: { AYO_REPLACED_MS: "1" } });
    expect(readdirSync(path.join(stateOf(store), "replaced"))).toEqual([]);
  });
});

describe("permissions", () => {
  const modeOf = (store: TempStore, file: string): string =>
    (statSync(path.join(store.tickets, file)).mode & 0o777).toString(8);

  test("are kept, also in the archive", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Private");
    chmodSync(path.join(store.tickets, `${id}.md`), 0o600);
    await store.ayo("ticket", "update", id, "-p", "1");
    expect(modeOf(store, `${id}.md`)).toBe("600");
    chmodSync(path.join(store.tickets, `${id}.md`), 0o664);
    await store.ayo("ticket", "close", id);
    expect(modeOf(store, `${id}.md`)).toBe("664");
    await store.run(["ticket", "archive", "--before", "0d"]);
    const [month = ""] = readdirSync(path.join(store.tickets, "archive"));
    expect(modeOf(store, path.join("archive", month, `${id}.md`))).toBe("664");
  });

  test("a file that was made read-only is not replaced", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "Sealed");
    chmodSync(path.join(store.tickets, `${id}.md`), 0o444);
    const text = store.text(id);
    const { code, stderr } = await store.run(["ticket", "close", id], { through: UNPRIVILEGED });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${id}.md is read-only`)]);
    expect(store.text(id)).toBe(text);
    store.judge();
  });
});

test("a lock of git's that a power cut left behind after the record was gone hinders nobody", async () => {
  const store = await tempStore();
  const index = path.join(store.repo, ".git", "index");
  await store.ayo("ticket", "create", "Before");
  linkSync(index, `${index}.lock`);
  expect(await store.run(["ticket", "create", "Next"])).toMatchObject({ code: 0, stderr: "" });
  copyFileSync(index, `${index}.lock`);
  expect((await store.run(["ticket", "create", "While git is at work"])).stderr).toContain("commit deferred");
  rmSync(`${index}.lock`);
  await store.ayo("ticket", "create", "After");
  store.judge();
});

test("a ticket whose committed version git has lost hinders no other, and is committed from its file", async () => {
  const store = await tempStore();
  const [lost, other] = [await store.ayo("ticket", "create", "Lost"), await store.ayo("ticket", "create", "Other")];
  const blob = git(store.repo, "rev-parse", `HEAD:${lost}.md`);
  rmSync(path.join(store.repo, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
  appendFileSync(path.join(store.tickets, `${lost}.md`), "by hand\n");
  expect(await store.run(["ticket", "note", other, "Goes on"])).toMatchObject({ code: 0 });
  expect(store.subjects().slice(0, 2)).toEqual([`note ${other}: Goes on`, `edit ${lost} by hand: changed`]);
  expect(git(store.repo, "show", `HEAD:${lost}.md`)).toBe(store.text(lost).trimEnd());
});

describe("a private folder that is not as it should be: one clear line, and doctor names it", () => {
  test.each([
    ["redo", "file"],
    ["tmp", "link"],
    ["lock", "link"],
    ["lock", "file"],
  ])("%s is a %s", async (name, kind) => {
    const store = await tempStore();
    await store.ayo("ticket", "create", "Before");
    const part = path.join(stateOf(store), name);
    rmSync(part, { recursive: true, force: true });
    if (kind === "file") writeFileSync(part, "");
    else symlinkSync("/nowhere/at/all", part);
    const { code, stdout } = await store.run(["doctor"]);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${part} is a ${kind} and no folder`)]);
    if (name === "lock") return;
    const { code: refused, stderr } = await store.run(["ticket", "create", "Next"]);
    expect([refused, stderr]).toEqual([1, expect.stringContaining(`${part} cannot be used`)]);
    rmSync(part);
    await store.ayo("ticket", "create", "After");
    store.judge();
  });

  test("a lock of git's that is a folder is named", async () => {
    const store = await tempStore();
    await store.ayo("ticket", "create", "Before");
    mkdirSync(path.join(store.repo, ".git", "index.lock"));
    expect((await store.run(["doctor"])).stdout).toContain("git_lock index.lock");
  });

  test("changes that go to another branch than the store's are told", async () => {
    const store = await tempStore();
    await store.ayo("ticket", "create", "Before");
    git(store.repo, "checkout", "--quiet", "-b", "other");
    expect((await store.run(["doctor"])).stdout).toContain("HEAD is on other: changes are committed there");
  });
});

test("what follows a commit cannot make it a failure: the archive that is a file", async () => {
  const store = await tempStore();
  writeFileSync(path.join(store.tickets, "config.yml"), "archive: {after: 1s}\n");
  const old = await store.ayo("ticket", "create", "Old");
  await store.ayo("ticket", "close", old);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  writeFileSync(path.join(store.tickets, "archive"), "in the way\n");
  rmSync(path.join(stateOf(store), "archived"), { force: true });
  const { code, stdout, stderr } = await store.run(["ticket", "create", "New"]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\S+\n$/)]);
  expect(stderr).toContain("the change is made; what follows it failed");
  expect(store.files()).toHaveLength(2);
});
