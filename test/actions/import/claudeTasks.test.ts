import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";

// The format: macf/docs/maintainer/task-system-internals.md of cversek/MacEff at 1f6025b (Claude Code 2.1.20) and its
// reader macf/src/macf/task/reader.py at 01b16b2; owner and metadata as in seilk/oh-my-opencode,
// src/features/claude-tasks/AGENTS.md. Claude Code's own source is not public.
describe("import of Claude Code's tasks", () => {
  const session = "77270981-bd9d-4d0f-ad09-3702f5b0d1cb";
  const task = (id: string, more: object = {}) =>
    JSON.stringify({
      id,
      subject: `S ${id}`,
      description: "What",
      activeForm: `Doing ${id}`,
      status: "pending",
      blocks: [],
      blockedBy: [],
      ...more,
    });
  const files = {
    [`tasks/${session}/1.json`]: task("1", { status: "completed", blocks: ["2", "9"] }),
    [`tasks/${session}/2.json`]: task("2", {
      status: "in_progress",
      blockedBy: ["1"],
      owner: "coder",
      metadata: { pr: 5 },
    }),
    [`tasks/${session}/10.json`]: task("10", { status: "deleted" }),
    [`tasks/${session}/.3.json`]: task("3"),
    [`tasks/${session}/4.json`]: "{broken",
    [`tasks/${session}/.lock`]: "",
    "tasks/my list/1.json": task("1"),
  };

  test("each list's numbers get its name, and both sides of a dependency are one", async () => {
    const dir = repoWith(files);
    const { answer, stderr } = await importTwice(dir, "tasks");
    expect(answer).toMatchObject({
      from: "claude-tasks",
      imported: 3,
      withExtraFields: 3,
      tombstones: ["claude-77270981-10"],
    });
    expect(answer).toMatchObject({ extraFields: { activeForm: 3, metadata: 1, blocks: 1 } });
    expect(answer.needYou).toMatchObject([
      { path: `tasks/${session}/4.json`, message: expect.stringContaining("not valid JSON") },
    ]);
    expect(stderr).toContain("left in tasks: 1 hidden file (.3.json)");
    expect(ticketText(dir, "claude-77270981-2")).toBe(
      "---\nid: claude-77270981-2\nstatus: in_progress\ndeps: [claude-77270981-1]\nlinks: []\nassignee: coder\nactiveForm: Doing 2\nmetadata: {pr: 5}\n---\n# S 2\n\nWhat\n",
    );
    expect(ticketText(dir, "claude-77270981-1")).toContain("blocks: [claude-77270981-9]\n");
    expect(ticketText(dir, "claude-my-list-1")).toContain("status: open\n");
  });

  test("one list by itself gives the same ids", async () => {
    const dir = repoWith(files);
    const { answer } = await runImport(dir, `tasks/${session}`);
    expect(answer).toMatchObject({ from: "claude-tasks", ids: ["claude-77270981-1", "claude-77270981-2"] });
  });
});
