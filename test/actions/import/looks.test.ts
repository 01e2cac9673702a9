import { symlinkSync, truncateSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { repoWith, runImport } from "../../helpers/importing.ts";
import { runHere } from "../../helpers/runHere.ts";

test("a document that is larger than anything a tool exports is refused before it is read as text", async () => {
  const dir = repoWith({ "big.json": "[1]", "big.csv": "ID,Team,Title,Status,Cycle Number\n" });
  for (const file of ["big.json", "big.csv"]) {
    truncateSync(path.join(dir, file), 257 * 1024 * 1024);
    const { code, stderr } = await runHere(dir, ["import", file]);
    expect([code, stderr]).toEqual([2, `error: ${file} is larger than 256 MiB\n`]);
  }
});

test("what makes a folder look like a tool's is only looked at: links and folders in its place break nothing", async () => {
  const dir = repoWith({ "t/good.md": "---\nid: good\n---\n# Good\n", "t/issues.csv/x": "", "t/tasks.json/x": "" });
  for (const name of ["07-x.md", "a--b.md"]) symlinkSync("/dev/zero", path.join(dir, "t", name));
  const { answer } = await runImport(dir, "t");
  expect(answer).toMatchObject({ from: "tk", imported: 1, ids: ["good"] });
  expect(answer.needYou).toMatchObject([{ path: "t/07-x.md" }, { path: "t/a--b.md" }]);
});

test("a tool that keeps folders is told apart from one that exports files", async () => {
  const dir = repoWith({ "x.json": "[]", "folder/x.txt": "" });
  const errorOf = async (...words: string[]) => (await runHere(dir, ["import", ...words])).stderr;
  expect(await errorOf("x.json", "--from", "beans")).toContain(
    "x.json is a file; beans keeps its tickets in a directory",
  );
  expect(await errorOf("folder", "--from", "linear")).toContain("folder is a directory; Linear's export is a file");
  expect(await errorOf("folder")).toContain("folder holds no tickets of tbd, minibeads, beads, task-master, ank");
});

test("ayo init names the folders of tools that can be imported", async () => {
  const dir = repoWith({
    ".beans/a--b.md": "",
    ".ank/tasks/x.md": "",
    ".taskmaster/tasks/tasks.json": "{}",
    ".tbd/config.yml": "",
  });
  const { stdout } = await runHere(dir, ["init", "--json"]);
  expect(JSON.parse(stdout).importable).toEqual([".beans", ".tbd", ".ank", ".taskmaster"]);
});
