import type { Route } from "playwright-core";
import { expect, test } from "vitest";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

/** More than are read at once where there is time for it. */
const MANY = process.env.AYO_LONG === "1" ? 130 : 6;

test("all that happens to a ticket is one stream, which comes live and moves nothing that one types in", async () => {
  const { page, project, one, server } = await opened("/ticket/ONE");
  const lines = page.locator(".stream > li");
  const change = (body: object) =>
    fetch(`${server.url}/api/tickets/${one}`, {
      method: "PATCH",
      headers: { "content-type": "application/json", "x-agent-id": "@coder" },
      body: JSON.stringify(body),
    });
  await lines.filter({ hasText: "created it" }).waitFor();
  await project.ayo("ticket", "update", one, "--description", "A line.\n\n".repeat(40));
  await page.getByText("edited the text").waitFor();
  const field = page.getByLabel("A note, in markdown");
  await field.fill("Half a");
  await field.press("End");
  const place = async (): Promise<number> => Math.round((await field.boundingBox())?.y ?? 0);
  const before = await place();
  for (let n = 0; n < MANY; n++) await change({ priority: n % 2 });
  const folded = page.locator(".stream details", { hasText: "@coder" });
  await folded.first().waitFor();
  await project.ayo("ticket", "note", one, "**Half** of it is done", "--as", "@coder");
  await page.locator(".note strong", { hasText: "Half" }).waitFor();
  await page.keyboard.type(" note");
  expect(await field.inputValue()).toBe("Half a note");
  // Heights are no whole numbers.
  expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
  await page.keyboard.press("Control+Enter");
  await page.locator(".note", { hasText: "Half a note" }).waitFor();
  expect(await lines.last().textContent()).toContain("Half a note");

  // An open fold stays open while others write.
  await folded.last().locator("summary").click();
  await change({ priority: 3 });
  await change({ priority: 4 });
  await change({ priority: 3 });
  await until(async () => (await folded.count()) === 2, "another fold");
  expect(await folded.first().getAttribute("open")).not.toBeNull();
  await page.getByRole("button", { name: "Start" }).click();
  await lines.last().getByText("started it: Open → In progress").waitFor();

  await page.reload();
  if (MANY > 100) {
    await page.getByRole("button", { name: /^Show earlier/ }).waitFor();
    expect(await lines.filter({ hasText: "created it" }).count()).toBe(0);
    await page.getByRole("button", { name: /^Show earlier/ }).click();
  }
  await lines.first().getByText("created it").waitFor();
  await page.getByRole("button", { name: /^Notes/ }).click();
  await until(async () => (await lines.count()) === 2, "the notes alone");
  await page.reload();
  await page.locator(".note").first().waitFor();
  expect(await lines.count()).toBe(2);
  await page.getByRole("button", { name: "All", exact: true }).click();
  await lines.last().getByText("started it").waitFor();
  project.judge();
  expect(faults.get(page)).toEqual([]);
});

test("boxes in texts and notes are ticked by mouse and keys, each its own line, whatever others change meanwhile", async () => {
  const { page, project, one } = await opened("/ticket/ONE");
  await project.ayo("ticket", "update", one, "--description", "- [ ] first\n- [ ] second\n\n```\n- [ ] code\n```");
  await project.ayo("ticket", "note", one, "Left:\n\n- [ ] docs\n- [x] tests");
  await page.getByRole("checkbox", { name: "first" }).check();
  await until(async () => project.text(one).includes("- [x] first\n- [ ] second\n"), "the first on disk");
  await page.getByRole("checkbox", { name: "second" }).focus();
  await page.keyboard.press("Space");
  // The text is drawn anew, and the keyboard stays.
  await until(async () => project.text(one).includes("- [x] first\n- [x] second\n"), "the second on disk");
  await until(
    () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") === "second"),
    "the keyboard is there",
  );
  await page.getByRole("checkbox", { name: "docs" }).check();
  await until(async () => project.text(one).includes("- [x] docs\n- [x] tests"), "the note on disk");
  await page.locator(".stream").getByText("edited a note").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await until(async () => project.text(one).includes("- [ ] docs\n- [x] tests"), "taken back");
  await page.locator("input:not(:checked)[aria-label=docs]").waitFor();
  // Before the page knows what another made of the line below.
  const meanwhile = async (route: Route): Promise<void> => {
    await project.ayo("ticket", "update", one, "--description", "- [x] first\n- [x] second, by hand\n", "--replace");
    await route.continue();
  };
  await page.route("**/api/tickets/*/text?*", meanwhile, { times: 1 });
  await page.getByRole("checkbox", { name: "first" }).uncheck();
  await until(async () => project.text(one).includes("- [ ] first\n- [x] second, by hand\n"), "both on disk");
  project.judge();
  expect(faults.get(page)).toEqual([]);
});

test("parts are added line by line, closed by a tick, fold what is in them, and say how far they are", async () => {
  const { page, project } = await opened("/ticket/ONE");
  const field = page.getByLabel("Add a part");
  await field.fill("The form");
  await page.keyboard.press("Enter");
  await page.keyboard.type("The <b>server</b>");
  await page.keyboard.press("Enter");
  const parts = page.locator(".parts li");
  await parts.nth(1).getByText("The <b>server</b>").waitFor();
  expect(await field.inputValue()).toBe("");
  await page.locator(".count", { hasText: "0 of 2" }).waitFor();
  await parts.first().getByRole("checkbox").check();
  await page.locator(".count", { hasText: "1 of 2" }).waitFor();
  const { tickets } = await project.json<{ tickets: { id: string; status: string; title: string }[] }>(
    "ticket",
    "list",
    "--all",
  );
  expect(tickets.filter(({ status }) => status === "closed")).toMatchObject([{ title: "The form" }]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.locator(".count", { hasText: "0 of 2" }).waitFor();
  expect(await parts.first().getByRole("checkbox").isChecked()).toBe(false);
  // What is refused stays open, and says why.
  await project.ayo(
    "ticket",
    "create",
    "Inner",
    "--parent",
    String(tickets.find(({ title }) => title === "The form")?.id),
  );
  await parts.nth(1).getByText("Inner").waitFor();
  const fold = parts.first().getByRole("button", { name: "Parts of", expanded: true });
  await parts.first().getByText("0 of 1").waitFor();
  await fold.press("Enter");
  await parts.getByText("Inner").waitFor({ state: "detached" });
  await parts.first().getByRole("button", { name: "Parts of", expanded: false }).press("Enter");
  await parts.nth(1).getByText("Inner").waitFor();
  await parts.first().getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await page.locator(".toast.error").waitFor();
  await until(async () => !(await parts.first().getByRole("checkbox").isChecked()), "the box as it was");
  expect(faults.get(page)).toEqual([]);
});

test("code has the colours of its language, whatever it is; what keeps its pattern busy keeps nobody", async () => {
  const { page, project, one } = await opened("/ticket/ONE");
  // To look for the end of this takes longer than anybody lives.
  const endless = `<a${"  b".repeat(60)} `;
  const block = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\`\n\n`;
  const blocks = [
    block("ts", 'const a = "<img src=x onerror=alert(1)>";'),
    block("html", endless),
    block("constructor", "let x"),
    block("python", "def f(): pass"),
  ];
  await project.ayo("ticket", "note", one, blocks.join(""));
  const code = page.locator(".note pre code");
  await code.nth(0).locator(".t-kwd", { hasText: "const" }).waitFor();
  expect(await code.nth(0).textContent()).toBe('const a = "<img src=x onerror=alert(1)>";\n');
  await code.nth(3).locator(".t-func", { hasText: "f" }).waitFor();
  expect(await code.nth(1).textContent()).toBe(`${endless}\n`);
  expect(await code.nth(2).innerHTML()).toBe("let x\n");
  expect(faults.get(page)).toEqual([]);
});
