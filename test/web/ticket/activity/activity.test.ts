import { expect, test } from "vitest";
import { faults, opened, until, useBrowser } from "../../../helpers/boardPage.ts";

useBrowser();

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
  for (let n = 0; n < 130; n++) await change({ priority: n % 2 });
  const folded = page.locator(".stream details", { hasText: "@coder" });
  await folded.first().waitFor();
  await project.ayo("ticket", "note", one, "**Half** of it is done", "--as", "@coder");
  await page.locator(".note strong", { hasText: "Half" }).waitFor();
  await page.keyboard.type(" note");
  expect([await field.inputValue(), await place()]).toEqual(["Half a note", before]);
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
  await page.getByRole("button", { name: /^Show earlier/ }).waitFor();
  expect(await lines.filter({ hasText: "created it" }).count()).toBe(0);
  await page.getByRole("button", { name: /^Show earlier/ }).click();
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
