import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fsck, git } from "../helpers/git.ts";
import { runCli } from "../helpers/runCli.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore } from "../helpers/tempStore.ts";

describe("what is refused leaves nothing behind", () => {
  test.each([
    [["create"], "title is missing"],
    [["create", ""], "title is empty"],
    [["create", "   "], "title is empty"],
    [["create", "x", "-p", "99"], "priority '99' is not one of 0, 1, 2, 3, 4"],
    [["create", "x", "-p", "abc"], "priority 'abc' is not one of"],
    [["create", "x", "-p="], "needs a value"],
    [["create", "x", "-p", "1", "-p", "2"], "given 2 times"],
    [["create", "x", "-t", "nonsense"], "type 'nonsense' is not one of task, bug"],
    [["create", "x", "--status", "nowhere"], "status 'nowhere' is not one of open"],
    [["create", "x", "--due", "soonish"], "neither a date"],
    [["create", "x", "--template", "../../etc/passwd"], "there is no template"],
    [["create", "x", "--frobnicate"], "unknown flag --frobnicate"],
    [["create", "x", "--no-json"], "unknown flag --no-json"],
    [["create", "-x"], "text that begins with '-' goes after --"],
    [["create", "two", "titles"], "one word too many"],
    [["create", "line\nbreak"], "line break or control character"],
    [["create", "bell\u0007"], "line break or control character"],
    [["create", "x".repeat(100_000)], "at most 500"],
    [["create", "x", "--as", "../evil"], "is not an agent's name"],
    [["create", "x", "--session", "../evil"], "is not a name"],
    [["create", "x", "--dir", "a", "--global"], "exclude each other"],
    [["list", "--limit", "many"], "not a whole number"],
    [["list", "--sort", "colour"], "not one of priority, created"],
    [["list", "--json=yes"], "--json takes no value; --fields names what to print"],
    [["frobnicate"], "unknown command"],
    [["lst"], "did you mean list"],
  ] as const)("ayo ticket %j", async (args, message) => {
    const dir = tempDir();
    const { code, stdout, stderr } = await runHere(dir, ["ticket", ...args]);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test("errors are JSON where JSON is asked for, with code, message and a line to try", async () => {
    const dir = tempDir();
    const { code, stderr } = await runCli(dir, ["ticket", "list", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "no_store", message: expect.stringContaining(dir), try: ["ayo", "init"] },
    });
  });
});

describe("ids", () => {
  test.each(["con", "../x", "/etc/passwd", ".git", "..", "nothere"])(
    "%s is not found and nothing is touched",
    async (id) => {
      const dir = tempDir();
      await runHere(dir, ["ticket", "create", "One"]);
      for (const verb of ["show", "close", "note", "delete", "edit"]) {
        const words = verb === "note" ? [id, "text"] : [id];
        const { code, stderr } = await runHere(dir, [
          "ticket",
          verb,
          ...words,
          ...(verb === "delete" ? ["--yes"] : []),
        ]);
        expect(stderr).toContain("not found");
        expect(code).toBe(1);
      }
      expect(git(path.join(dir, ".tickets"), "status", "--porcelain")).toBe("");
      expect(git(path.join(dir, ".tickets"), "rev-list", "--count", "HEAD")).toBe("3");
    },
  );

  test("an ambiguous part of an id lists the candidates", async () => {
    const dir = tempDir();
    const store = path.join(dir, ".tickets");
    await runHere(dir, ["init", "--prefix", "x"]);
    for (const id of ["x-aa11", "x-aa22"])
      writeFileSync(path.join(store, `${id}.md`), `---\nid: ${id}\nstatus: open\n---\n# T\n`);
    const { code, stderr } = await runHere(dir, ["ticket", "close", "aa", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: "ambiguous_id",
      data: { candidates: ["x-aa11", "x-aa22"] },
    });
  });

  test("dependencies on a missing ticket, on itself and in a circle are refused", async () => {
    const dir = tempDir();
    const create = async (title: string, ...more: string[]) =>
      (await runHere(dir, ["t", "create", title, ...more])).stdout.trim();
    const a = await create("A");
    const b = await create("B", "--deps", a);
    const missing = await runHere(dir, ["t", "create", "C", "--deps", "nope"]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("ticket 'nope' not found")]);
    const self = await runHere(dir, ["t", "dep", "add", a, a]);
    expect([self.code, self.stderr]).toEqual([1, expect.stringContaining("cannot wait for itself")]);
    const circle = await runHere(dir, ["t", "dep", a, b]);
    expect(circle.stderr).toContain(`${a} -> ${b} -> ${a}`);
    const through = await runHere(dir, ["t", "create", "D", "--deps", b, "--blocks", a]);
    expect([through.code, through.stderr]).toEqual([1, expect.stringContaining("cycle")]);
    expect(readFileSync(path.join(dir, ".tickets", `${a}.md`), "utf8")).toContain("deps: []");
  });
});

describe("odd but legal input", () => {
  test.each([
    "-dash first",
    "- a list",
    "emoji 🎉",
    "مرحبا بالعالم",
    "quotes ' \" ` and: colon # hash",
    "---",
    "title: x",
    "[a]",
  ])("the title %s comes back as it was", async (title) => {
    const dir = tempDir();
    const { stdout } = await runHere(dir, ["ticket", "create", "--json", "--", title]);
    const { ticket } = JSON.parse(stdout);
    const shown = JSON.parse((await runHere(dir, ["ticket", "show", ticket.id, "--json"])).stdout);
    expect([ticket.title, shown.ticket.title]).toEqual([title, title]);
  });

  test("a body of 10 MB goes in and comes out", async () => {
    const dir = tempDir();
    const body = `${"0123456789abcdef\n".repeat(600_000)}end`;
    const { stdout, code } = await runHere(dir, ["ticket", "create", "Long", "-d", "-"], { input: body });
    expect(code).toBe(0);
    const shown = await runHere(dir, ["ticket", "show", stdout.trim(), "--json"]);
    expect(JSON.parse(shown.stdout).ticket.body).toContain(body);
    fsck(path.join(dir, ".tickets"));
  });

  test("NUL is refused in a body; escape sequences do not reach the terminal", async () => {
    const dir = tempDir();
    const nul = await runHere(dir, ["ticket", "create", "Nul", "-d", "-"], { input: "a\0b" });
    expect([nul.code, nul.stderr, existsSync(path.join(dir, ".tickets"))]).toEqual([
      2,
      expect.stringContaining("NUL"),
      false,
    ]);
    const { stdout } = await runHere(dir, ["ticket", "create", "Esc", "-d", "-"], { input: "\u001b[2Jgone \u202e" });
    const shown = await runHere(dir, ["ticket", "show", stdout.trim()]);
    expect(shown.stdout).toContain("\\x1b[2Jgone");
    expect(shown.stdout).not.toContain("\u001b");
    expect(shown.stdout).not.toContain("\u202e");
  });
});

test("fields given to --json, as gh takes them, are fields and no text that is looked for", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login");
  const { tickets } = JSON.parse(await store.ayo("ticket", "list", "--json", "id,title")) as { tickets: unknown };
  expect(tickets).toEqual([{ id, title: "Build login" }]);
  expect(await store.ayo("ticket", "list", "--", "--json", "id,title")).toBe("");
});
