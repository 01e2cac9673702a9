import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { noteOnLine, notesOnLine } from "../../../src/web/ticket/changes/lineNotes.ts";
import { isCutAbove, parseDiff } from "../../../src/web/ticket/changes/parseDiff.ts";
import { faults, open, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";
import { git } from "../../helpers/git.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { dispatchScene } from "../../helpers/work/dispatchScene.ts";

useBrowser();

test("a review shows what the branch has changed; what is said of a line is a note with its place", async () => {
  const project = await tempStore({ project: true });
  const { dir } = project;
  const id = await project.ayo("ticket", "create", "Build login");
  const write = (text: string, message: string): void => {
    writeFileSync(path.join(dir, "login.ts"), text);
    git(dir, "add", "login.ts");
    git(dir, "commit", "-qm", message);
  };
  write("const one = 1;\nconst two = 2;\n", "Begin");
  git(dir, "branch", "-M", "main");
  git(dir, "switch", "-qc", `ayo/work/${id}`);
  write('const one = 1;\nconst two = "<img src=x onerror=alert(1)>";\n', `Work - TICKET: ${id}`);
  git(dir, "switch", "-q", "main");
  git(dir, "remote", "add", "origin", "https://mara:ghp_secret@github.com/mara/shorty.git");
  await project.ayo("ticket", "submit", id);
  const server = await startServe(dir);
  const page = await open(`${server.url}/ticket/${id}`);
  const changes = page.locator("details.changes");
  await changes.locator(".sum", { hasText: `ayo/work/${id} since main · 1 file` }).waitFor();
  const link = changes.getByRole("link", { name: "Pull request on github.com" });
  expect(await link.getAttribute("href")).toBe(`https://github.com/mara/shorty/compare/main...ayo/work/${id}?expand=1`);
  expect(await changes.locator("tr.added code").textContent()).toContain("<img src=x onerror=alert(1)>");
  expect(await changes.locator("tr.removed code").textContent()).toBe("const two = 2;");
  await changes.locator("tr.added").getByRole("button", { name: "Comment on line 2" }).press("Enter");
  const box = changes.getByRole("textbox", { name: "Comment on line 2" });
  // What is typed goes into the box at once: x would close the ticket.
  await page.keyboard.type("x: no HTML here.");
  await page.keyboard.press("Control+Enter");
  await box.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Comment on line 2");
  const { ticket } = await project.json<{ ticket: { notes: { text: string }[] } }>("ticket", "show", id);
  expect(ticket.notes.at(-1)?.text).toBe(
    '`login.ts:2`\n\n> `const two = "<img src=x onerror=alert(1)>";`\n\nx: no HTML here.',
  );
  // It stands below its line from now on; and beside the work is what judges it.
  await changes.locator("tr.box", { hasText: "x: no HTML here." }).waitFor();
  await changes.getByRole("button", { name: "Reject" }).click();
  await page.keyboard.type("Once more");
  await page.keyboard.press("Control+Enter");
  await until(async () => (await statusOf(project, id)) !== "in_review", "sent back");
  expect(faults.get(page)).toEqual([]);
});

test("what is said of a line reaches the agent that goes on: with file, line and words in its prompt", async () => {
  const scene = await dispatchScene();
  const id = await scene.ticket(
    "Build login",
    [{ write: { "login.ts": "export {};\n" }, commit: "Begin" }],
    "--review",
    "required",
  );
  await scene.ayo("work", "--once");
  expect(scene.status(id)).toBe("in_review");
  const line = { kind: "added", text: "export {};", before: undefined, after: 1 } as const;
  await scene.ayo("ticket", "note", id, noteOnLine("login.ts", line, "Say what it exports."));
  await scene.ayo("ticket", "reject", id, "-m", "See the line");
  await scene.ayo("work", "--once");
  const { folder } = JSON.parse(await scene.ayo("run", "show", `${id}/2`, "--json")) as { folder: string };
  const prompt = readFileSync(path.join(folder, "prompt.md"), "utf8");
  expect(prompt).toContain("`login.ts:1`\n\n> `export {};`\n\nSay what it exports.");
  expect(await scene.ayo("ticket", "show", id)).toContain("`login.ts:1`");
});

test("a note stands at its line as long as that is the same", () => {
  const line = { kind: "removed", text: "  a ``b``", before: 7, after: undefined } as const;
  const note = { id: "1", at: "", by: null, text: noteOnLine("x.ts", line, " Why?\n\nReally. ") };
  expect(note.text).toBe("`x.ts:7` (removed)\n\n> ``` a ``b`` ```\n\nWhy?\n\nReally.");
  expect(notesOnLine([note], "x.ts", line).map(({ text }) => text)).toEqual(["Why?\n\nReally."]);
  for (const other of [
    { ...line, text: "c" },
    { ...line, before: 8 },
    { ...line, kind: "same" as const, after: 7 },
  ]) {
    expect(notesOnLine([note], "x.ts", other)).toEqual([]);
  }
  expect(notesOnLine([note], "y.ts", line)).toEqual([]);
});

test("a diff is read with files that are new, gone, renamed or no text, and lines that look like headings", () => {
  const files = parseDiff(
    [
      "commit 0123456789012345678901234567890123456789",
      "",
      "    A message: diff --git a/x b/x is no file",
      "",
      "diff --git a/new.txt b/new.txt",
      "new file mode 100644",
      "index 000..111",
      "--- /dev/null",
      "+++ b/new.txt",
      "@@ -0,0 +1,2 @@",
      "+--- a/looks like a file",
      "+two",
      "\\ No newline at end of file",
      "diff --git a/old name b/new name",
      "similarity index 100%",
      "rename from old name",
      "rename to new name",
      "diff --git a/b.bin b/b.bin",
      "index 1..2 100644",
      "Binary files a/b.bin and b/b.bin differ",
      "diff --git a/gone b/gone",
      "deleted file mode 100644",
      "--- a/gone",
      "+++ /dev/null",
      "@@ -7 +0,0 @@ function f() {",
      "-seven",
      "",
    ].join("\n"),
  );
  expect(files.map(({ path: name, from, hunks }) => [name, from, hunks.length])).toEqual([
    ["new.txt", "", 1],
    ["new name", "old name", 0],
    ["b.bin", "b.bin", 0],
    ["gone", "gone", 1],
  ]);
  // Of a new file nothing is left out.
  expect(files.flatMap(({ hunks }) => hunks.map(isCutAbove))).toEqual([false, true]);
  expect(files[0]?.hunks[0]?.lines).toEqual([
    { kind: "added", text: "--- a/looks like a file", before: undefined, after: 1 },
    { kind: "added", text: "two", before: undefined, after: 2 },
  ]);
  expect(files[3]?.hunks[0]).toEqual({
    heading: "function f() {",
    lines: [{ kind: "removed", text: "seven", before: 7, after: undefined }],
  });
});
