import { describe, expect, test } from "vitest";
import { importTwice, repoWith, ticketText } from "../../helpers/importing.ts";

// The format: crates/ank-core/src/model.rs, docs/ank-spec-v1.1.md and .ank/tasks of haksolot/ank at faaf9c9.
describe("import of ank", () => {
  const task = (id: string, lines: string, body = "") =>
    `---\nid: TASK-${id}\ntype: task\nslug: x\ntitle: Record 'it'\ncreated: 2026-08-06T16:56:16Z\n${lines}\nschema: 2\nversion: 4\n---\n\n${body}`;

  test("criteria, blockers and the log are read, and given up is not done", async () => {
    const dir = repoWith({
      ".ank/config.yml": "schema: 1\n",
      ".ank/adr/ADR-01b6dd05f0db.md": "---\nid: ADR-01b6dd05f0db\n---\n",
      ".ank/tasks/TASK-00660963bcce.md": task(
        "00660963bcce",
        'author: sean@laptop\nstatus: done\nscope:\n  - docs/**\nblocked_by: [TASK-038c83ba44c5]\ndone_criteria: |\n  The table has an entry.\ncriteria_by: creator\nverify: [cargo-test]\nproof:\n  - type: commit\n    ref: "9894750"',
        "Why\n\n## Log\n- 2026-07-30T21:52Z claude-code@ank — in_progress; by hand\n- 2026-07-30T22:08Z ann — done: 9894750\n",
      ),
      ".ank/tasks/TASK-038c83ba44c5.md": task(
        "038c83ba44c5",
        "status: closed\nscope: []\nblocked_by: []",
        "## Log\nfree words\n",
      ),
    });
    const { answer, stderr } = await importTwice(dir, ".");
    expect(answer).toMatchObject({ from: "ank", imported: 2, exact: 0, withExtraFields: 2 });
    expect(answer).toMatchObject({
      extraFields: { slug: 2, author: 1, scope: 1, "criteria-by": 1, "ank-verify": 1, proof: 1 },
    });
    expect(answer).toMatchObject({ derived: { type: 2, schema: 2, version: 2 } });
    expect(stderr).toContain("left in .ank: 1 decision in adr\nnote: left in .ank: config.yml\n");
    expect(ticketText(dir, "TASK-00660963bcce")).toBe(
      "---\nid: TASK-00660963bcce\nstatus: closed\ndeps: [TASK-038c83ba44c5]\nlinks: []\ncreated: 2026-08-06T16:56:16Z\nslug: x\nauthor: sean@laptop\nscope: [docs/**]\ncriteria-by: creator\nank-verify: [cargo-test]\nproof: [{type: commit, ref: '9894750'}]\n---\n# Record 'it'\n\nWhy\n\n## Acceptance Criteria\n\nThe table has an entry.\n\n## Notes\n\n**2026-07-30T21:52:00Z** claude-code@ank\n\nin_progress; by hand\n\n**2026-07-30T22:08:00Z** ann\n\ndone: 9894750\n",
    );
    expect(ticketText(dir, "TASK-038c83ba44c5")).toMatch(/status: cancelled\n[\s\S]*## Log\nfree words\n$/);
  });
});
