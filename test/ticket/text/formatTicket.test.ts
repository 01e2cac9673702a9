import { expect, test } from "vitest";
import { formatTicket } from "../../../src/ticket/text/formatTicket.ts";
import { parseTicket } from "../../../src/ticket/text/parseTicket.ts";

test("a new ticket has tk's order of keys, and deps and links always", () => {
  const text = formatTicket({
    fields: {
      tags: ["auth", "no"],
      due: "2026-12-31",
      parent: "1e3",
      assignee: ["@coder"],
      priority: 0,
      type: "task",
      created: "2026-11-21T03:38:00Z",
      deps: [],
      status: "open",
      id: "ayo-x7k2",
      collaborators: ["@a"],
    },
    extra: { "x y": "a: b" },
    title: "Build\nlogin ",
    body: "\n\nText\n\n",
  });
  expect(text).toBe(
    "---\nid: ayo-x7k2\nstatus: open\ndeps: []\nlinks: []\ncreated: 2026-11-21T03:38:00Z\ntype: task\npriority: 0\nassignee: '@coder'\nparent: '1e3'\ntags: [auth, 'no']\ndue: 2026-12-31\ncollaborators: ['@a']\n'x y': 'a: b'\n---\n# Build login\n\nText\n",
  );
});

test("without a body the heading is the last line, and everything reads back without the YAML parser", () => {
  const fields = { id: "a", status: "open", assignee: ["@a", "b, c"], externalRef: "gh: 1 # x" } as const;
  const text = formatTicket({ fields, title: "T", body: "" });
  expect(text.endsWith("---\n# T\n")).toBe(true);
  expect(parseTicket(text, "a.md", "v").fields).toEqual(fields);
});
