import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { closeTickets, createTicket, deleteTickets, listTickets, openStore } from "../../../../src/index.ts";
import { git } from "../../../helpers/git.ts";
import { type TempStore, tempStore, testHost } from "../../../helpers/tempStore.ts";

/** A store with one ticket. */
async function withTicket(): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore();
  const { ticket } = await createTicket(store.open(), { title: "Build login", description: "Text" });
  return { ...store, id: ticket.id };
}

/** The newest commit but one: a hand edit comes before the change that found it. */
function editCommit({ repo }: TempStore) {
  const [subject = "", author = "", ...trailers] = git(
    repo,
    "log",
    "-1",
    "--format=%s%n%an%n%(trailers)",
    "HEAD~1",
  ).split("\n");
  const files = git(repo, "show", "--format=", "--name-status", "HEAD~1");
  return { subject, author, trailers: trailers.filter((line) => line !== ""), files };
}

const trailersOf = (...ids: string[]) => [...ids.map((id) => `Ticket: ${id}`), "Actor: Test User", "By-hand: yes"];

describe("a valid edit becomes a commit of its own, by the git user", () => {
  test("saved as vim does: a new file renamed over the old one", async () => {
    const store = await withTicket();
    const { id, tickets } = store;
    const target = path.join(tickets, `${id}.md`);
    const swap = path.join(tickets, `.${id}.md.swp`);
    writeFileSync(swap, "b0VIM 9.0");
    renameSync(target, `${target}~`);
    writeFileSync(target, readFileSync(`${target}~`, "utf8").replace("priority: 2", "priority: 0"));
    rmSync(`${target}~`);
    await store.ayo("--as", "@coder", "ticket", "note", id, "seen");
    expect(editCommit(store)).toEqual({
      subject: `edit ${id} by hand: priority 2 → 0`,
      author: "Test User",
      trailers: trailersOf(id),
      files: `M\t${id}.md`,
    });
    expect(git(store.repo, "log", "-1", "--format=%an %(trailers:key=Actor,valueonly)")).toBe("coder @coder\n");
    rmSync(swap);
    store.judge();
  });

  test("a new file, several files, one in projects/, and the config", async () => {
    const store = await withTicket();
    const { id, tickets } = store;
    store.write("new-1", "---\nid: new-1\nstatus: open\n---\n# By hand\n");
    store.write(id, store.text(id).replace("Text", "Another text"));
    mkdirSync(path.join(tickets, "projects"));
    writeFileSync(path.join(tickets, "projects", "auth.md"), "# Auth\n");
    await createTicket(store.open(), { title: "Next" });
    expect(editCommit(store)).toMatchObject({
      subject: expect.stringMatching(/^edit 2 tickets and 1 file by hand: /),
      files: `M\t${id}.md\nA\tnew-1.md\nA\tprojects/auth.md`,
    });
    writeFileSync(path.join(tickets, "config.yml"), "types: [task, spike]\n");
    await createTicket(store.open(), { title: "Spike", type: "spike" });
    expect(editCommit(store)).toMatchObject({ files: "M\tconfig.yml", trailers: trailersOf() });
    store.judge();
  });

  test("a hook keeps its executable bit, and a ticket that has one does not trouble git", async () => {
    const store = await withTicket();
    mkdirSync(path.join(store.tickets, "hooks"));
    for (const name of ["ticket.closed", "notes"])
      writeFileSync(path.join(store.tickets, "hooks", name), "#!/bin/sh\n");
    chmodSync(path.join(store.tickets, "hooks", "ticket.closed"), 0o755);
    chmodSync(path.join(store.tickets, `${store.id}.md`), 0o755);
    await createTicket(store.open(), { title: "Next" });
    expect(git(store.repo, "ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD", "hooks")).toBe(
      "100644 hooks/notes\n100755 hooks/ticket.closed",
    );
    store.judge();
  });

  test("as large as before and in the same moment: the stamp alone does not show it", async () => {
    const store = await withTicket();
    const { id, tickets } = store;
    const target = path.join(tickets, `${id}.md`);
    const handle = store.open();
    const seen = async () => (await listTickets(handle, {})).tickets.find((one) => one.id === id)?.priority;
    const texts = [1, 3].map((priority) => store.text(id).replace("priority: 2", `priority: ${priority}`));
    for (let round = 0; round < 20; round++) {
      const { ino, mtime } = statSync(target);
      for (const [at, priority] of [1, 3].entries()) {
        // The clock of a file system ticks every few milliseconds: some of these share all four numbers of the stamp.
        store.write(id, texts[at] as string);
        utimesSync(target, mtime, mtime);
        expect(await seen()).toBe(priority);
      }
      expect(statSync(target).ino).toBe(ino);
    }
    await createTicket(handle, { title: "Next" });
    expect(editCommit(store).subject).toBe(`edit ${id} by hand: priority 2 → 3`);
    store.write(id, texts[0] as string);
    await createTicket(handle, { title: "Next but one" });
    expect(editCommit(store).subject).toBe(`edit ${id} by hand: priority 3 → 1`);
    store.judge();
  });

  test("an id changed by hand is committed, and the ticket answers to both the file's name and the id", async () => {
    const store = await withTicket();
    const { id } = store;
    store.write(id, store.text(id).replace(`id: ${id}`, "id: login-1"));
    await createTicket(store.open(), { title: "Next" });
    expect(editCommit(store)).toMatchObject({ trailers: trailersOf("login-1"), files: `M\t${id}.md` });
    expect((await store.run(["ticket", "show", "login-1"])).code).toBe(0);
    expect(JSON.parse((await store.run(["doctor", "--json"])).stdout).findings).toMatchObject([
      { code: "id_mismatch" },
    ]);
    store.judge();
  });

  test("a deleted file: its id is recorded in the same commit and never given out again", async () => {
    const store = await withTicket();
    const { id, tickets } = store;
    rmSync(path.join(tickets, `${id}.md`));
    await createTicket(store.open(), { title: "Next" });
    expect(editCommit(store)).toEqual({
      subject: `edit ${id} by hand: deleted`,
      author: "Test User",
      trailers: trailersOf(id),
      files: `A\tarchive/deleted\nD\t${id}.md`,
    });
    expect(git(store.repo, "show", "HEAD:archive/deleted")).toBe(id);
    const again = JSON.stringify({ id, title: "Build login again" });
    const imported = await store.run(["import", "-", "--from", "jsonl", "--json"], { input: `${again}\n` });
    expect(store.files()).not.toContain(`${id}.md`);
    expect(imported.stdout).toContain(id);
    store.judge();
  });

  test("a file that was moved to another name keeps its id, and is not taken for deleted", async () => {
    const store = await withTicket();
    const { id, tickets } = store;
    renameSync(path.join(tickets, `${id}.md`), path.join(tickets, "moved.md"));
    await createTicket(store.open(), { title: "Next" });
    expect(editCommit(store).files).toBe(`R100\t${id}.md\tmoved.md`);
    expect((await store.run(["ticket", "show", id])).code).toBe(0);
    store.judge();
  });
});

describe("a broken edit is reported and left byte for byte", () => {
  const broken: readonly (readonly [name: string, edit: (text: string) => string])[] = [
    ["half saved", (text) => text.slice(0, text.indexOf("priority") + 4)],
    ["broken YAML", (text) => text.replace("priority: 2", "priority: [2")],
    [
      "conflict markers",
      (text) => text.replace("priority: 2", "<<<<<<< HEAD\npriority: 2\n=======\npriority: 1\n>>>>>>> theirs"),
    ],
    ["a key twice", (text) => text.replace("priority: 2", "priority: 2\npriority: 1")],
  ];

  test.each(broken)("%s", async (_, edit) => {
    const store = await withTicket();
    const { id } = store;
    const before = git(store.repo, "rev-parse", `HEAD:${id}.md`);
    const text = edit(store.text(id));
    store.write(id, text);
    const list = await store.run(["ticket", "list"]);
    expect([list.code, list.stderr]).toEqual([0, expect.stringContaining(`${id}.md`)]);
    const refused = await store.run(["ticket", "close", id]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(new RegExp(`^error: ${id}\\.md:\\d+: `))]);
    await store.ayo("ticket", "create", "Another");
    expect(store.text(id)).toBe(text);
    expect(git(store.repo, "rev-parse", `HEAD:${id}.md`)).toBe(before);
    expect(git(store.repo, "status", "--porcelain")).toBe(` M ${id}.md`);
    const shown = JSON.parse((await store.run(["ticket", "show", id, "--json"])).stdout);
    expect(shown.lastGood).toContain("# Build login");
    // Mended, it is committed like any edit.
    store.write(id, shown.lastGood.replace("priority: 2", "priority: 4"));
    await store.ayo("ticket", "create", "One more");
    expect(editCommit(store).subject).toBe(`edit ${id} by hand: priority 2 → 4`);
    store.judge();
  });

  test("an empty file is not taken for a ticket without a text", async () => {
    const store = await withTicket();
    store.write(store.id, "");
    await createTicket(store.open(), { title: "Next" });
    expect(store.text(store.id)).toBe("");
    expect(git(store.repo, "show", `HEAD:${store.id}.md`)).toContain("# Build login");
  });
});

describe("more than ten tickets gone at once", () => {
  test("are an accident: restored, what stood there kept, and said so", async () => {
    const store = await tempStore();
    const handle = store.open();
    const ids: string[] = [];
    for (let count = 0; count < 12; count++) ids.push((await createTicket(handle, { title: `T${count}` })).ticket.id);
    const old = store.text(ids[0] as string);
    await closeTickets(handle, { ids });
    const head = git(store.repo, "rev-parse", "HEAD");
    for (const id of ids.slice(1)) rmSync(path.join(store.tickets, `${id}.md`));
    store.write(ids[0] as string, old);
    const list = await store.run(["ticket", "list"]);
    expect(list.stderr).toContain("11 tickets are gone");
    const { stderr } = await store.run(["ticket", "create", "Next"]);
    expect(stderr).toMatch(
      /12 tickets were gone or set back without a commit of the store: restored; what stood there is in /,
    );
    const aside = /is in (\S+)/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(path.join(aside, `${ids[0]}.md`), "utf8")).toBe(old);
    for (const id of ids) expect(store.text(id)).toMatch(/^status: closed$/m);
    expect(git(store.repo, "rev-parse", "HEAD~1")).toBe(head);
    store.judge();
  });

  test("ten deleted by hand are meant", async () => {
    const store = await tempStore();
    const handle = store.open();
    const ids: string[] = [];
    for (let count = 0; count < 10; count++) ids.push((await createTicket(handle, { title: `T${count}` })).ticket.id);
    for (const id of ids) rmSync(path.join(store.tickets, `${id}.md`));
    await createTicket(store.open(), { title: "Next" });
    expect(store.files()).toHaveLength(1);
    expect(readFileSync(path.join(store.tickets, "archive/deleted"), "utf8").trim().split("\n").sort()).toEqual(
      ids.sort(),
    );
    store.judge();
  });
});

test("a deletion through the command line does not count as one by hand", async () => {
  const store = await withTicket();
  await deleteTickets(openStore({ dir: store.tickets }, testHost(store.dir)), { ids: [store.id], yes: true });
  await createTicket(store.open(), { title: "Next" });
  expect(store.subjects().filter((subject) => subject.includes("by hand"))).toEqual([]);
  store.judge();
});

test.each([{ inline: true }, {}])(
  "an archived file that was deleted by hand is committed as gone (%j)",
  async (wanted) => {
    const store = await tempStore(wanted);
    const [id, other] = [await store.ayo("ticket", "create", "Old"), await store.ayo("ticket", "create", "Other")];
    await store.ayo("ticket", "close", id);
    await store.ayo("ticket", "archive", "--before", "0s");
    const [file = ""] = git(store.repo, "ls-files", "*archive/2*").split("\n");
    expect(file).toContain(id);
    rmSync(path.join(store.repo, file));
    await store.ayo("ticket", "note", other, "hello");
    expect(git(store.repo, "status", "--porcelain")).toBe("");
    expect(git(store.repo, "ls-files", "*archive/2*")).toBe("");
  },
);

test("an archive that git leaves out of the worktree is not taken for deleted", async () => {
  const store = await tempStore({ inline: true });
  const [id, other] = [await store.ayo("ticket", "create", "Old"), await store.ayo("ticket", "create", "Other")];
  await store.ayo("ticket", "close", id);
  await store.ayo("ticket", "archive", "--before", "0s");
  git(store.repo, "sparse-checkout", "set", "--no-cone", "/*", "!/.tickets/archive/");
  await store.ayo("ticket", "note", other, "hello");
  expect(git(store.repo, "status", "--porcelain")).toBe("");
  expect(git(store.repo, "ls-tree", "-r", "--name-only", "HEAD")).toContain(`archive/`);
});

test("the commit of edits by hand counts tickets and other files apart, and each once", async () => {
  const store = await tempStore();
  const [a, b] = [await store.ayo("ticket", "create", "A"), await store.ayo("ticket", "create", "B")];
  const subjectAfter = async (edit: () => void): Promise<string> => {
    edit();
    await store.ayo("ticket", "note", b, "takes them in");
    return store.subjects()[1] ?? "";
  };
  const touch = (id: string) => store.write(id, store.text(id).replace("priority: ", "priority:  "));
  const put = (file: string) => {
    mkdirSync(path.dirname(path.join(store.tickets, file)), { recursive: true });
    writeFileSync(path.join(store.tickets, file), `${file}\n`);
  };
  expect(await subjectAfter(() => [a, b].forEach(touch))).toMatch(/^edit 2 tickets by hand: /);
  const both = await subjectAfter(() => {
    touch(a);
    put("templates/spike.md");
  });
  expect(both).toBe(`edit 1 ticket and 1 file by hand: ${[a, "templates/spike.md"].join(", ")}`);
  const files = await subjectAfter(() => ["templates/one.md", "templates/two.md"].forEach(put));
  expect(files).toBe("edit 2 files by hand: templates/one.md, templates/two.md");
  const renamed = await subjectAfter(() =>
    renameSync(path.join(store.tickets, `${a}.md`), path.join(store.tickets, "other.md")),
  );
  expect(renamed).toMatch(/^edit (?:2 tickets|\S+) by hand: /);
  expect(renamed).not.toMatch(/, (\S+),.*\1|1 tickets/);
  store.judge();
});

test("a file with a backslash in its name is committed like any other, and stops nobody", async () => {
  const store = await withTicket();
  writeFileSync(path.join(store.tickets, "a\\b.md"), "---\nid: a-b\nstatus: open\n---\n# Odd\n");
  await store.ayo("ticket", "note", store.id, "goes on");
  expect(git(store.repo, "ls-files", "-z").split("\0")).toContain("a\\b.md");
  store.judge();
});
