import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";

// The format: packages/tm-core/src/common/types/index.ts, modules/storage/adapters/file-storage/format-handler.ts and
// .taskmaster/tasks/tasks.json of eyaltoledano/claude-task-master at c0c98d3.
describe("import of task-master", () => {
  const tasks = [
    {
      id: 1,
      title: "Core",
      description: "What",
      details: "How",
      testStrategy: "Try it",
      status: "done",
      priority: "high",
      dependencies: [],
      subtasks: [
        { id: 1, title: "First", description: "", status: "completed", dependencies: [], parentTaskId: 1 },
        {
          id: 2,
          title: "Second",
          description: "",
          details: "More",
          status: "in-progress",
          dependencies: [1, "2.1", 7],
          acceptanceCriteria: ["a", "b"],
        },
      ],
    },
    {
      id: 7,
      title: "Later",
      description: "",
      status: "deferred",
      priority: "low",
      dependencies: [1],
      subtasks: [],
      complexity: 5,
      updatedAt: "2026-01-01T00:00:00Z",
      metadata: { jira: "X-1" },
    },
  ];

  test("subtasks are tickets of their own, their numbers mean the ones beside them, tags are projects", async () => {
    const document = {
      master: { tasks, metadata: { version: "1.0.0" } },
      "feature x": { tasks: [{ id: 1, title: "Other", status: "review", dependencies: [] }] },
    };
    const dir = repoWith({ ".taskmaster/tasks/tasks.json": JSON.stringify(document, null, 2) });
    const { answer, stderr } = await importTwice(dir, ".");
    expect(answer).toMatchObject({
      from: "task-master",
      imported: 5,
      exact: 4,
      withExtraFields: 1,
      needYou: [],
      danglingReferences: 1,
    });
    expect(answer).toMatchObject({ extraFields: { complexity: 1, metadata: 1 }, unknownStatuses: { deferred: 1 } });
    expect(stderr).toContain("note: left in .taskmaster/tasks/tasks.json: master.metadata\n");
    expect(ticketText(dir, "tm-1")).toBe(
      "---\nid: tm-1\nstatus: closed\ndeps: []\nlinks: []\npriority: 1\n---\n# Core\n\nWhat\n\n## Details\n\nHow\n\n## Test Strategy\n\nTry it\n",
    );
    expect(ticketText(dir, "tm-1.2")).toBe(
      "---\nid: tm-1.2\nstatus: in_progress\ndeps: [tm-1.1, tm-2.1, tm-7]\nlinks: []\nparent: tm-1\n---\n# Second\n\n## Details\n\nMore\n\n## Acceptance Criteria\n\n- [ ] a\n- [ ] b\n",
    );
    expect(ticketText(dir, "tm-feature-x-1")).toMatch(/status: in_review\n[\s\S]*project: feature x\n/);
  });

  test("a file without tags, a line of JSON and items that are no tasks", async () => {
    const dir = repoWith({
      "tasks.json": JSON.stringify({ tasks: [...tasks, 5, { title: "no id" }, { id: "../x", title: "x" }] }),
    });
    const { answer } = await runImport(dir, "tasks.json");
    expect(answer).toMatchObject({ from: "task-master", imported: 4 });
    expect(answer.needYou).toMatchObject([
      { path: "tasks.json: task 3", message: "has no id" },
      { path: "tasks.json: task 4", message: "has no id" },
      { path: "tasks.json: task 5", message: expect.stringContaining("can name no file") },
    ]);
  });
});
