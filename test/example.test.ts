import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isValidId } from "../src/ticket/ids.ts";
import { parseNotes } from "../src/ticket/text/notes.ts";
import { parseTicket } from "../src/ticket/text/parseTicket.ts";
import { patchFields } from "../src/ticket/text/patchTicket.ts";
import type { Ticket } from "../src/ticket/ticket.ts";
import { fsck, git } from "./helpers/git.ts";
import { runCli } from "./helpers/runCli.ts";
import { tempDir } from "./helpers/tempDir.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../.tickets.example");
const TEMPLATES = path.resolve(import.meta.dirname, "../templates/ticket");

const files = readdirSync(EXAMPLE, { recursive: true, encoding: "utf8" })
  .map((name) => name.split(path.sep).join("/"))
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .sort();
const sources = new Map(files.map((name) => [name, readFileSync(path.join(EXAMPLE, name), "utf8")]));

/** Reads every file with the whole YAML parser at hand; fails where one cannot be read. */
async function parseAll(): Promise<Map<string, Ticket>> {
  const { parseFrontMatter } = await import("../src/ticket/text/frontMatter.ts");
  return new Map([...sources].map(([name, text]) => [name, parseTicket(text, name, "", parseFrontMatter)]));
}

/** A copy of the example as the store of a new project. */
function copyExample(): string {
  const dir = path.join(tempDir(), "shorty");
  mkdirSync(dir);
  cpSync(EXAMPLE, path.join(dir, ".tickets"), { recursive: true });
  return dir;
}

/** Runs a command in a copy of the example, expects it to succeed without a warning, and returns its lines. */
async function lines(dir: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCli(dir, ["ticket", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: args[0] === "closed" ? "note: 1 in the archive: --all\n" : "" });
  return stdout.trimEnd().split("\n");
}

/** The ids that lines of a list begin with. */
function idsOf(list: readonly string[]): string[] {
  return list.map((line) => line.split(" ", 1)[0] ?? "");
}

describe(".tickets.example: the files", () => {
  test("a dozen active tickets and an archived one", () => {
    expect(files.filter((name) => !name.includes("/"))).toHaveLength(12);
    expect(files.filter((name) => name.includes("/"))).toEqual(["archive/2026-10/sho-2b9d.md"]);
  });

  test.each([...sources])("%s: is what ayo writes", async (name, text) => {
    const ticket = (await parseAll()).get(name) as Ticket;
    expect(isValidId(ticket.id)).toBe(true);
    expect(path.posix.basename(name, ".md")).toBe(ticket.id);
    expect(ticket.title).not.toBe(ticket.id);
    const keys = [...text.slice(0, text.indexOf("\n---\n")).matchAll(/^([a-z-]+):/gm)].map((match) => match[1]);
    expect(keys.slice(0, 7)).toEqual(["id", "status", "deps", "links", "created", "type", "priority"]);
    expect(text.endsWith("\n")).toBe(true);
    expect(text).not.toMatch(/[\r\t]|[ ]\n|\n\n$/);
  });

  test("every id that a ticket names is there, links in both directions", async () => {
    const tickets = [...(await parseAll()).values()];
    const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    expect(byId.size).toBe(tickets.length);
    for (const { id, fields } of tickets) {
      const named = [...(fields.deps ?? []), fields.parent, fields.duplicateOf].filter((one) => one !== undefined);
      for (const other of named) expect([id, other, byId.has(other)]).toEqual([id, other, true]);
      for (const link of fields.links ?? []) expect(byId.get(link)?.fields.links).toContain(id);
    }
  });

  test("the story has one of everything", async () => {
    const tickets = await parseAll();
    const byId = new Map([...tickets.values()].map((ticket) => [ticket.id, ticket]));
    const statuses = new Set([...tickets.values()].map((ticket) => ticket.status));
    expect(statuses).toEqual(new Set(["open", "in_progress", "in_review", "blocked", "closed", "cancelled"]));
    expect(byId.get("sho-t8re")?.fields.blockedReason).toBe("waits for the host to add our DNS records");
    expect(byId.get("sho-m4uo")?.fields).toMatchObject({ duplicateOf: "sho-w5xa", closed: "2026-11-10T08:31:00Z" });
    expect(byId.get("sho-h3vt")?.criteria).toEqual({ done: 4, total: 5 });
    expect(byId.get("sho-5c0e")?.extra).toMatchObject({ estimate: 3, beta: { users: 214, source: "beta.csv" } });
    const notes = [...sources.values()].flatMap((text) => parseNotes(text));
    expect(new Set(notes.map((note) => note.by))).toEqual(new Set(["Mara Lind", "Tomás Ruiz", "@coder", "@ops", null]));
    expect(notes.every((note) => !Number.isNaN(Date.parse(note.at)))).toBe(true);
  });

  test("a changed field changes its own line and nothing else, also beside unknown keys", async () => {
    const { parseFrontMatter } = await import("../src/ticket/text/frontMatter.ts");
    for (const [name, text] of sources) {
      const patched = patchFields(text, { priority: 4 }, name, parseFrontMatter);
      expect(patched).toBe(text.replace(/^priority: \d$/m, "priority: 4"));
    }
  });
});

describe(".tickets.example: a copy of it as a store", () => {
  test("list, ready, blocked, closed", async () => {
    const dir = copyExample();
    const list = await lines(dir, "list");
    expect(list).toHaveLength(12);
    expect(list[0]).toBe("sho-w5xa [P0][open] - Session cookie has no Secure flag behind the proxy");
    expect(idsOf(list.slice(-3))).toEqual(["sho-9fq1", "sho-m4uo", "sho-q2jy"]);
    expect(await lines(dir, "list", "--all")).toHaveLength(13);
    expect(idsOf(await lines(dir, "ready"))).toEqual(["sho-w5xa", "sho-5c0e", "sho-d0pf"]);
    expect(idsOf(await lines(dir, "blocked"))).toEqual(["sho-t8re", "sho-k1zn", "sho-y7bw"]);
    expect(idsOf(await lines(dir, "closed"))).toEqual(["sho-m4uo", "sho-q2jy", "sho-9fq1"]);
    expect(idsOf(await lines(dir, "list", "--parent", "sho-e7q4", "-a", "@coder"))).toEqual([
      "sho-h3vt",
      "sho-k1zn",
      "sho-9fq1",
    ]);
  });

  test("show has the dependencies, the notes and the keys of others", async () => {
    const dir = copyExample();
    const page = (await lines(dir, "show", "h3vt")).join("\n");
    expect(page).toContain("sho-h3vt Sign in with e-mail and password [P1] feature, in_review");
    expect(page).toMatch(/^unlocks sho-y7bw .*Test the whole login in a browser$/m);
    expect(page).toContain("criteria: 4 of 5 done");
    expect(page).toContain("2026-11-09 16:45 Tomás Ruiz: Read it.");
    const { code, stdout } = await runCli(dir, ["ticket", "show", "sho-5c0e", "--json"]);
    expect(code).toBe(0);
    const { ticket } = JSON.parse(stdout);
    expect(ticket.extra).toEqual({ estimate: 3, beta: { users: 214, source: "beta.csv" } });
    expect(ticket.notes.map((note: { by: unknown }) => note.by)).toEqual([null, "Tomás Ruiz"]);
  });

  test("dep tree goes down to the archived ticket", async () => {
    const tree = await lines(copyExample(), "dep", "tree", "sho-9fq1");
    expect(tree).toEqual([
      "sho-9fq1 [closed] Tables for users and sessions",
      "└── sho-2b9d [closed] Decide how sessions are kept",
    ]);
  });

  test("reading writes nothing; the first change adopts it, byte for byte", async () => {
    const dir = copyExample();
    const store = path.join(dir, ".tickets");
    await lines(dir, "ready");
    expect(readdirSync(store)).toEqual(readdirSync(EXAMPLE));
    const closed = await lines(dir, "close", "sho-h3vt");
    expect(closed[0]).toBe("Updated sho-h3vt -> closed");
    expect(git(store, "log", "--format=%s").split("\n")).toEqual([
      "close sho-h3vt: Sign in with e-mail and password",
      "adopt 12 tickets",
      "ayo store",
    ]);
    expect(git(store, "status", "--porcelain")).toBe("");
    expect(git(store, "diff", "--name-only", "HEAD~")).toBe("sho-h3vt.md");
    fsck(store);
    for (const [name, text] of sources) {
      if (!name.includes("sho-h3vt")) expect(readFileSync(path.join(store, name), "utf8")).toBe(text);
    }
  });

  test("a ticket that waits cannot start, and says for what", async () => {
    const { code, stderr } = await runCli(copyExample(), ["ticket", "start", "sho-k1zn"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: sho-k1zn waits for sho-h3vt .*; sho-t8re /);
  });

  test("the board's rule for what is in review holds", async () => {
    const { code, stderr } = await runCli(copyExample(), ["ticket", "status", "sho-h3vt", "blocked"]);
    expect(code).toBe(1);
    expect(stderr).toContain("sho-h3vt cannot move from in_review to blocked");
  });
});

describe("templates/ticket", () => {
  const names = readdirSync(TEMPLATES).map((name) => path.basename(name, ".md"));

  test("there is one for the usual types", () => {
    expect(names.sort()).toEqual(["bug", "epic", "feature", "task"]);
  });

  test.each(names)("%s: fills an empty body, is short, and asks for a checkable result", async (name) => {
    const template = readFileSync(path.join(TEMPLATES, `${name}.md`), "utf8");
    expect(template.length).toBeLessThan(400);
    const dir = tempDir();
    const { stdout } = await runCli(dir, ["ticket", "create", "Try it", "-t", name]);
    const file = readFileSync(path.join(dir, ".tickets", `${stdout.trim()}.md`), "utf8");
    expect(file.slice(file.indexOf("\n---\n") + 5)).toBe(`# Try it\n\n${template}`);
    const { criteria } = parseTicket(file, `${stdout.trim()}.md`, "");
    expect(criteria.done).toBe(0);
    expect(criteria.total).toBeGreaterThan(0);
    expect(template).not.toMatch(/\[ \]\s*$/m);
  });
});
