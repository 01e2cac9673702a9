import { describe, expect, test } from "vitest";
import { importTwice, repoWith } from "../../helpers/importing.ts";

// The format: internal/deletions/deletions.go of steveyegge/beads at 2c86404 (before inline tombstones).
describe("import of beads with deletions.jsonl", () => {
  const issue = (id: string) =>
    `${JSON.stringify({ id, title: id, status: "open", priority: 2, issue_type: "task", created_at: "2025-01-01T00:00:00Z" })}\n`;
  const gone = (id: string) => `${JSON.stringify({ id, ts: "2025-11-20T00:00:00Z", by: "ann", reason: "obsolete" })}\n`;

  test.each([".beads", ".beads/issues.jsonl"])("deleted ids are recorded, of %s", async (source) => {
    const dir = repoWith({
      ".beads/issues.jsonl": issue("bd-1") + issue("bd-2"),
      ".beads/deletions.jsonl": `${gone("bd-9")}${gone("bd-2")}${gone("../x")}{broken\n`,
    });
    const { answer, stderr } = await importTwice(dir, source);
    expect(answer).toMatchObject({ from: "beads", imported: 2, tombstones: ["bd-9"] });
    expect(answer.needYou).toMatchObject([
      { path: "deletions.jsonl", line: 4 },
      { path: "deletions.jsonl", line: 3, message: "names no id that was deleted" },
    ]);
    expect(stderr).toContain("deletions.jsonl says that bd-2 was deleted, but the export has it: it was taken over");
    expect(stderr).toContain("of what was deleted there only the ids are kept (2)");
  });
});
