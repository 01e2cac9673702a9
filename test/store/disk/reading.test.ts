import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { hashObject } from "../../../src/git/objects/objects.ts";
import { addNote, createTicket, deleteTickets, listTickets, showTicket } from "../../../src/index.ts";
import { transaction } from "../../../src/store/change/transaction.ts";
import { openArchive, readArchive } from "../../../src/store/disk/archive/archive.ts";
import { findArchiveEdits, rememberArchive } from "../../../src/store/disk/archive/archiveEdits.ts";
import { loadIndex } from "../../../src/store/disk/cache.ts";
import { refreshIndex } from "../../../src/store/disk/refresh.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { fsck, git } from "../../helpers/git.ts";
import { UNPRIVILEGED } from "../../helpers/runCli.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
const ANN = { name: "Ann", email: "ann@example.com", agent: false } as const;

describe("readers of a process in which a change is being made", () => {
  test("see an edit at once, and do not hand it to the change that follows", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", b: "Second" });
    // Old enough that its stamp says whether it changed, however fast the machine is: the next test has the other case.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const store = project.open();
    await addNote(store, { id: "a", text: "begin" });
    let seen: string | undefined;
    const first = transaction(store, { actor: ANN }, async (draft) => {
      project.write("b", project.text("b").replace("# Second", "# Edited"));
      seen = (await listTickets(store, {})).tickets.find(({ id }) => id === "b")?.title;
      draft.note(await draft.find("a"), "one");
      return { result: undefined, sentence: { subject: "first", tickets: ["a"] } };
    });
    const second = addNote(store, { id: "b", text: "two", as: "@coder" });
    await Promise.all([first, second]);
    expect(seen).toBe("Edited");
    // Both are made together, after the edit, or one after the other, with the edit between them.
    const [last, ...before] = project.subjects().slice(0, 3);
    expect([last, ...before.sort()]).toEqual(["note b: two", "edit b by hand: title Second → Edited", "first"]);
    expect(git(project.repo, "show", "--format=", "-U0", "HEAD")).not.toContain("Edited");
    project.judge();
  });

  test("see an edit of a file that was read only now, and its commit comes at the next look at the latest", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", b: "Second" });
    const store = project.open();
    await addNote(store, { id: "a", text: "begin" });
    let seen: string | undefined;
    // As on a fast machine: the change reads the file of the second for itself, since its stamp says nothing.
    project.write("b", project.text("b"));
    const first = transaction(store, { actor: ANN }, async (draft) => {
      project.write("b", project.text("b").replace("# Second", "# Edited"));
      seen = (await listTickets(store, {})).tickets.find(({ id }) => id === "b")?.title;
      draft.note(await draft.find("a"), "one");
      return { result: undefined, sentence: { subject: "first", tickets: ["a"] } };
    });
    await Promise.all([first, addNote(store, { id: "b", text: "two", as: "@coder" })]);
    expect(seen).toBe("Edited");
    await addNote(store, { id: "a", text: "end" });
    const edit = "edit b by hand: title Second → Edited";
    expect(project.subjects().slice(0, 4).sort()).toEqual([edit, "first", "note a: end", "note b: two"].sort());
    const ofEdit = git(project.repo, "log", "-1", "--format=%H", "--grep", "by hand").trim();
    expect(git(project.repo, "show", "--format=", "-U0", ofEdit)).toContain("+# Edited");
    expect(project.text("b")).toMatch(/# Edited[\s\S]*two/);
    project.judge();
  });

  test("leave the index alone that the change works on, and the cache too", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First" });
    const store = project.open();
    await addNote(store, { id: "a", text: "begin" });
    await transaction(store, { actor: ANN }, async () => {
      const { index, journal } = store;
      const before = [...(index?.entries.keys() ?? [])];
      const cached = readdirSync(journal?.stateDir ?? "").map((name) => [name, sizeOf(journal?.stateDir ?? "", name)]);
      writeTickets(project, { b: "Second" });
      await Promise.all([listTickets(store, {}), listTickets(store, {}), showTicket(store, { id: "b" })]);
      expect(store.index).toBe(index);
      expect([...(index?.entries.keys() ?? [])]).toEqual(before);
      expect(readdirSync(journal?.stateDir ?? "").map((name) => [name, sizeOf(journal?.stateDir ?? "", name)])).toEqual(
        cached,
      );
      return { result: undefined };
    });
    expect((await listTickets(store, {})).total).toBe(2);
  });
});

function sizeOf(dir: string, name: string): number {
  const file = path.join(dir, name);
  return name.includes(".") && existsSync(file) ? readFileSync(file).length : 0;
}

describe("a refresh", () => {
  test("keeps the very bytes that its entries are of, until the next", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", b: "Second" });
    const store = project.open();
    await addNote(store, { id: "a", text: "begin" });
    project.write("a", `${project.text("a")}more\n`);
    mkdirSync(path.join(project.tickets, "projects"));
    writeFileSync(path.join(project.tickets, "projects", "auth.md"), "# Auth\n");
    const index = await refreshIndex(store, true);
    expect(index.kept.get("a.md")?.toString()).toBe(project.text("a"));
    for (const [file, bytes] of index.kept) expect(hashObject("blob", bytes)).toBe(index.entries.get(file)?.oid);
    expect([...index.kept.keys()]).toContain("projects/auth.md");
    await new Promise((resolve) => setTimeout(resolve, 30));
    await refreshIndex(store, true);
    await refreshIndex(store, true);
    expect(index.kept.size).toBe(0);
  });

  test("of a store that git cloned is remembered, so that the second is quick", async () => {
    const origin = await tempStore();
    writeTickets(origin, { a: "First", b: "Second" });
    await origin.ayo("ticket", "note", "a", "begin");
    const dir = tempDir();
    git(dir, "clone", "--quiet", origin.tickets, ".tickets");
    const clone = storeIn(dir);
    const stateDir = path.join(clone.tickets, ".git", "ayo");
    expect(existsSync(stateDir)).toBe(false);
    expect((await clone.run(["ticket", "list", "-q"])).stdout).toBe("a\nb\n");
    expect([...(loadIndex(stateDir)?.entries.keys() ?? [])].sort()).toEqual(["a.md", "b.md"]);

    await clone.ayo("ticket", "note", "a", "here too");
    clone.judge();
  });

  test("of one that may not be written says nothing about it", async () => {
    const origin = await tempStore();
    writeTickets(origin, { a: "First" });
    await origin.ayo("ticket", "note", "a", "begin");
    const dir = tempDir();
    git(dir, "clone", "--quiet", origin.tickets, ".tickets");
    const gitDir = path.join(dir, ".tickets", ".git");
    chmodSync(gitDir, 0o555);
    onTestFinished(() => chmodSync(gitDir, 0o755));
    const listed = await storeIn(dir).run(["ticket", "list", "-q"], { through: UNPRIVILEGED });
    expect(listed).toEqual({ code: 0, stdout: "a\n", stderr: "" });
    expect(readdirSync(gitDir)).not.toContain("ayo");
  });
});

describe("a config.yml that cannot be read", () => {
  const types = "types: [task, spike]\n";

  test("leaves the committed one in force, is told, and is not committed as deleted", async () => {
    const { store, config } = await withConfig(types);
    symlinkSync("/nowhere", config);
    const listed = await store.json<{ problems: unknown }>("ticket", "list");
    expect(listed.problems).toEqual([
      {
        path: "config.yml",
        line: 0,
        code: "unreadable",
        message: "a symbolic link to nothing; meanwhile the last committed one holds",
      },
    ]);
    const made = await store.run(["ticket", "create", "Spike", "--type", "spike"]);
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining("config.yml: a symbolic link to nothing")]);
    expect(git(store.repo, "show", "HEAD:config.yml")).toBe(types.trim());
    const asked = await store.run(["config", "prefix"]);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("config.yml: a symbolic link to nothing")]);
    rmSync(config);
    writeFileSync(config, types);
    await store.ayo("ticket", "create", "Another", "--type", "spike");
    store.judge();
  });

  test("and was never committed leaves the defaults; one with nonsense is refused as ever", async () => {
    const { store, config } = await withConfig(types);
    git(store.repo, "rm", "--quiet", "--cached", "config.yml");
    git(store.repo, "commit", "--quiet", "--message=without");
    mkdirSync(config);
    expect((await store.run(["ticket", "create", "Spike", "--type", "spike"])).code).toBe(2);
    expect((await store.run(["ticket", "create", "Bug", "--type", "bug"])).code).toBe(0);
    rmSync(config, { recursive: true });
    writeFileSync(config, "types: 1\n");
    expect((await store.run(["ticket", "list", "--json"])).code).toBe(2);
  });

  /** A store whose config.yml is committed, and gone from the disk. */
  async function withConfig(text: string) {
    const store = await tempStore();
    const config = path.join(store.tickets, "config.yml");
    writeFileSync(config, text);
    await store.ayo("ticket", "create", "One");
    rmSync(config);
    return { store, config };
  }
});

describe("the record of deleted ids", () => {
  test("is not begun anew while it cannot be read: deletions wait, by command and by hand", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", b: "Second", c: "Third" });
    await project.ayo("ticket", "delete", "a", "--yes");
    const record = path.join(project.tickets, "archive", "deleted");
    const text = readFileSync(record, "utf8");
    rmSync(record);
    mkdirSync(record);
    const refused = await project.run(["ticket", "delete", "b", "--yes"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("archive/deleted, the record of")]);
    rmSync(path.join(project.tickets, "c.md"));
    await project.ayo("ticket", "note", "b", "still works");
    expect(git(project.repo, "ls-tree", "--name-only", "HEAD", "c.md")).toBe("c.md");
    rmSync(record, { recursive: true });
    writeFileSync(record, text);
    await project.ayo("ticket", "note", "b", "and goes on");
    expect(readFileSync(record, "utf8")).toBe("a\nc\n");
    project.judge();
  });
});

describe("the archive", () => {
  test("is read while its months come and go", async () => {
    const project = await tempStore();
    const store = project.open();
    const { ticket } = await createTicket(store, { title: "Waits" });
    const folder = path.join(project.tickets, "archive");
    for (let n = 1; n < 4; n++) {
      mkdirSync(path.join(folder, `2020-0${n}`), { recursive: true });
      for (let m = 0; m < 9; m++)
        writeFileSync(path.join(folder, `2020-0${n}`, `old-${n}${m}.md`), `---\nstatus: closed\n---\n# Old ${n}${m}\n`);
    }
    const [month, aside] = [path.join(folder, "2020-02"), path.join(tempDir(), "aside")];
    const script = `const { renameSync } = require("node:fs"); process.stdin.on("end", () => process.exit()).resume();
      const swap = () => { renameSync(process.argv[1], process.argv[2]); renameSync(process.argv[2], process.argv[1]); };
      setInterval(() => { for (let n = 0; n < 50; n++) swap(); }, 1);`;
    const child = spawn(process.execPath, ["-e", script, month, aside], { stdio: ["pipe", "inherit", "inherit"] });
    const ended = new Promise((resolve) => child.on("close", resolve));
    const seen = new Set<number>();
    for (let round = 0; round < (LONG ? 1_000 : 150); round++) {
      const tickets = await readArchive(store, new Map());
      seen.add(tickets.length);
      expect(tickets.length).toBeGreaterThanOrEqual(18);
      const ids = new Set((await openArchive(store)).ids());
      for (const at of [10, 18, 30, 38]) expect(ids).toContain(`old-${at}`);
    }
    child.stdin.end();
    await ended;
    expect(Math.max(...seen)).toBe(27);
    expect([...(await openArchive(store)).ids()]).toHaveLength(27);
    await addNote(store, { id: ticket.id, text: "done" });
    project.judge();
  });

  test("is looked at again where a commit changed it: somebody may have been at it meanwhile", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", old: "Old\nstatus: closed\nclosed: 2020-01-05T00:00:00Z" });
    await project.ayo("ticket", "archive", "--before", "30d");
    const store = project.open();
    const journal = store.journal as Journal;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const index = await refreshIndex(store, true);
    expect(await findArchiveEdits(store, journal, index)).toEqual([]);
    const file = path.join(project.tickets, "archive", "2020-01", "old.md");
    // In place, which the folder does not show.
    writeFileSync(file, `${readFileSync(file, "utf8")}\nMore\n`);
    expect(await findArchiveEdits(store, journal, index)).toEqual([]);
    rememberArchive(index, index.archiveTree as string, ["a.md", "archive/2020-01/old.md"]);
    expect(await findArchiveEdits(store, journal, index)).toMatchObject([{ file: "archive/2020-01/old.md" }]);
  });

  test("is edited by hand right after ayo changed it, and the next write commits that", async () => {
    const project = await tempStore();
    writeTickets(project, { a: "First", old: "Old\nstatus: closed\nclosed: 2020-01-05T00:00:00Z" });
    await project.ayo("ticket", "archive", "--before", "30d");
    const store = project.open();
    await addNote(store, { id: "a", text: "one" });
    const file = path.join(project.tickets, "archive", "2020-01", "more.md");
    writeFileSync(file, "---\nid: more\nstatus: closed\n---\n# More\n");
    await addNote(store, { id: "a", text: "two" });
    expect(git(project.repo, "ls-files", "archive/2020-01")).toBe("archive/2020-01/more.md\narchive/2020-01/old.md");
    rmSync(file);
    await addNote(store, { id: "a", text: "three" });
    expect(git(project.repo, "ls-files", "archive/2020-01")).toBe("archive/2020-01/old.md");
    project.judge();
  });
});

describe("a template that cannot be read", () => {
  test("is refused by name; where only the type asks for it the packaged one stands in, and it says so", async () => {
    const project: TempStore = await tempStore();
    mkdirSync(path.join(project.tickets, "templates"));
    symlinkSync("/etc/passwd", path.join(project.tickets, "templates", "bug.md"));
    const named = await project.run(["ticket", "create", "One", "--template", "bug"]);
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("templates/bug.md: a symbolic link")]);
    const typed = await project.run(["ticket", "create", "Two", "--type", "bug"]);
    expect([typed.code, typed.stderr]).toEqual([0, expect.stringContaining("templates/bug.md: a symbolic link")]);
    expect(project.text(typed.stdout.trim().split(" ").at(-1) ?? "")).not.toContain("root:");
    fsck(project.repo);
  });
});

test("ids that were deleted stay deleted while their record cannot be read", async () => {
  const project = await tempStore();
  writeTickets(project, { a: "First", b: "Second" });
  await deleteTickets(project.open(), { ids: ["a"], yes: true });
  rmSync(path.join(project.tickets, "archive", "deleted"));
  symlinkSync("/nowhere", path.join(project.tickets, "archive", "deleted"));
  const imported = await project.run(["import", "-", "--from", "jsonl", "--json"], {
    input: '{"id":"a","title":"Again"}\n',
  });
  expect(project.files()).not.toContain("a.md");
  expect(imported.stdout).toContain("deleted here");
});
