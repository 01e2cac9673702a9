import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fsck, git } from "../helpers/git.ts";
import { runCli } from "../helpers/runCli.ts";
import { ayoHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";

/** A store with a shorthand: the stdout of a command that must succeed. */
function workshop() {
  const dir = tempDir();
  const store = path.join(dir, ".tickets");
  const ayo = (...args: string[]): Promise<string> => ayoHere(dir, args);
  const json = async (...args: string[]) => JSON.parse(await ayo(...args, "--json"));
  const text = (id: string): string => readFileSync(path.join(store, `${id}.md`), "utf8");
  return { dir, store, ayo, json, text };
}

describe("the lifecycle", () => {
  test("closing a ticket makes its dependents ready and says so", async () => {
    const { dir, store, ayo } = workshop();
    const schema = await ayo("t", "create", "Build schema");
    const login = await ayo("t", "create", "Build login", "--deps", schema, "-p", "1");
    expect(await ayo("t", "ready")).toBe(
      `${schema}  [P2][open] - Build schema`.replace(/ {2}/, " ".repeat(Math.max(1, 9 - schema.length))),
    );
    expect(await ayo("t", "blocked", "-q")).toBe(login);
    const refused = await runCli(dir, ["t", "start", login]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `error: ${login} waits for ${schema} (open): Build schema\ntry: ayo ticket show ${schema}\n`,
    ]);
    expect(await ayo("t", "close", schema, "-m", "done")).toBe(
      `Updated ${schema} -> closed\nready: ${login} - Build login`,
    );
    expect(await ayo("t", "ready", "-q")).toBe(login);
    expect(git(store, "log", "-1", "--format=%B")).toBe(
      `close ${schema}: Build schema\n\nTicket: ${schema}\nEvent: closed\nActor: Test User\n`,
    );
    expect(git(store, "status", "--porcelain")).toBe("");
    fsck(store);
  });

  test("a ticket with open children cannot be closed, unless forced or together with them", async () => {
    const { dir, ayo } = workshop();
    const epic = await ayo("t", "create", "Epic", "-t", "epic", "-d", "All of it");
    const child = await ayo("t", "create", "Child", "--parent", epic);
    expect(await ayo("t", "ready", "-q")).toBe(child);
    const refused = await runCli(dir, ["t", "close", epic, "--json"]);
    expect(JSON.parse(refused.stderr).error).toMatchObject({ code: "open_children", data: { children: [child] } });
    await ayo("t", "close", epic, child);
    expect(await ayo("t", "ready", "-q")).toBe("");
  });

  test("cancelled, failed and missing dependencies are told apart", async () => {
    const { dir, ayo } = workshop();
    const ids: string[] = [];
    for (const title of ["Cancelled", "Failed", "Deleted"]) ids.push(await ayo("t", "create", title));
    const [cancelled = "", failed = "", deleted = ""] = ids;
    await ayo("t", "create", "Waits", "--deps", ids.join(","));
    await ayo("t", "cancel", cancelled);
    await ayo("t", "fail", failed);
    const unsure = await runCli(dir, ["t", "delete", deleted]);
    expect([unsure.code, unsure.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    await ayo("t", "delete", deleted, "--yes");
    expect(await ayo("t", "ready", "--explain")).toContain(
      `waits for ${cancelled}, which was cancelled; waits for ${failed}, which failed; waits for ${deleted}, which is missing`,
    );
  });

  test("done means closed, columns are found by name, and a repeated verb changes nothing", async () => {
    const { store, ayo, text } = workshop();
    const id = await ayo("t", "create", "One");
    await ayo("t", "status", id, "In progress");
    expect(text(id)).toMatch(/^status: in_progress$/m);
    expect(text(id)).toMatch(/^started: .*Z$/m);
    await ayo("t", "done", id);
    const before = git(store, "rev-parse", "HEAD");
    expect(await ayo("t", "status", id, "done")).toBe(`Unchanged ${id}: already closed`);
    expect(git(store, "rev-parse", "HEAD")).toBe(before);
    await ayo("t", "reopen", id);
    expect(text(id)).toMatch(/^status: open$/m);
    expect(text(id)).not.toMatch(/^closed:/m);
  });

  test("of eight agents who start one ticket exactly one gets it", async () => {
    const { dir, ayo, text } = workshop();
    const id = await ayo("t", "create", "One");
    const agents = Array.from({ length: 8 }, (_, n) => `@coder-${n}`);
    const results = await Promise.all(agents.map((agent) => runCli(dir, ["t", "start", id, "--as", agent, "--json"])));
    const winners = agents.filter((_, n) => results[n]?.code === 0);
    expect(winners).toHaveLength(1);
    expect(text(id)).toContain(`claimed-by: '${winners[0]}'`);
    for (const { code, stderr } of results.filter((result) => result.code !== 0)) {
      expect([code, JSON.parse(stderr).error]).toEqual([1, expect.objectContaining({ code: "claimed" })]);
    }
    await ayo("t", "start", id, "--as", winners[0] as string);
  });

  test("a dry run tells what would be", async () => {
    const { ayo } = workshop();
    const id = await ayo("t", "create", "One");
    expect(await ayo("t", "close", id, "--dry-run")).toBe(`Would close ${id} -> closed`);
    expect(await ayo("t", "create", "Two", "--dry-run")).toBe("Would create a ticket: Two");
    expect(await ayo("t", "list", "-q")).toBe(id);
  });

  test("update --set status passes the same gate as close", async () => {
    const { dir, ayo } = workshop();
    const a = await ayo("t", "create", "A");
    const b = await ayo("t", "create", "B", "--deps", a);
    const refused = await runCli(dir, ["t", "update", b, "--set", "status=closed"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`waits for ${a}`)]);
    await ayo("t", "update", b, "--set", "status=closed", "--force");
    expect(await ayo("t", "closed", "-q")).toBe(b);
  });
});

describe("a board of one's own", () => {
  const CONFIG = `board:
  columns: [{id: backlog}, {id: building}, {id: building-done}, {id: testing}, {id: done}]
transitions: {backlog: [building], building: [building-done, backlog]}
types: [component, bug]
`;

  test("behaves by its categories and refuses moves that it does not allow", async () => {
    const { dir, store, ayo } = workshop();
    mkdirSync(store);
    writeFileSync(path.join(store, "config.yml"), CONFIG);
    const a = await ayo("t", "create", "A");
    const b = await ayo("t", "create", "B", "--deps", a);
    expect((await runCli(dir, ["t", "create", "C", "-t", "task"])).stderr).toContain("component, bug");
    const refused = await runCli(dir, ["t", "close", a]);
    expect(refused.stderr).toContain("cannot move from backlog to done; allowed: building");
    for (const column of ["building", "building-done", "testing", "done"]) await ayo("t", "status", a, column);
    expect(await ayo("t", "ready", "-q")).toBe(b);
  });

  test.each([
    [
      "board: {columns: [{id: a, category: tod}]}",
      "config.yml:1",
      "todo, active, blocked, review, done, cancelled, failed",
    ],
    ["archive: {after: soon}", "config.yml:1", "30d"],
    ["board: [", "config.yml", "YAML"],
  ])("%s is refused with file, line and what is allowed", async (config, where, allowed) => {
    const { dir, store } = workshop();
    mkdirSync(store);
    writeFileSync(path.join(store, "config.yml"), config);
    const { code, stderr } = await runCli(dir, ["t", "list"]);
    expect(code).toBe(2);
    expect(stderr).toContain(where);
    expect(stderr).toContain(allowed);
  });
});

describe("changes", () => {
  test("one field is one line; comments, order and unknown keys stay", async () => {
    const { store, ayo, text } = workshop();
    const source =
      "---\nid: x-1\n# why\nstatus:   open   # now\ncustom: [1,  2]\npriority: 3\n---\n# T\r\n\nstatus: body\n";
    mkdirSync(store);
    writeFileSync(path.join(store, "x-1.md"), source);
    await ayo("t", "update", "x-1", "-p", "0");
    expect(text("x-1")).toBe(source.replace("priority: 3", "priority: 0"));
    await ayo("t", "status", "x-1", "blocked");
    expect(text("x-1")).toContain("status:   blocked   # now");
    expect(text("x-1")).toContain("status: body");
  });

  test("notes append, from a word or from stdin, and keep headings inside them", async () => {
    const { dir, ayo, json } = workshop();
    const id = await ayo("t", "create", "One", "--once", "k1");
    expect(await ayo("t", "create", "Again", "--once", "k1")).toBe(id);
    const { note } = await json("t", "note", id, "first");
    await runCli(dir, ["t", "note", id, "-", "--as", "coder"], { input: "## Notes\n\nsecond\n" });
    const { ticket } = await json("t", "show", id);
    expect(ticket.notes.map(({ by, text }: { by: string; text: string }) => [by, text])).toEqual([
      ["Test User", "first"],
      ["@coder", "## Notes\n\nsecond"],
    ]);
    const ids = ticket.notes.map((one: { id: string }) => one.id);
    expect(note).toEqual({ id: ids[0], at: ticket.notes[0].at, by: "Test User" });
    const [exported = ""] = (await ayo("export")).split("\n");
    expect(JSON.parse(exported).notes).toEqual(ticket.notes);
  });

  test("a template's text is no description that has to be kept", async () => {
    const { ayo, text } = workshop();
    const id = await ayo("t", "create", "Crash", "-t", "bug");
    expect(text(id)).toContain("## How to reproduce");
    await ayo("t", "update", id, "-d", "It crashes.");
    expect(text(id)).toContain("It crashes.");
  });

  test("a description that is there is not replaced by accident; a version guards a write", async () => {
    const { dir, ayo, json } = workshop();
    const id = await ayo("t", "create", "One", "-d", "careful words");
    const { ticket } = await json("t", "show", id);
    expect((await runCli(dir, ["t", "update", id, "-d", "new"])).stderr).toContain("--replace");
    await ayo("t", "update", id, "-d", "new", "--if-match", ticket.version);
    const stale = await runCli(dir, ["t", "close", id, "--if-match", ticket.version, "--json"]);
    expect(JSON.parse(stale.stderr).error).toMatchObject({ code: "conflict", data: { expected: ticket.version } });
  });

  test("archived tickets still resolve, and come back when they are reopened", async () => {
    const { store, ayo, json } = workshop();
    const a = await ayo("t", "create", "A");
    const b = await ayo("t", "create", "B", "--deps", a);
    await ayo("t", "close", a);
    expect(await ayo("t", "archive", "--before", "0s")).toBe("1 ticket archived");
    expect(await ayo("t", "list", "-q")).toBe(b);
    expect(await ayo("t", "ready", "-q")).toBe(b);
    expect((await json("t", "show", a)).ticket.path).toMatch(/^archive\/\d{4}-\d{2}\//);
    expect((await json("t", "list", "--all")).total).toBe(2);
    await ayo("t", "reopen", a);
    expect(await ayo("t", "blocked", "-q")).toBe(b);
    expect(git(store, "status", "--porcelain")).toBe("");
    fsck(store);
  });

  test("a dry run answers and changes nothing", async () => {
    const { store, ayo, text } = workshop();
    const id = await ayo("t", "create", "One");
    const [head, before] = [git(store, "rev-parse", "HEAD"), text(id)];
    for (const args of [
      ["create", "Two"],
      ["close", id],
      ["note", id, "x"],
      ["update", id, "-p", "0"],
      ["delete", id],
    ]) {
      await ayo("t", ...args, "--dry-run");
    }
    expect([git(store, "rev-parse", "HEAD"), text(id)]).toEqual([head, before]);
    expect(git(store, "status", "--porcelain")).toBe("");
  });

  test("link writes both files in one commit", async () => {
    const { store, ayo, text } = workshop();
    const [a, b] = [await ayo("t", "create", "A"), await ayo("t", "create", "B")];
    await ayo("t", "link", a, b);
    expect([text(a), text(b)]).toEqual([
      expect.stringContaining(`links: [${b}]`),
      expect.stringContaining(`links: [${a}]`),
    ]);
    expect(git(store, "show", "--format=", "--name-only", "HEAD").split("\n").sort()).toEqual(
      [`${a}.md`, `${b}.md`].sort(),
    );
    await ayo("t", "unlink", a, b);
    expect(text(a)).toContain("links: []");
  });
});

describe("lists for programs", () => {
  test("say total and truncated, keep chosen fields, and query prints one object a line", async () => {
    const { dir, ayo, json } = workshop();
    for (const title of ["A", "B", "C"]) await ayo("t", "create", title, "--tags", "x");
    const listed = await json("t", "list", "--limit", "2", "--fields", "title");
    expect(listed).toMatchObject({ schema: 1, total: 3, truncated: true, problems: [] });
    const none = await runCli(dir, ["t", "list", "--limit", "0"]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("at least 1")]);
    expect(listed.tickets.every((ticket: object) => Object.keys(ticket).join() === "title")).toBe(true);
    const lines = (await ayo("t", "query", "-T", "x")).split("\n").map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(Object.keys(lines[0])).toEqual(
      expect.arrayContaining(["id", "ready", "blockedBy", "version", "claim", "extra"]),
    );
  });

  test("help has examples for every command", async () => {
    const { ayo } = workshop();
    const overview = await ayo("help", "--all");
    const commands = overview.split("\n").flatMap((line) => /^ {2}ayo ((?:[a-z]+ ?)+)/.exec(line)?.[1]?.trim() ?? []);
    expect(commands.length).toBeGreaterThan(30);
    for (const command of commands.slice(0, 40)) {
      expect(await ayo(...command.split(" "), "--help")).toMatch(/Examples:/);
    }
  });
});
