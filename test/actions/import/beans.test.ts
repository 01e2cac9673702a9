import { symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { importTwice, repoWith, runImport, ticketText } from "../../helpers/importing.ts";

// The format: pkg/bean/bean.go, pkg/bean/id.go and pkg/config/config.go of hmans/beans at 99260bf.
describe("import of beans", () => {
  const bean = (id: string, lines: string, body = "") => `---\n# ${id}\ntitle: 'T: ${id}'\n${lines}\n---\n\n${body}\n`;
  const dates = "created_at: 2026-03-11T22:30:12Z\nupdated_at: 2026-03-11T22:41:54Z";

  test("reads what a bean blocks as well as what blocks it, in every folder", async () => {
    const dir = repoWith({
      ".beans/pro-aaaa--first.md": bean(
        "pro-aaaa",
        `status: in-progress\ntype: feature\npriority: deferred\ntags:\n    - ui\n${dates}\norder: V\nparent: pro-cccc\nblocking:\n    - pro-bbbb\n    - pro-gone\nblocked_by:\n    - pro-cccc`,
        "Do it\n\n- [ ] a box",
      ),
      ".beans/epic/pro-bbbb--second.md": bean("pro-bbbb", `status: scrapped\ntype: task\npriority: normal\n${dates}`),
      ".beans/archive/pro-cccc.old.md": bean("pro-cccc", `status: completed\ntype: epic\n${dates}`),
      ".beans/.conversations/x.md": "no bean",
    });
    const { answer } = await importTwice(dir, ".");
    expect(answer).toMatchObject({ from: "beans", imported: 3, exact: 2, withExtraFields: 1, needYou: [] });
    expect(answer).toMatchObject({ extraFields: { order: 1, blocks: 1 }, derived: { updated_at: 3 } });
    expect(ticketText(dir, "pro-aaaa")).toBe(
      "---\nid: pro-aaaa\nstatus: in_progress\ndeps: [pro-cccc]\nlinks: []\ncreated: 2026-03-11T22:30:12Z\ntype: feature\npriority: 4\nparent: pro-cccc\ntags: [ui]\norder: V\nblocks: [pro-gone]\n---\n# T: pro-aaaa\n\nDo it\n\n- [ ] a box\n",
    );
    expect(ticketText(dir, "pro-bbbb")).toContain("status: cancelled\ndeps: [pro-aaaa]\n");
    expect(ticketText(dir, "pro-cccc")).toContain("status: closed\n");
  });

  test("a link out of the folder is not followed, and broken beans stop no other", async () => {
    const dir = repoWith({
      "secret.md": bean("s", "status: todo"),
      ".beans/pro-aaaa--x.md": bean("pro-aaaa", "status: todo"),
      ".beans/pro-bbbb--x.md": "---\ntitle: [\n---\n",
      ".beans/pro-cccc--x.md": Buffer.from("---\ntitle: caf\xe9\n---\n", "latin1"),
    });
    symlinkSync("../secret.md", path.join(dir, ".beans/pro-dddd--x.md"));
    const { answer } = await runImport(dir, ".beans");
    expect(answer).toMatchObject({ imported: 1, ids: ["pro-aaaa"] });
    expect(answer.needYou.map(({ message }) => message.slice(0, 25)).sort()).toEqual([
      expect.stringContaining("a symbolic link: import"),
      expect.any(String),
      expect.any(String),
    ]);
  });
});
