import { describe, expect, test } from "vitest";
import { importTwice, repoWith, ticketText } from "../../helpers/importing.ts";

// The format: src/format.rs, src/types.rs and src/storage.rs of rrnewton/minibeads at 358ce48.
describe("import of minibeads", () => {
  test("each file is an issue as beads has them, with its comments", async () => {
    const dir = repoWith({
      ".beads/issues/mb-12.md": `---
title: Sync both ways
status: in_progress
priority: 1
issue_type: feature
assignee: ann
labels:
- sync
depends_on:
  mb-11: blocks
  mb-1: parent-child
  mb-3: tracks
created_at: 2025-10-30T14:11:16.056738532+00:00
updated_at: 2025-10-31T11:45:17.791631043+00:00
claimed_until: 2025-11-02T14:11:16+00:00
---

# Description

What

## Its own heading

# Acceptance Criteria

- it syncs

# Notes

Words
`,
      ".beads/issues/mb-11.md":
        "---\ntitle: Base\nstatus: closed\npriority: 3\nissue_type: task\ncreated_at: 2025-10-30T14:11:16+00:00\nupdated_at: 2025-10-30T14:11:16+00:00\nclosed_at: 2025-10-31T00:00:00+00:00\n---\n",
      ".beads/comments/mb-12.json": JSON.stringify([
        {
          id: "c1",
          issue_id: "mb-12",
          author: "bob",
          body: "Looks good",
          created_at: "2025-11-01T00:00:00Z",
          updated_at: "2025-11-01T00:00:00Z",
          source_url: "https://x/1",
        },
      ]),
      ".beads/comments/mb-11.json": "{broken",
      ".beads/issues.jsonl": "",
    });
    const { answer, stderr } = await importTwice(dir, ".");
    expect(answer).toMatchObject({ from: "minibeads", imported: 1, inPart: 1, leftOut: { "comments.source_url": 1 } });
    expect(answer).toMatchObject({
      extraFields: { tracks: 1, "claimed-until": 1 },
      needYou: [{ message: "comments/mb-11.json holds no list of comments" }],
    });
    expect(stderr).toContain("note: left in .beads: issues.jsonl\n");
    expect(ticketText(dir, "mb-12")).toBe(
      "---\nid: mb-12\nstatus: in_progress\ndeps: [mb-11]\nlinks: []\ncreated: 2025-10-30T14:11:16Z\ntype: feature\npriority: 1\nassignee: ann\nparent: mb-1\ntags: [sync]\nclaimed-until: '2025-11-02T14:11:16+00:00'\ntracks: [mb-3]\n---\n# Sync both ways\n\nWhat\n\n## Its own heading\n\n## Acceptance Criteria\n\n- [ ] it syncs\n\n## Notes\n\nWords\n\n**2025-11-01T00:00:00Z** bob\n\nLooks good\n",
    );
  });
});
