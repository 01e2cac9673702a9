import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";

// The format: packages/tbd/src/lib/schemas.ts, lib/paths.ts, file/parser.ts and file/id-mapping.ts of jlevy/tbd at dd32449.
describe("import of tbd", () => {
  const ulid = (letter: string) => `01hx5zzkbk${letter.repeat(16)}`;
  const issue = (letter: string, lines: string, body = "") =>
    `---\ntype: is\nid: is-${ulid(letter)}\ntitle: T ${letter}\nkind: bug\n${lines}\nversion: 3\ncreated_at: 2026-01-01T10:00:00.000Z\nupdated_at: 2026-01-02T10:00:00.000Z\n---\n${body}`;
  const data = {
    "issues/a.md": "",
    [`issues/is-${ulid("a")}.md`]: issue(
      "a",
      `status: in_progress\npriority: 1\nspec_path: docs/a.md\nassignee: ann\ndelegate: codex\nlabels:\n  - ui\ndependencies:\n  - type: blocks\n    target: is-${ulid("b")}\nparent_id: is-${ulid("c")}\ndue_date: 2026-05-01T00:00:00.000Z\nhold: paused\nextensions:\n  linear:\n    id: x\n    key: FIN-1\n`,
      "What\n\n## Notes\n\nWorking\n",
    ),
    [`issues/is-${ulid("b")}.md`]: issue(
      "b",
      "status: closed\npriority: 2\nlabels: []\ndependencies: []\nclosed_at: 2026-01-03T00:00:00.000Z\nclose_reason: Not needed\nresolution: canceled",
    ),
    [`issues/is-${ulid("c")}.md`]: issue(
      "c",
      `status: closed\npriority: 0\ndependencies: []\nclosed_at: 2026-01-03T00:00:00.000Z\nresolution: duplicate\nduplicate_of: is-${ulid("a")}`,
    ),
    "mappings/ids.yml": `a7k2: ${ulid("a")}\n"100": ${ulid("b")}\n`,
    "attic/x.yml": "",
  };
  const below = (folder: string) =>
    Object.fromEntries(
      Object.entries(data)
        .filter(([name]) => name !== "issues/a.md")
        .map(([name, text]) => [`${folder}/${name}`, text]),
    );

  test("issues come by the ids that tbd shows, and what an issue blocks depends on it", async () => {
    const dir = repoWith({
      "p/.tbd/config.yml": "display:\n  id_prefix: proj\n",
      ...below("p/.tbd/data-sync-worktree/.tbd/data-sync"),
    });
    const { answer, stderr } = await importTwice(dir, "p");
    expect(answer).toMatchObject({ from: "tbd", imported: 3, exact: 1, withExtraFields: 2, needYou: [] });
    expect(answer).toMatchObject({ derived: { type: 3, version: 3, updated_at: 3 } });
    expect(answer).toMatchObject({
      extraFields: { "spec-path": 1, delegate: 1, hold: 1, extensions: 1, resolution: 1 },
    });
    expect(stderr).toContain("note: left in p/.tbd/data-sync-worktree/.tbd/data-sync: attic\n");
    expect(ticketText(dir, "proj-a7k2")).toBe(
      `---\nid: proj-a7k2\nstatus: in_progress\ndeps: []\nlinks: []\ncreated: 2026-01-01T10:00:00Z\ntype: bug\npriority: 1\nassignee: ann\nexternal-ref: is-${ulid("a")}\nparent: is-${ulid("c")}\ntags: [ui]\ndue: 2026-05-01T00:00:00Z\nspec-path: docs/a.md\ndelegate: codex\nhold: paused\nextensions: {linear: {id: x, key: FIN-1}}\n---\n# T a\n\nWhat\n\n## Notes\n\nWorking\n`,
    );
    expect(ticketText(dir, "proj-100")).toMatch(
      /status: cancelled\ndeps: \[proj-a7k2\]\n[\s\S]*closed: 2026-01-03T00:00:00Z\n---\n# T b\n\n## Notes\n\n\*\*2026-01-03T00:00:00Z\*\*\n\nNot needed\n$/,
    );
    expect(ticketText(dir, `is-${ulid("c")}`)).toMatch(
      /status: closed\n[\s\S]*duplicate-of: proj-a7k2\n[\s\S]*resolution: duplicate\n/,
    );
  });

  test("the branch's worktree in git's folder is found from the project, by its name too", async () => {
    const files = below(".git/tbd/data-sync-worktree/.tbd/data-sync");
    const dir = repoWith({ ".tbd/config.yml": "display:\n  id_prefix: proj\n", ".beads/issues.jsonl": "", ...files });
    expect((await runImport(dir, ".")).stderr).toContain(". holds .beads and .tbd: name one of them");
    const { answer } = await importTwice(dir, ".", "--from", "tbd");
    expect(answer).toMatchObject({ imported: 3, ids: ["proj-a7k2", "proj-100", `is-${ulid("c")}`] });
  });

  test("the folder of its branch by itself is enough", async () => {
    const dir = repoWith(below("data-sync"));
    expect((await runImport(dir, "data-sync")).answer).toMatchObject({
      from: "tbd",
      imported: 3,
      ids: ["tbd-a7k2", "tbd-100", `is-${ulid("c")}`],
    });
    rmSync(path.join(dir, "data-sync/issues"), { recursive: true });
    const none = await runImport(dir, "data-sync", "--from", "tbd");
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining("data-sync holds no issues: tbd keeps them on its branch tbd-sync"),
    ]);
  });
});
