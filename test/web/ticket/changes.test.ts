import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseDiff } from "../../../src/web/ticket/changes/parseDiff.ts";
import { faults, open, useBrowser } from "../../helpers/boardPage.ts";
import { git } from "../../helpers/git.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

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
  await project.ayo("ticket", "submit", id);
  const server = await startServe(dir);
  const page = await open(`${server.url}/ticket/${id}`);
  const changes = page.locator("details.changes");
  await changes.locator(".sum", { hasText: `ayo/work/${id} since main · 1 file` }).waitFor();
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
  expect(faults.get(page)).toEqual([]);
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
  expect(files[0]?.hunks[0]?.lines).toEqual([
    { kind: "added", text: "--- a/looks like a file", before: undefined, after: 1 },
    { kind: "added", text: "two", before: undefined, after: 2 },
  ]);
  expect(files[3]?.hunks[0]).toEqual({
    heading: "function f() {",
    lines: [{ kind: "removed", text: "seven", before: 7, after: undefined }],
  });
});
