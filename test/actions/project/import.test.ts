import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/tempDir.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("projects come along with what ayo exports, and with a folder; what is here stays", async () => {
  const from = await tempStore();
  await from.ayo("project", "create", "Web Shop", "--slug", "web", "--color", "teal", "-d", "Text.");
  await from.ayo("project", "create", "Old");
  for (const title of ["A", "B"]) await from.ayo("ticket", "create", title, "--project", "web");
  await from.ayo("ticket", "create", "C", "--project", "no file");
  const textOf = (store: typeof from, slug: string) =>
    readFileSync(path.join(store.tickets, `projects/${slug}.md`), "utf8");
  const lines = await from.ayo("export");
  expect(lines.match(/"projectText":/g)).toHaveLength(1);
  const file = path.join(tempDir(), "all.jsonl");
  writeFileSync(file, `${lines}\n`);
  const [byLines, byFolder, other] = await Promise.all([tempStore(), tempStore(), tempStore()]);
  await byLines.ayo("import", file);
  expect(textOf(byLines, "web")).toBe(textOf(from, "web"));
  await byFolder.ayo("import", from.tickets);
  expect(["web", "old"].map((slug) => textOf(byFolder, slug))).toEqual(
    ["web", "old"].map((slug) => textOf(from, slug)),
  );
  const again = await byLines.here(["import", file]);
  expect(again.stderr).not.toContain("not imported");
  await other.ayo("project", "create", "Web");
  const { stderr } = await other.here(["import", file]);
  expect(stderr).toContain("project web is not imported: projects/web.md is here already and says something else");
  const hostile = { id: "t-1", title: "T", status: "open", project: "../../x", projectText: "---\nname: X\n---\n" };
  writeFileSync(file, `${JSON.stringify(hostile)}\n`);
  expect((await other.here(["import", file])).stderr).toContain("project ../../x is not imported: that is no slug");
  for (const store of [byLines, byFolder, other]) store.judge();
});
