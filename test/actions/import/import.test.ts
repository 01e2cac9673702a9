import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import type { CliResult } from "../../helpers/runCli.ts";
import { runHere } from "../../helpers/runHere.ts";

/** Writes files below `dir`, folders included. */
function write(dir: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
}

const lines = (...records: readonly object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join("");
const read = (dir: string, file: string): string => readFileSync(path.join(dir, ".tickets", file), "utf8");
const commits = (dir: string): string[] =>
  git(path.join(dir, ".tickets"), "log", "--format=%s").split("\n").slice(0, -2);
const json = ({ stdout }: CliResult) => JSON.parse(stdout);

/** What must hold after every import: the real git finds the store whole, clean and every file in it committed. */
function judge(dir: string): void {
  const store = path.join(dir, ".tickets");
  fsck(store);
  expect(git(store, "status", "--porcelain")).toBe("");
}

const TICKET = `---
id: old-1
status: open
deps: [old-2]
created: 2026-01-02T03:04:05Z
type: task
priority: 1
odd-key:   "kept  as it is" # comment
---
# First\r
\r
Body with CRLF\r
`;

describe("import of a tk or ayo directory", () => {
  const second = "---\nid: Old-2.x\nstatus: waiting\ndeps: []\n---\n# Second\n";
  const source = {
    "src/.tickets/old-1.md": TICKET,
    "src/.tickets/other-name.md": second,
    "src/.tickets/noid.md": "---\nstatus: closed\n---\n# No id\n",
    "src/.tickets/archive/2025-12/gone.md": "---\nid: gone\nstatus: closed\n---\n# Gone\n",
    "src/.tickets/archive/deleted": "dead-1\n../x\n",
    "src/.tickets/README.md": "# not a ticket\n",
    "src/.tickets/hooks/ticket.created": "#!/bin/sh\nexit 1\n",
  };

  test("takes every file byte for byte, the archive too, in one commit", async () => {
    const dir = gitRepo();
    write(dir, source);
    const run = await runHere(dir, ["import", "src/.tickets"]);
    expect(run.stdout).toBe("4 imported: 3 exact, 1 with extra fields, 0 need you\n");
    expect(run.stderr).toContain("note: kept under keys of their own, which have no field here: odd-key (1)\n");
    expect(run.code).toBe(0);
    expect(run.stderr).toContain("statuses that are no column here: waiting (1)");
    expect(run.stderr).toContain("1 dependency or parent names a ticket that is not here");
    expect(run.stderr).toContain(
      "note: left in src/.tickets: hooks\nnote: 1 of 2 lines of src/.tickets/archive/deleted are no ids\n",
    );
    expect(read(dir, "old-1.md")).toBe(TICKET);
    expect(read(dir, "Old-2.x.md")).toBe(second);
    expect(read(dir, "noid.md")).toBe(source["src/.tickets/noid.md"]);
    expect(read(dir, "archive/2025-12/gone.md")).toBe(source["src/.tickets/archive/2025-12/gone.md"]);
    expect(read(dir, "archive/deleted")).toBe("dead-1\n");
    expect(existsSync(path.join(dir, ".tickets/hooks"))).toBe(false);
    expect(commits(dir)).toEqual(["import 4 tickets from ayo"]);
    expect(git(path.join(dir, ".tickets"), "log", "-1", "--format=%b")).toContain("Event: imported");
    judge(dir);
  });

  test("finds the tickets in a project's own path, and asks where there are several kinds", async () => {
    const dir = gitRepo();
    write(dir, {
      "one/.tickets/a.md": "---\nid: a\n---\n# A\n",
      "two/.tickets/b.md": "",
      "two/.beads/issues.jsonl": "",
    });
    expect((await runHere(dir, ["import", "one"])).stdout).toMatch(/^1 imported: 1 exact/);
    const both = await runHere(dir, ["import", "two"]);
    expect([both.code, both.stderr]).toEqual([
      2,
      "error: two holds .tickets and .beads: name one of them\ntry: ayo import two/.tickets\n",
    ]);
  });

  test("follows no links and names what cannot be read, with the line", async () => {
    const dir = gitRepo();
    write(dir, {
      "t/good.md": "---\nid: good\n---\n# Good\n",
      "t/twice.md": "---\nid: a\nid: b\n---\n# Twice\n",
      "t/plain.md": "# No front matter\n",
      "t/latin.md": Buffer.from("---\nid: latin\n---\n# caf\xe9\n", "latin1"),
      "t/list.md": "---\nid: [a, b]\n---\n# List\n",
      "secret.txt": "---\nid: secret\n---\n# Secret\n",
    });
    symlinkSync("../secret.txt", path.join(dir, "t/link.md"));
    const run = await runHere(dir, ["import", "t", "--json"]);
    expect(run.code).toBe(0);
    const { imported, needYou } = json(run);
    expect(imported).toBe(1);
    expect(needYou.map((one: { path: string; line: number }) => `${one.path}:${one.line}`).sort()).toEqual([
      "t/latin.md:4",
      "t/link.md:0",
      "t/list.md:0",
      "t/plain.md:1",
      "t/twice.md:3",
    ]);
    expect(run.stderr).toContain("needs you: t/twice.md:3: the key 'id' is there twice: keep one of the lines\n");
    expect(readdirSync(path.join(dir, ".tickets")).filter((name) => name.endsWith(".md"))).toEqual(["good.md"]);
    judge(dir);
  });

  test.each([".tickets", ".", ".tickets/archive"])("refuses the store itself, named as %s", async (name) => {
    const dir = gitRepo();
    await runHere(dir, ["ticket", "create", "Mine"]);
    mkdirSync(path.join(dir, ".tickets/archive/2026-01"), { recursive: true });
    const run = await runHere(dir, ["import", name, ...(name.endsWith("archive") ? ["--from", "tk"] : [])]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("is the store itself");
    symlinkSync(".tickets", path.join(dir, "alias"));
    expect((await runHere(dir, ["import", "alias"])).stderr).toContain("is the store itself");
  });
});

describe("import of beads", () => {
  const issue = { status: "open", priority: 2, issue_type: "task", created_at: "2026-01-01T10:00:00Z" };
  const edge = (type: string, id: string) => ({ issue_id: "?", depends_on_id: id, type, created_by: "me" });
  const full = {
    _type: "issue",
    ...issue,
    id: "bd-a1.2",
    title: "Full",
    description: "What\r\nand why\n\n```\nnever closed",
    design: "How",
    acceptance_criteria: "- first\n- second",
    notes: "Free words",
    status: "in_progress",
    priority: 0,
    issue_type: "bug",
    assignee: "ann",
    labels: ["x", "a, b"],
    created_at: "2026-01-01T01:00:00.123456789+02:00",
    updated_at: "2026-02-01T01:00:00Z",
    started_at: "2026-01-03T01:00:00Z",
    due_at: "2026-05-01T00:00:00Z",
    external_ref: "gh-9",
    dependencies: [
      edge("blocks", "bd-2"),
      edge("parent-child", "bd-3"),
      edge("related", "bd-2"),
      edge("discovered-from", "bd-3"),
      edge("supersedes", "bd-9"),
    ],
    comments: [
      { id: 2, author: "bob", text: "second\n## Heading", created_at: "2026-01-05T00:00:00Z" },
      { id: 1, author: "ann", text: "first", created_at: "2026-01-04T00:00:00+01:00" },
    ],
    metadata: { files: ["a.ts"] },
    estimated_minutes: 30,
    dependency_count: 5,
    pinned: false,
  };
  const closed = {
    ...issue,
    id: "bd-2",
    title: "Two",
    status: "closed",
    closed_at: "2026-01-09T00:00:00Z",
    close_reason: "Done in abc",
  };
  const rest = [
    { ...issue, id: "bd-3", title: "Three", status: "deferred", close_reason: "Closed" },
    { ...issue, id: "bd-dead", title: "Dead", status: "tombstone", deleted_at: "2026-01-01T00:00:00Z" },
    { _type: "memory", key: "k", value: "v" },
  ];

  test("keeps dependencies, comments, sections and deleted ids", async () => {
    const dir = gitRepo();
    write(dir, { ".beads/issues.jsonl": lines(full, closed, ...rest) });
    const run = await runHere(dir, ["import", ".beads"]);
    expect(run.stdout).toBe("3 imported: 2 exact, 0 with extra fields, 1 in part, 1 need you\n");
    expect(run.stderr).toContain(
      "own, which have no field here: metadata (1), estimated-minutes (1), supersedes (1)\n",
    );
    expect(run.stderr).toContain("left out, since there is no place for it here: dependencies.created_by (1)\n");
    expect(run.stderr).toContain("git or ayo tells it anew: _type (1), updated_at (1), dependency_count (1)\n");
    expect(run.stderr).toContain("needs you: .beads/issues.jsonl:5: a memory of bd remember, not an issue");
    expect(run.stderr).toContain("statuses that are no column here: deferred (1)");
    expect(read(dir, "bd-a1.2.md")).toBe(`---
id: bd-a1.2
status: in_progress
deps: [bd-2]
links: [bd-2, bd-3]
created: 2025-12-31T23:00:00Z
type: bug
priority: 0
assignee: ann
external-ref: gh-9
parent: bd-3
tags: [x, 'a, b']
due: 2026-05-01T00:00:00Z
started: 2026-01-03T01:00:00Z
metadata: {files: [a.ts]}
estimated-minutes: 30
supersedes: [bd-9]
---
# Full

What
and why

\`\`\`
never closed
\`\`\`

## Design

How

## Acceptance Criteria

- [ ] first
- [ ] second

## Notes

Free words

**2026-01-03T23:00:00Z** ann

first

**2026-01-05T00:00:00Z** bob

second
\\## Heading
`);
    expect(read(dir, "bd-2.md")).toContain("links: [bd-a1.2]");
    expect(read(dir, "bd-2.md")).toMatch(
      /status: closed\n[\s\S]*\n## Notes\n\n\*\*2026-01-09T00:00:00Z\*\*\n\nDone in abc\n$/,
    );
    expect(read(dir, "bd-3.md")).not.toContain("## Notes");
    expect(read(dir, "archive/deleted")).toBe("bd-dead\n");
    expect(commits(dir)).toEqual(["import 3 tickets from beads"]);
    const shown = json(await runHere(dir, ["ticket", "show", "bd-a1.2", "--json"]));
    expect(shown.ticket.notes.map((note: { by: string }) => note.by)).toEqual(["ann", "bob"]);
    expect(shown.ticket.notes[1].text).toBe("second\n## Heading");
    judge(dir);
  });

  test("a board of one's own gets its own columns", async () => {
    const dir = gitRepo();
    write(dir, {
      ".tickets/config.yml":
        "board:\n  columns:\n    - {id: backlog, name: Backlog, category: todo}\n    - {id: building, name: B, category: active}\n    - {id: shipped, name: S, category: done}\n",
      "b.jsonl": lines(full, closed, { ...issue, id: "bd-3", title: "Three" }),
    });
    expect((await runHere(dir, ["import", "b.jsonl"])).code).toBe(0);
    const status = (id: string) => /^status: (.*)$/m.exec(read(dir, `${id}.md`))?.[1];
    expect([status("bd-a1.2"), status("bd-2"), status("bd-3")]).toEqual(["building", "shipped", "backlog"]);
  });

  test("without an export says how to make one", async () => {
    const dir = gitRepo();
    write(dir, { ".beads/beads.db": "" });
    const run = await runHere(dir, ["import", ".beads"]);
    expect([run.code, run.stderr]).toEqual([
      2,
      "error: .beads has no issues.jsonl: beads keeps its issues in a database\ntry: bd export -o .beads/issues.jsonl\n",
    ]);
    expect(existsSync(path.join(dir, ".tickets"))).toBe(false);
  });

  test("a ticket deleted there goes here too, unless it was changed here", async () => {
    const dir = gitRepo();
    const three = { ...issue, id: "bd-3", title: "Three" };
    write(dir, { "b.jsonl": lines(closed, three) });
    await runHere(dir, ["import", "b.jsonl"]);
    await runHere(dir, ["ticket", "note", "bd-3", "mine"]);
    write(dir, { "b.jsonl": lines({ ...closed, status: "tombstone" }, { ...three, status: "tombstone" }) });
    const run = await runHere(dir, ["import", "b.jsonl", "--json"]);
    expect(json(run)).toMatchObject({
      deleted: ["bd-2"],
      skipped: [{ id: "bd-3", why: "deleted there, but changed here" }],
    });
    expect(existsSync(path.join(dir, ".tickets/bd-2.md"))).toBe(false);
    expect(read(dir, "archive/deleted")).toBe("bd-2\n");
    judge(dir);
  });
});

describe("import of Backlog.md", () => {
  const task = `---
id: BACK-12
title: 'Fix: the thing'
status: In Progress
assignee:
  - '@codex'
  - Ann
created_date: '2026-01-02 10:30'
updated_date: '2026-01-03 10:30'
labels:
  - cli
dependencies:
  - task-7
  - back-9
parent_task_id: back-3
priority: high
references:
  - src/a.ts
ordinal: 1000
---

## Description

<!-- SECTION:DESCRIPTION:BEGIN -->
What it is
<!-- SECTION:DESCRIPTION:END -->

## Acceptance Criteria
<!-- AC:BEGIN -->
- [x] #1 one
- [ ] #2 two
<!-- AC:END -->

## Implementation Plan

<!-- SECTION:PLAN:BEGIN -->
1. do it
<!-- SECTION:PLAN:END -->

## Comments

<!-- COMMENTS:BEGIN -->
author: @codex
created: 2026-01-02 11:00
---
Looks good
---

created: 2026-01-02 12:00
---
Second
---
<!-- COMMENTS:END -->

## Final Summary

All well
`;
  const small = (id: string, status: string): string => `---\nid: ${id}\ntitle: T ${id}\nstatus: ${status}\n---\n`;
  const source = {
    "backlog/config.yml": "project_name: x\n",
    "backlog/tasks/back-12 - Fix-the-thing.md": task,
    "backlog/tasks/back-007 - Seven.md": small("BACK-007", "To Do"),
    "backlog/completed/back-9 - Nine.md": small("BACK-9", "Done"),
    "backlog/drafts/draft-1 - Idea.md": small("DRAFT-1", "To Do"),
    "backlog/archive/tasks/back-3 - Old.md": small("BACK-3", "To Do"),
    "backlog/archive/tasks/back-9 - Reused.md": small("back-9", "To Do"),
    "backlog/docs/doc-1.md": "# Doc\n",
  };

  test("keeps ids in their own case, boxes, sections, comments and drafts", async () => {
    const dir = gitRepo();
    write(dir, source);
    const run = await runHere(dir, ["import", "backlog"]);
    expect(run.stdout).toBe("5 imported: 3 exact, 2 with extra fields, 1 need you\n");
    expect(run.stderr).toContain(
      "needs you: backlog/archive/tasks/back-9 - Reused.md: its id was read before, at backlog/completed/back-9 - Nine.md",
    );
    expect(run.stderr).toContain("note: left in backlog: config.yml, docs\n");
    expect(read(dir, "BACK-12.md")).toBe(`---
id: BACK-12
status: in_progress
deps: [BACK-007, BACK-9]
links: []
created: 2026-01-02T10:30:00Z
priority: 1
assignee: ['@codex', Ann]
parent: BACK-3
tags: [cli]
references: [src/a.ts]
ordinal: 1000
---
# Fix: the thing

What it is

## Acceptance Criteria
- [x] one
- [ ] two

## Implementation Plan

1. do it

## Final Summary

All well

## Notes

**2026-01-02T11:00:00Z** @codex

Looks good

**2026-01-02T12:00:00Z**

Second
`);
    const status = (id: string) => /^status: (.*)$/m.exec(read(dir, `${id}.md`))?.[1];
    expect(["BACK-007", "BACK-9", "DRAFT-1", "BACK-3"].map(status)).toEqual(["open", "closed", "draft", "cancelled"]);
    expect(read(dir, "BACK-3.md")).toContain("backlog-status: To Do");
    expect(commits(dir)).toEqual(["import 5 tickets from Backlog.md"]);
    judge(dir);
  });
});

describe("import of JSON lines", () => {
  test("takes what query prints, from a file and from standard input", async () => {
    const dir = gitRepo();
    const id = (
      await runHere(dir, ["ticket", "create", "One", "-d", "Text", "--tags", "a,b", "-a", "@x"])
    ).stdout.trim();
    await runHere(dir, ["ticket", "create", "Two", "--deps", id, "-p", "0", "--external-ref", "gh-1"]);
    await runHere(dir, ["ticket", "start", id]);
    const { stdout } = await runHere(dir, ["ticket", "query"]);
    const other = gitRepo();
    const run = await runHere(other, ["import", "-"], { input: stdout });
    expect(run.stdout).toBe("2 imported: 2 exact, 0 with extra fields, 0 need you\n");
    const again = (await runHere(other, ["ticket", "query"])).stdout.trim().split("\n");
    const bare = (line: string) => ({ ...JSON.parse(line), version: "" });
    expect(again.map(bare)).toEqual(stdout.trim().split("\n").map(bare));
    expect(commits(other)).toEqual(["import 2 tickets from JSON lines"]);
    judge(other);
  });

  test("takes the body and notes that show prints, once", async () => {
    const dir = gitRepo();
    const id = (await runHere(dir, ["ticket", "create", "One", "-d", "Text", "--acceptance", "a"])).stdout.trim();
    await runHere(dir, ["ticket", "note", id, "A note"]);
    const { ticket } = json(await runHere(dir, ["ticket", "show", id, "--json"]));
    const other = gitRepo();
    await runHere(other, ["import", "-"], { input: lines(ticket) });
    expect(read(other, `${id}.md`)).toBe(read(dir, `${id}.md`));
  });

  test("takes a record with hardly anything, and keeps what has no field", async () => {
    const dir = gitRepo();
    const record = { id: 7, title: "Seven", severity: "S1", nested: { a: [1] }, __proto__x: 1, priority: "urgent" };
    write(dir, { "a.jsonl": `\uFEFF\n${lines(record, { id: "bare" })}` });
    const run = await runHere(dir, ["import", "a.jsonl"]);
    expect(run.stdout).toBe("2 imported: 1 exact, 1 with extra fields, 0 need you\n");
    expect(read(dir, "bare.md")).toBe("---\nid: bare\nstatus: open\ndeps: []\nlinks: []\n---\n# bare\n");
    const { ticket } = json(await runHere(dir, ["ticket", "show", "7", "--json"]));
    expect(ticket).toMatchObject({ id: "7", title: "Seven", status: "open", priority: 2 });
    expect(ticket.extra).toMatchObject({ severity: "S1", nested: { a: [1] }, "json-priority": "urgent" });
  });

  test("hostile and broken records need the user and stop no other", async () => {
    const dir = gitRepo();
    await runHere(dir, ["init"]);
    write(dir, {
      ".tickets/broken.md": "---\nid: [\n---\n# Mine\n",
      ".tickets/other.md": "---\nid: another\nstatus: open\n---\n# Mine too\n",
    });
    const bad = [
      "../x",
      "/etc/passwd",
      "con",
      "a/b",
      "..",
      ".git",
      "x.lock",
      "a b",
      "",
      "-rf",
      "\u0000",
      "a".repeat(65),
    ];
    const records = bad.map((id) => ({ id, title: "Bad" }));
    const text = [
      lines(...records),
      lines({ id: "Good-1", title: "Good" }),
      lines({ id: "gOOD-1", title: "Same id in another case" }),
      lines({ id: "ANOTHER", title: "Same as one here" }),
      lines({ id: "broken", title: "File here that cannot be read" }, { id: "other", title: "File of another" }),
      lines({ id: "nul", title: "Nul", body: "a\u0000b" }),
      '{"id": "cut\n[1]\nnull\n"text"\n',
      lines({ title: "No id" }),
      `{"id": "deep", "x": ${"[".repeat(20_000)}${"]".repeat(20_000)}}\n`,
      "\n  \n",
      lines({ id: "good-2", title: "# Odd\ntitle", body: "---\n# x\n```\n" }),
    ].join("");
    write(dir, { "a.jsonl": Buffer.concat([Buffer.from(text), Buffer.from([0x7b, 0xff, 0x7d, 0x0a])]) });
    const run = await runHere(dir, ["import", "a.jsonl", "--json"]);
    expect(run.code, run.stderr).toBe(0);
    const { ids, needYou, total } = json(run);
    expect(ids).toEqual(["Good-1", "good-2"]);
    expect(total).toBe(ids.length + needYou.length);
    expect(needYou.map((one: { line: number }) => one.line).sort((a: number, b: number) => a - b)).toEqual([
      ...bad.map((_, n) => n + 1),
      ...[14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 28],
    ]);
    expect(run.stderr).toContain("needs you: a.jsonl:1: '../x' can name no file");
    expect(run.stderr).toContain("needs you: a.jsonl:14: its id was read before, at a.jsonl:13");
    expect(run.stderr).toContain("needs you: a.jsonl:15: differs only in case from another, which is here");
    expect(run.stderr).toContain("needs you: a.jsonl:19: not valid JSON");
    expect(run.stderr).toContain("needs you: a.jsonl:28: not UTF-8 text");
    expect(read(dir, "broken.md")).toContain("id: [");
    expect(read(dir, "other.md")).toContain("# Mine too");
    const store = path.join(dir, ".tickets");
    fsck(store);
    expect(git(store, "status", "--porcelain")).toBe("?? broken.md");
    expect(readdirSync(dir).sort()).toEqual([".git", ".tickets", "README.md", "a.jsonl"]);
  });

  test("a record that only needs the user is no success", async () => {
    const dir = gitRepo();
    const run = await runHere(dir, ["import", "-", "--from", "jsonl"], { input: "{\n" });
    expect([run.code, run.stdout]).toEqual([1, "0 imported: 0 exact, 0 with extra fields, 1 need you\n"]);
  });

  test("a text that happens to hold lines of JSON is no JSON lines", async () => {
    const dir = gitRepo();
    write(dir, { "NOTES.md": '# Notes\n\nSome text.\n{"id":"x-1","title":"T"}\nMore.\n' });
    const run = await runHere(dir, ["import", "NOTES.md"]);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("NOTES.md is no JSON lines: 3 of 4 lines are none; --from jsonl");
    const forced = await runHere(dir, ["import", "NOTES.md", "--from", "jsonl"]);
    expect([forced.code, forced.stdout]).toEqual([0, "1 imported: 1 exact, 0 with extra fields, 3 need you\n"]);
  });

  test("an empty file and a path that is not there are errors, and neither makes a commit", async () => {
    const dir = gitRepo();
    write(dir, { "empty.jsonl": "", "folder/x.txt": "" });
    const empty = await runHere(dir, ["import", "empty.jsonl"]);
    expect([empty.code, empty.stdout]).toEqual([1, "0 imported: 0 exact, 0 with extra fields, 0 need you\n"]);
    expect(empty.stderr).toContain("error: empty.jsonl holds no tickets");
    const missing = await runHere(dir, ["import", "nowhere/.tickets"]);
    expect([missing.code, missing.stderr]).toEqual([1, "error: nowhere/.tickets does not exist\n"]);
    expect((await runHere(dir, ["import", "folder"])).code).toBe(2);
    expect((await runHere(dir, ["import", "empty.jsonl", "--from", "tk"])).code).toBe(2);
    expect((await runHere(dir, ["import", "folder", "--from", "jsonl"])).code).toBe(2);
  });
});

describe("importing again", () => {
  const one = { id: "a-1", title: "One", status: "open", body: "text" };
  const two = { id: "a-2", title: "Two", status: "closed", created: "2020-01-01" };

  test("changes nothing where nothing changed", async () => {
    const dir = gitRepo();
    write(dir, { "a.jsonl": lines(one, two) });
    await runHere(dir, ["import", "a.jsonl"]);
    const before = commits(dir);
    const run = await runHere(dir, ["import", "a.jsonl"]);
    expect(run.stdout).toBe("0 imported: 0 exact, 0 with extra fields, 0 need you, 2 unchanged\n");
    expect(commits(dir)).toEqual(before);
  });

  test("updates what was not touched here and skips what was", async () => {
    const dir = gitRepo();
    const three = { ...one, id: "a-3" };
    write(dir, { "a.jsonl": lines(one, two, three) });
    await runHere(dir, ["import", "a.jsonl"]);
    await runHere(dir, ["ticket", "note", "a-1", "mine"]);
    await runHere(dir, ["ticket", "delete", "a-3", "--yes"]);
    write(dir, { "a.jsonl": lines({ ...one, body: "theirs" }, { ...two, title: "Two, better" }, three) });
    const run = await runHere(dir, ["import", "a.jsonl", "--json"]);
    expect(json(run)).toMatchObject({
      imported: 1,
      updated: 1,
      ids: ["a-2"],
      skipped: [
        { id: "a-1", why: "changed here" },
        { id: "a-3", why: "deleted here" },
      ],
    });
    expect(read(dir, "a-1.md")).toContain("mine");
    expect((await runHere(dir, ["ticket", "show", "a-2", "--json"])).stdout).toContain("Two, better");
    expect(git(path.join(dir, ".tickets"), "log", "-1", "--format=%b")).toContain("Event: imported");
    judge(dir);
    const again = await runHere(dir, ["import", "a.jsonl"]);
    expect(again.stdout).toBe(
      "0 imported: 0 exact, 0 with extra fields, 0 need you, 1 unchanged, 2 skipped (changed here)\n",
    );
  });

  test("finds what was archived meanwhile, and takes it out when it is open again", async () => {
    const dir = gitRepo();
    write(dir, { "a.jsonl": lines(two) });
    await runHere(dir, ["import", "a.jsonl"]);
    await runHere(dir, ["ticket", "archive", "--before", "1d"]);
    expect(existsSync(path.join(dir, ".tickets/archive/2020-01/a-2.md"))).toBe(true);
    expect((await runHere(dir, ["import", "a.jsonl"])).stdout).toContain("1 unchanged");
    write(dir, { "a.jsonl": lines({ ...two, status: "open" }) });
    expect((await runHere(dir, ["import", "a.jsonl"])).stdout).toMatch(/^1 imported/);
    expect(existsSync(path.join(dir, ".tickets/archive/2020-01/a-2.md"))).toBe(false);
    expect(read(dir, "a-2.md")).toContain("status: open");
    judge(dir);
  });

  test("without the record nothing is overwritten", async () => {
    const dir = gitRepo();
    write(dir, { "a.jsonl": lines(one) });
    await runHere(dir, ["import", "a.jsonl"]);
    rmSync(path.join(dir, ".tickets/.git/ayo/imported.json"));
    write(dir, { "a.jsonl": lines({ ...one, body: "theirs" }) });
    expect((await runHere(dir, ["import", "a.jsonl"])).stdout).toContain("1 skipped (changed here)");
    expect(read(dir, "a-1.md")).toContain("text");
  });

  test("a dry run counts and changes nothing, store or none", async () => {
    const dir = gitRepo();
    write(dir, { "a.jsonl": lines(one, two) });
    const run = await runHere(dir, ["import", "a.jsonl", "--dry-run"]);
    expect(run.stdout).toBe("Would import 2: 2 exact, 0 with extra fields, 0 need you\n");
    expect(run.stderr).toContain("dry run: nothing was changed");
    expect(existsSync(path.join(dir, ".tickets"))).toBe(false);
    await runHere(dir, ["init"]);
    const head = git(path.join(dir, ".tickets"), "rev-parse", "HEAD");
    await runHere(dir, ["import", "a.jsonl", "--dry-run"]);
    expect(git(path.join(dir, ".tickets"), "rev-parse", "HEAD")).toBe(head);
    expect((await runHere(dir, ["import", "a.jsonl"])).stdout).toMatch(/^2 imported/);
  });
});

test("many tickets are one commit, named one by one only where they are few", async () => {
  const dir = gitRepo();
  const many = Array.from({ length: 300 }, (_, n) => ({
    id: `m-${n}`,
    title: `T ${n}`,
    deps: n > 0 ? [`m-${n - 1}`] : [],
  }));
  const run = await runHere(dir, ["import", "-", "--as", "@bot"], { input: lines(...many) });
  expect(run.stdout).toBe("300 imported: 300 exact, 0 with extra fields, 0 need you\n");
  expect(run.stderr).not.toContain("\u001b");
  expect(commits(dir)).toEqual(["import 300 tickets from JSON lines"]);
  const message = git(path.join(dir, ".tickets"), "log", "-1", "--format=%an%n%b");
  expect(message.trim()).toBe("bot\nEvent: imported\nActor: @bot");
  judge(dir);
}, 60_000);
