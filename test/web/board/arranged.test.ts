import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { card, faults, inLane, lane, open, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

const param = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const hasKeyboard = (page: Page, id: string): Promise<boolean> =>
  card(page, id).evaluate((one) => one === document.activeElement);

test("rows across the columns: cards get what their row says, by mouse and by keys; rows and columns collapse and stay so", async () => {
  const { page, project, one, two, server } = await opened("/?lanes=assignee");
  const band = (name: string) => page.getByRole("button", { name, exact: true });
  await band("@ops 1").waitFor();
  await band("no assignee 1").waitFor();
  // By mouse: another row of another column, in one change.
  const from = await card(page, one).boundingBox();
  const to = await card(page, two).boundingBox();
  const column = await lane(page, "in_progress").boundingBox();
  if (from === null || to === null || column === null) throw new Error("nothing to drag");
  const commits = project.subjects().length;
  await page.mouse.move(from.x + 30, from.y + 50);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 40, { steps: 3 });
  await page.mouse.move(column.x + 60, to.y + 50, { steps: 5 });
  await page.locator(".band.target").getByText("@ops").waitFor();
  await page.mouse.up();
  await inLane(page, "in_progress", one).waitFor();
  await page.locator(".toast").getByText(`${one} “Build login”: assigned to @ops, in In progress`).waitFor();
  await until(async () => /status: in_progress(.|\n)*assignee: '@ops'/.test(project.text(one)), "both");
  expect(project.subjects().length).toBe(commits + 1);
  // By keys, walking as it is seen.
  const three = await project.ayo("ticket", "create", "Third");
  await card(page, three).waitFor();
  await card(page, two).focus();
  await page.keyboard.press("ArrowRight");
  await until(() => hasKeyboard(page, one), "across");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("j");
  await until(() => hasKeyboard(page, three), "down, into the next row");
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowUp");
  await page.locator("[aria-live=assertive]").getByText("row @ops").waitFor({ state: "attached" });
  await page.keyboard.press("Space");
  await until(async () => project.text(three).includes("assignee: '@ops'"), "assigned");
  await band("@ops 3").click();
  await card(page, one).waitFor({ state: "detached" });
  await band("@ops 3").click();
  // A collapsed column takes cards, and stays so in this browser.
  await card(page, three).focus();
  await page.keyboard.press("f");
  await lane(page, "open").getByRole("button", { name: "Open Open" }).waitFor();
  await card(page, three).waitFor({ state: "detached" });
  expect(await lane(page, "open").getAttribute("aria-label")).toBe("Open, 2");
  await card(page, one).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Space");
  await until(async () => project.text(one).includes("status: open"), "taken");
  const again = await open(`${server.url}`);
  await again.getByRole("button", { name: "Open Open" }).click();
  await card(again, one).waitFor();
  project.judge();
  expect([faults.get(page), faults.get(again)]).toEqual([[], []]);
});

test("a click on what a card says filters by it; the terms are chips that keys take out, in the list too", async () => {
  const { page, one, two } = await opened();
  await card(page, one).getByText("auth", { exact: true }).click();
  await card(page, two).waitFor({ state: "detached" });
  expect([param(page, "q"), param(page, "ticket")]).toEqual(["tag:auth", null]);
  await card(page, one).getByText("bug", { exact: true }).click();
  await page.getByRole("button", { name: "Remove tag:auth" }).focus();
  await page.keyboard.press("Enter");
  await until(async () => param(page, "q") === "type:bug", "one left");
  await page.getByRole("button", { name: "Remove type:bug" }).focus();
  await page.keyboard.press("Enter");
  await card(page, two).waitFor();
  await until(async () => page.getByLabel("Filter").evaluate((field) => field === document.activeElement), "the field");
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  await page.locator(".row", { hasText: "Deploy it" }).locator(".blocked").waitFor();
  await page.locator(".row").getByText("@ops").click();
  await card(page, one).waitFor({ state: "detached" });
  expect(param(page, "q")).toBe("assignee:@ops");
  expect(faults.get(page)).toEqual([]);
});
