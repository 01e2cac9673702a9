import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { card, faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

/** Headings and ids, from the top. */
const rows = (page: Page): Promise<string[]> =>
  page.locator(".list li").evaluateAll((all) =>
    all
      .map((row) => ({
        top: Number.parseFloat((row as HTMLElement).style.top),
        text: row.querySelector("[data-card]")?.getAttribute("data-card") ?? row.textContent ?? "",
      }))
      .sort((left, right) => left.top - right.top)
      .map(({ text }) => text),
  );
const shows = (page: Page, wanted: readonly string[]): Promise<void> =>
  until(async () => (await rows(page)).join() === wanted.join(), wanted.join());

test("the list has the board's tickets, grouped and sorted, with the same keys and lists", async () => {
  const { page, project, one, two } = await opened("/?view=list");
  const done = await project.ayo("ticket", "create", "Done", "-p", "0");
  await project.ayo("ticket", "close", done);
  await shows(page, ["Open 2", one, two, "Closed 1", done]);
  await page.keyboard.press("j");
  await page.keyboard.press("End");
  await page.keyboard.press("Space");
  await page.locator(".beside").getByRole("heading", { name: "Done" }).waitFor();
  await page.keyboard.press("k");
  await page.locator(".beside").getByRole("heading", { name: "Deploy it" }).waitFor();
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("p");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.type("crit");
  await page.keyboard.press("Enter");
  await page.getByText("2 tickets: priority 0").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator(".beside").waitFor({ state: "detached" });

  await page.getByLabel("Group by").selectOption("priority");
  await shows(page, ["priority 0 3", one, two, done]);
  await page.getByRole("button", { name: "assignee" }).click();
  await shows(page, ["priority 0 3", two, one, done]);
  await page.getByRole("button", { name: "title" }).click();
  await page.getByRole("button", { name: "title" }).click();
  await shows(page, ["priority 0 3", done, two, one]);
  expect(new URL(page.url()).search).toBe("?view=list&group=priority&sort=-title");
  await page.locator(".list-columns summary").click();
  await page.getByLabel("status").check();
  await page.locator(".cell.status", { hasText: "Closed" }).waitFor();
  await page.reload();
  await shows(page, ["priority 0 3", done, two, one]);
  await page.locator(".cell.status", { hasText: "Closed" }).waitFor();
  await card(page, two).focus();
  await page.keyboard.press("v");
  await page.locator('[data-column="closed"]').waitFor();
  await until(
    async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === two,
    "the same ticket has the keyboard",
  );
  expect(faults.get(page)).toEqual([]);
});
