import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faults, open, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";
import { CODER, focusIs, inboxName, keysOf, lineOf, named, openedInbox } from "../../helpers/inboxScene.ts";

useBrowser();

const topOf = async (page: Page, id: string): Promise<number> =>
  (await lineOf(page, id).boundingBox())?.y ?? Number.NaN;
const pathOf = (page: Page): string => new URL(page.url()).pathname;

describe("the first view", () => {
  test("is what needs whoever opens the bare address, else the board, and who chose the board stays with it", async () => {
    const { project, server, asks, review, hand, said, given, page: board } = await openedInbox("/board");
    const page = await open(server.url, {});
    await lineOf(page, given).waitFor();
    expect(pathOf(page)).toBe("/inbox");
    const total = (await keysOf(project)).length;
    await until(async () => (await inboxName(page)) === named(total), "the number in the header");
    await until(async () => (await page.title()).startsWith(`(${total})\u00a0Needs me · `), "the number in the title");
    await until(async () => (await board.title()).startsWith(`(${total})\u00a0`), "on every view");
    // What needs nobody any more counts no longer, wherever it is settled.
    await project.ayo("ticket", "start", given);
    await until(async () => (await page.title()).startsWith(`(${total - 1})\u00a0`), "one less");
    // Addresses of the board are the board's.
    await page.goto(`${server.url}/?q=is:open`);
    await page.locator("[data-card]").first().waitFor();
    expect(pathOf(page)).toBe("/");
    await page.goto(server.url);
    await lineOf(page, asks).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await page.locator("[data-card]").first().waitFor();
    await page.goto(server.url);
    await page.locator("[data-card]").first().waitFor();
    expect(pathOf(page)).toBe("/");
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await lineOf(page, asks).waitFor();
    await page.goto(server.url);
    await lineOf(page, asks).waitFor();

    for (const id of [asks, review, hand, said]) await project.ayo("inbox", "done", id);
    await page.goto(server.url);
    await page.locator("[data-card]").first().waitFor();
    expect(await page.title()).not.toContain("(");
    // Nothing jumps once it is there.
    await project.ayo("ticket", "ask", given, "Which cat?", ...CODER);
    await until(async () => (await inboxName(page)) === named(1), "the number");
    expect(pathOf(page)).toBe("/");
    expect(faults.get(page)).toEqual([]);
  });

  test("others' acts take lines away without moving what is read, and new ones do not either", async () => {
    const { page, project, one, asks, review, hand, said, given, server } = await openedInbox();
    const other = await open(`${server.url}/inbox`, {});
    await lineOf(other, given).waitFor();
    await lineOf(page, given).waitFor();
    await lineOf(page, hand).hover();
    const top = await topOf(page, hand);
    await lineOf(other, asks).getByRole("textbox").fill("The red one");
    await other.keyboard.press("Control+Enter");
    await lineOf(page, asks).getByText("settled meanwhile").waitFor();
    await until(async () => (await inboxName(page)) === named(4), "the number");
    expect(Math.abs((await topOf(page, hand)) - top)).toBeLessThan(2);
    // Its buttons do nothing any more, and what I do next takes it away.
    expect(await lineOf(page, asks).locator(".acts[inert]").count()).toBe(1);
    await project.ayo("ticket", "ask", one, "Which form?", ...CODER);
    await lineOf(page, one).waitFor();
    await until(async () => Math.abs((await topOf(page, hand)) - top) < 2, "where it was");
    await lineOf(page, hand).getByRole("button", { name: "Confirm" }).click();
    await lineOf(page, asks).waitFor({ state: "detached" });
    await lineOf(page, hand).waitFor({ state: "detached" });
    await focusIs(page, said);

    // With the keyboard in it, a line stays where it is, too, and the keyboard with it.
    await page.mouse.move(0, 0);
    await page.keyboard.press("k");
    await focusIs(page, review);
    await page.keyboard.press("Tab");
    await lineOf(other, review).getByRole("button", { name: "Approve" }).click();
    await lineOf(page, review).getByText("settled meanwhile").waitFor();
    await focusIs(page, review);
    await page.keyboard.press("a");
    await page.keyboard.press("j");
    await focusIs(page, said);
    await page.keyboard.press("e");
    await lineOf(page, review).waitFor({ state: "detached" });
    await focusIs(page, given);
    await page.keyboard.press("Control+z");
    await lineOf(page, said).and(page.locator(":not([inert])")).waitFor();
    expect(await statusOf(project, review)).toBe("closed");
    // Somebody else has it.
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByRole("combobox").fill("@rex");
    await page.keyboard.press("Enter");
    await lineOf(page, given).waitFor({ state: "detached" });
    await focusIs(page, said);
    await page.keyboard.press("Control+z");
    await until(async () => project.text(given).includes("assignee: Test User"), "taken back");
    expect([faults.get(page), faults.get(other)]).toEqual([[], []]);
    project.judge();
  });
});
