import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/store/repair/finding.ts";
import { examine, put, TICKET, twoTickets } from "../helpers/examine.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, writeTickets } from "../helpers/tempStore.ts";

const MARKED = "one\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n";

type Case = readonly [what: string, spoil: (store: TempStore) => void, finding: Partial<Finding>, says: RegExp];

/** What reads get by with and only a person can settle. */
const CASES: readonly Case[] = [
  [
    "conflict markers in config.yml",
    (store) => put(store, "config.yml", `prefix: t\n${MARKED}`),
    { code: "conflict_markers", path: "config.yml", line: 3, severity: "error" },
    /delete the marker lines/,
  ],
  [
    "conflict markers in a template",
    (store) => put(store, "templates/task.md", MARKED),
    { code: "conflict_markers", path: "templates/task.md", line: 2 },
    /conflict markers/,
  ],
  [
    "conflict markers in a project",
    (store) => put(store, "projects/plan/notes.txt", MARKED),
    { code: "conflict_markers", path: "projects/plan/notes.txt", line: 2 },
    /conflict markers/,
  ],
  [
    "conflict markers in a hook",
    (store) => put(store, "hooks/parts/common.sh", `#!/bin/sh\n${MARKED}`),
    { code: "conflict_markers", path: "hooks/parts/common.sh", line: 3 },
    /conflict markers/,
  ],
  [
    "an empty file that was never committed",
    (store) => put(store, "t-new.md", ""),
    { code: "empty_ticket", path: "t-new.md" },
    /write a ticket into it, or delete it/,
  ],
  [
    "a ticket in a folder of the store that nobody reads",
    (store) => put(store, "tickets/t-lost.md", TICKET),
    { code: "misplaced", path: "tickets/t-lost.md" },
    /is never read: tickets lie at the top of the store/,
  ],
  [
    "several in one, told at once",
    (store) => {
      for (const name of ["a", "b", "c", "d"]) put(store, `old/deep/${name}.md`, TICKET);
    },
    { code: "misplaced", path: "old/deep" },
    /its tickets a\.md, b\.md, c\.md and 1 more are never read/,
  ],
  [
    "a store in the store",
    (store) => {
      put(store, ".tickets/config.yml", "prefix: x\n");
      put(store, ".tickets/t-lost.md", TICKET);
    },
    { code: "misplaced", path: ".tickets/t-lost.md" },
    /a store of its own lies in \.tickets\//,
  ],
  [
    "a ticket among the projects",
    (store) => put(store, "projects/t-lost.md", TICKET),
    { code: "misplaced", path: "projects/t-lost.md" },
    /never read/,
  ],
  [
    "a ticket in a folder of the archive that is no month",
    (store) => put(store, "archive/2026/t-lost.md", TICKET),
    { code: "misplaced", path: "archive/2026/t-lost.md" },
    /never read/,
  ],
  [
    "a ticket whose file has another ending",
    (store) => put(store, "t-lost.MD", TICKET),
    { code: "misplaced", path: "t-lost.MD" },
    /a ticket's file is named <id>\.md/,
  ],
  [
    "a created that is no time",
    (store) => store.write("t-a", store.text("t-a").replace(/^created: .*$/m, "created: yesterday")),
    { code: "bad_date", path: "t-a.md", id: "t-a", line: 4, target: "created" },
    /created 'yesterday' is no time: write 2026-12-31/,
  ],
  [
    "a due date that the calendar does not have",
    (store) => store.write("t-a", store.text("t-a").replace("status: open", "due: 2026-13-45\nstatus: open")),
    { code: "bad_date", path: "t-a.md", line: 3, target: "due" },
    /so it is never due/,
  ],
  [
    "a lease that never ends",
    (store) => store.write("t-a", store.text("t-a").replace("status: open", "status: open\nlease: soon")),
    { code: "bad_date", path: "t-a.md", line: 4, target: "lease" },
    /so the claim never runs out/,
  ],
  [
    "a date that is a list",
    (store) => store.write("t-a", store.text("t-a").replace("status: open", "status: open\ndue: [a, b]")),
    { code: "bad_date", path: "t-a.md", line: 4, target: "due" },
    /is not a time, and is passed over/,
  ],
  [
    "dependencies of a shape that no command reads",
    (store) => store.write("t-a", store.text("t-a").replace("status: open", "status: open\ndeps: {t-b: done}")),
    { code: "bad_value", path: "t-a.md", line: 4, target: "deps" },
    /deps \{"t-b":"done"\} is not a list of words, and is passed over/,
  ],
  [
    "a priority in words that mean none",
    (store) => store.write("t-b", store.text("t-b").replace("priority: 1", "priority: rather urgent")),
    { code: "bad_value", path: "t-b.md", line: 5, target: "priority" },
    /is not a whole number/,
  ],
  [
    "a child that waits for its parent",
    (store) => store.write("t-b", store.text("t-b").replace("status: open", "status: open\ndeps: [t-a]")),
    { code: "deadlock", path: "t-b.md", id: "t-b", target: "t-a" },
    /t-a waits for its part t-b, and t-b for t-a; break it, say with 'ayo ticket undep t-b t-a'/,
  ],
  [
    "a folder of the store that is a link",
    (store) => symlinkSync(tempDir(), path.join(store.tickets, "projects")),
    { code: "link", path: "projects" },
    /a symbolic link/,
  ],
  [
    "a template that is a link",
    (store) => {
      mkdirSync(path.join(store.tickets, "templates"));
      symlinkSync("/etc/hostname", path.join(store.tickets, "templates", "task.md"));
    },
    { code: "link", path: "templates/task.md" },
    /a symbolic link/,
  ],
];

/** All files of a store but for the index's, to which any read may add what it had to look at. */
const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((name) => !/^\.git\/ayo\/index/.test(name));

describe("what doctor names and leaves to a person", () => {
  test.each(CASES)("%s", async (_, spoil, finding, says) => {
    const store = await twoTickets();
    spoil(store);
    const { findings, ok } = await examine(store);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject(finding);
    expect(findings[0]?.message).toMatch(says);
    expect([findings[0]?.fix, ok]).toEqual([undefined, false]);
    // --fix promises nothing and changes nothing.
    const before = filesOf(store.tickets);
    const mended = await examine(store, true);
    expect([mended.findings, mended.fixed]).toEqual([findings, []]);
    expect(filesOf(store.tickets)).toEqual(before);
  });

  test("texts that only look like a conflict, and files that are no tickets, are no finding", async () => {
    const store = await twoTickets();
    store.write("t-a", `${store.text("t-a")}\nTitle\n=======\n\n<<<<<<< is how it begins\n`);
    put(store, "docs/readme.md", "# How we work\n");
    put(store, "projects/plan.md", "---\nowner: me\n---\n# Plan\n");
    put(store, "templates/task.md", "## What\n\n======= \n");
    expect((await examine(store)).findings).toEqual([]);
  });

  test("tickets that are gone all at once are named before the next command restores them", async () => {
    const store = await twoTickets();
    writeTickets(store, Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`t-${n}`, `Number ${n}`])));
    await store.ayo("ticket", "note", "t-a", "on");
    for (const file of store.files()) rmSync(path.join(store.tickets, file));
    const { findings } = await examine(store);
    expect(findings).toEqual([expect.objectContaining({ code: "mass_loss" })]);
    expect(findings[0]?.message).toMatch(/^14 tickets are gone .*; the next command that writes restores them$/);
  });

  test("conflict markers in a ticket's text are named with their line", async () => {
    const store = await twoTickets();
    store.write("t-a", `${store.text("t-a")}${MARKED}`);
    const line = store.text("t-a").split("\n").indexOf("<<<<<<< HEAD") + 1;
    const { findings } = await examine(store);
    expect(findings).toEqual([expect.objectContaining({ severity: "error", path: "t-a.md", line })]);
    expect(findings[0]?.message).toMatch("conflict markers");
  });

  test("dates that are none stop no command that reads", async () => {
    const store = await twoTickets();
    const keys = "created: yesterday\ndue: 2026-13-45\nlease: soon\nclaimed-by: '@x'\nstarted: x\nclosed: y";
    store.write("t-a", `---\nid: t-a\nstatus: closed\n${keys}\n---\n# A\n`);
    store.write("t-b", `---\nid: t-b\nstatus: in_progress\n${keys}\n---\n# B\n`);
    const lines = ["list", "ready --explain", "closed", "show t-a", "stats", "list is:overdue", "list created:<3d"];
    for (const line of lines) {
      const { code, stderr } = await store.run(["ticket", ...line.split(" ")]);
      expect([line, code, stderr.replace("no ticket matches\n", "").replace("nothing is ready\n", "")]).toEqual([
        line,
        0,
        "",
      ]);
    }
    for (const line of [["recap"], ["ticket", "archive"], ["ticket", "claim", "--next", "--as", "@q"]])
      expect((await store.run(line)).code).toBe(0);
    expect((await examine(store)).findings.map(({ code, path: file, target }) => `${code} ${file} ${target}`)).toEqual(
      ["t-a.md", "t-b.md"].flatMap((file) =>
        ["created", "due", "started", "closed", "lease"].map((key) => `bad_date ${file} ${key}`),
      ),
    );
  });
});
