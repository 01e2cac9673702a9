import { describe, expect, test } from "vitest";
import { filterOf } from "../../src/web/filter.ts";
import type { Card } from "../../src/web/shapes.ts";
import { shownText } from "../../src/web/ticket/shownText.ts";

const CARD: Card = {
  id: "ayo-x7k2",
  title: "Build login",
  status: "in_progress",
  category: "active",
  type: "bug",
  priority: 1,
  assignee: "@coder, Mara Lind",
  tags: ["auth", "ui"],
  deps: ["ayo-9fq1"],
  parent: "ayo-e001",
  project: "web",
  claim: { by: "@coder", until: null },
  criteria: { done: 0, total: 2 },
  blockedBy: ["ayo-9fq1"],
  ready: false,
  created: null,
  started: null,
  closed: null,
  version: "0",
};
const PLAIN: Card = { ...CARD, assignee: null, tags: [], claim: null, project: null, blockedBy: [], ready: true };

describe("the filter of the board", () => {
  test.for([
    ["", true],
    ["LOGIN", true],
    ["login x7k2", true],
    ["logout", false],
    ["-login", false],
    ['"build login"', true],
    ['"login build"', false],
    ["tag:auth", true],
    ["tag:auth,db", true],
    ["tag:db", false],
    ["-tag:ui", false],
    ["assignee:coder", true],
    ["assignee:@CODER", true],
    ['assignee:"mara lind"', true],
    ["assignee:none", false],
    ["type:bug,feature", true],
    ["priority:1", true],
    ["priority:<2", true],
    ["priority:>=2", false],
    ["priority:p1", true],
    ["status:in_progress", true],
    ["status:active", true],
    ["is:blocked", true],
    ["is:ready", false],
    ["is:claimed", true],
    ["is:open", true],
    ["is:finished", false],
    ["parent:ayo-e001 project:web", true],
    ["odd:thing", false],
  ] as const)("%s", ([text, fits]) => {
    expect(filterOf(text)(CARD)).toBe(fits);
  });

  test("none means without", () => {
    for (const text of ["assignee:none", "tag:none", "project:none", "is:unassigned", "is:ready", "-is:blocked"]) {
      expect(filterOf(text)(PLAIN), text).toBe(true);
    }
  });
});

test("the page shows of a body what it does not show elsewhere, and takes no heading from code", () => {
  const body = [
    "# Title",
    "",
    "Text.",
    "",
    "```sh",
    "# Title of code",
    "## Notes",
    "```",
    "",
    "## Design",
    "Kept.",
    "## Acceptance Criteria",
    "- [ ] gone",
    "## Notes",
    "**2026-11-21T03:40:00Z** @x",
    "gone",
  ].join("\n");
  expect(shownText(body)).toBe("Text.\n\n```sh\n# Title of code\n## Notes\n```\n\n## Design\nKept.");
});
