import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";
import { runHere } from "../../helpers/runHere.ts";

// The format: api/query_builder.go, api/export_pr.go, api/queries_issue.go and api/queries_comments.go of cli/cli at
// 44ee177; parent, issueType, blockedBy and blocking as api/queries_issue.go has them since 2026 (LinkedIssue).
describe("import of GitHub issues", () => {
  const url = (number: number) => `https://github.com/o/r/issues/${number}`;
  const full = {
    number: 12,
    title: "Fix: it",
    body: "What\r\nand why",
    url: url(12),
    state: "OPEN",
    stateReason: "",
    closed: false,
    id: "I_kw12",
    createdAt: "2026-01-01T10:00:00Z",
    updatedAt: "2026-01-02T10:00:00Z",
    closedAt: null,
    author: { id: "U1", is_bot: false, login: "ann", name: "Ann" },
    assignees: [{ id: "U2", login: "bob", name: "" }],
    labels: [{ id: "L1", name: "bug", description: "", color: "d73a4a" }],
    milestone: { number: 1, title: "v1", description: "", dueOn: "2026-05-01T00:00:00Z" },
    comments: [
      {
        id: "C1",
        author: { login: "cleo" },
        authorAssociation: "NONE",
        body: "me too",
        createdAt: "2026-01-03T00:00:00Z",
        includesCreatedEdit: false,
        isMinimized: false,
        minimizedReason: "",
        reactionGroups: [],
        url: `${url(12)}#issuecomment-1`,
        viewerDidAuthor: false,
      },
    ],
    reactionGroups: [],
    projectItems: [],
    isPinned: false,
    issueType: { id: "T", name: "Bug", description: "", color: "RED" },
    parent: { id: "I", number: 9, title: "Nine", url: url(9), state: "OPEN" },
    blockedBy: { nodes: [{ number: 9, url: url(9) }], totalCount: 1 },
    blocking: { nodes: [{ number: 7, url: url(7) }], totalCount: 1 },
  };
  const list = [
    full,
    {
      number: 9,
      title: "Nine",
      url: url(9),
      state: "CLOSED",
      stateReason: "NOT_PLANNED",
      closedAt: "2026-01-05T00:00:00Z",
    },
    {
      number: 7,
      title: "Seven",
      url: url(7),
      state: "CLOSED",
      stateReason: "COMPLETED",
      blockedBy: [{ number: 3, url: "https://github.com/o/other/issues/3" }],
    },
    { number: 8, title: "Eight", url: url(8), state: "CLOSED", stateReason: "DUPLICATE" },
  ];

  test("takes what gh prints: people, labels, comments, parents and what blocks", async () => {
    const dir = repoWith({ "issues.json": JSON.stringify(list, null, 2) });
    const { answer, stderr } = await importTwice(dir, "issues.json");
    expect(answer).toMatchObject({ from: "github", imported: 4, exact: 1, withExtraFields: 2, inPart: 1, needYou: [] });
    expect(answer).toMatchObject({
      extraFields: { author: 1, milestone: 1, "github-id": 1, blockedBy: 1, stateReason: 1 },
    });
    expect(stderr).toContain(
      "left out, since there is no place for it here: issueType.id (1), issueType.color (1), assignees.id (1), labels.id (1), labels.color (1), author.id (1), author.name (1), comments.authorAssociation (1), comments.url (1)",
    );
    expect(ticketText(dir, "gh-12")).toBe(
      "---\nid: gh-12\nstatus: open\ndeps: [gh-9]\nlinks: []\ncreated: 2026-01-01T10:00:00Z\ntype: bug\nassignee: bob\nexternal-ref: https://github.com/o/r/issues/12\nparent: gh-9\ntags: [bug]\nauthor: ann\ngithub-id: I_kw12\nmilestone: {number: 1, title: v1, description: '', dueOn: '2026-05-01T00:00:00Z'}\n---\n# Fix: it\n\nWhat\nand why\n\n## Notes\n\n**2026-01-03T00:00:00Z** cleo\n\nme too\n",
    );
    expect(ticketText(dir, "gh-9")).toMatch(/status: cancelled\n[\s\S]*closed: 2026-01-05T00:00:00Z\n/);
    expect(ticketText(dir, "gh-7")).toMatch(/status: closed\ndeps: \[gh-12\]\n[\s\S]*blockedBy: \[\{number: 3/);
    expect(ticketText(dir, "gh-8")).toMatch(/status: closed\n[\s\S]*stateReason: DUPLICATE\n/);
  });

  test("one issue a line and a single issue are read, and what is none is named", async () => {
    const lines = `${list.map((one) => JSON.stringify(one)).join("\n")}\n`;
    const dir = repoWith({
      "lines.json": lines,
      "one.json": JSON.stringify(full, null, 2),
      "bad.json": `[{"number": 1, "title": "x"}, 3, {"number": -2}, {"title": "no number"}]`,
    });
    expect((await runImport(dir, "lines.json", "--dry-run")).answer).toMatchObject({ from: "github", imported: 4 });
    expect((await runImport(dir, "one.json", "--dry-run")).answer).toMatchObject({ from: "github", imported: 1 });
    const piped = await runHere(dir, ["import", "-", "--dry-run"], { input: JSON.stringify(list) });
    expect(piped.stdout).toBe("Would import 4: 1 exact, 2 with extra fields, 1 in part, 0 need you\n");
    const { answer } = await runImport(dir, "bad.json", "--from", "github");
    expect(answer).toMatchObject({ imported: 1, ids: ["gh-1"] });
    expect(answer.needYou).toMatchObject([
      { path: "bad.json: item 2", message: "no JSON object" },
      { path: "bad.json: item 3", message: "has no number: ask gh for it, with --json number,title,…" },
      { path: "bad.json: item 4" },
    ]);
  });
});
