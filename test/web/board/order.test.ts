import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { card, faults, inLane, lane, open, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

const shown = (page: Page, column: string): Promise<string> =>
  lane(page, column)
    .locator("[data-card]")
    .evaluateAll((all) =>
      all
        .sort((left, right) => left.getBoundingClientRect().top - right.getBoundingClientRect().top)
        .map((one) => one.querySelector(".title")?.textContent ?? "")
        .join(" "),
    );

test("cards are ordered by mouse and by keys, alone and together, and everybody gets them in that order", async () => {
  const { page, project, server } = await opened();
  const ids: Record<string, string> = {};
  for (const name of ["A", "B", "C", "D"]) ids[name] = await project.ayo("ticket", "create", name, "-p", "3");
  const { A = "", B = "", C = "", D = "" } = ids;
  const order = (wanted: string): Promise<void> =>
    until(async () => (await shown(page, "open")) === `Build login Deploy it ${wanted}`, wanted);
  await order("A B C D");
  const other = await open(`${server.url}?q=priority:3`);
  // By mouse: a line shows where it comes down.
  const from = await card(page, D).boundingBox();
  const to = await card(page, B).boundingBox();
  if (from === null || to === null) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 30, from.y + 50);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 40, { steps: 3 });
  await page.mouse.move(to.x + 40, to.y + 10, { steps: 5 });
  await page.locator(".line-above", { has: page.locator(`[data-card="${B}"]`) }).waitFor();
  await page.mouse.up();
  await order("A D B C");
  await page.locator(".toast").getByText(`${D} “D”: after ${A} “A”`).waitFor();
  await until(
    async () => (await project.ayo("ticket", "list", "-q", "priority:3")) === [A, D, B, C].join("\n"),
    "kept",
  );
  await until(async () => (await shown(other, "open")) === "A D B C", "in another window");
  expect(project.subjects()[0]).toBe(`rank ${D}: D, after ${A}`);
  // By keys: one after the other, said, and the keyboard stays.
  const moves = project.subjects().length;
  await card(page, C).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  await order("A C D B");
  await page.locator("[aria-live=assertive]").getByText(`${C} is `).waitFor({ state: "attached" });
  expect(await card(page, C).evaluate((one) => one === document.activeElement)).toBe(true);
  await page.keyboard.press("Alt+ArrowDown");
  await order("A D C B");
  await until(
    async () => (await project.ayo("ticket", "list", "-q", "priority:3")) === [A, D, C, B].join("\n"),
    "kept",
  );
  await until(async () => project.subjects().length === moves + 3, "each move");
  // Among those of another priority it takes that, in one change with one undo; what is selected goes along.
  await card(page, C).press("Shift+Space");
  await card(page, B).press("Shift+Space");
  const commits = project.subjects().length;
  const bug = await card(page, C).boundingBox();
  const top = await lane(page, "open").getByText("Deploy it").boundingBox();
  if (bug === null || top === null) throw new Error("nothing to drag");
  await page.mouse.move(bug.x + 30, bug.y + 50);
  await page.mouse.down();
  await page.mouse.move(bug.x + 40, bug.y + 40, { steps: 3 });
  await page.mouse.move(top.x + 40, top.y - 30, { steps: 5 });
  await page.mouse.up();
  await page
    .locator(".toast")
    .getByText(/2 tickets: (before|after) .*, priority/)
    .waitFor();
  await until(async () => (await shown(page, "open")) === "Build login C B Deploy it A D", "together");
  expect(project.subjects().length).toBe(commits + 1);
  await page.locator(".toast").last().getByRole("button", { name: "Undo" }).click();
  await order("A D C B");
  // In another column only the status changes.
  const rank = /rank: .*/.exec(project.text(D))?.[0];
  await page.keyboard.press("Escape");
  await card(page, D).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await inLane(page, "in_progress", D).waitFor();
  await until(async () => project.text(D).includes("status: in_progress"), "moved");
  expect(project.text(D)).toContain(rank);
  project.judge();
  expect([faults.get(page), faults.get(other)]).toEqual([[], []]);
});
