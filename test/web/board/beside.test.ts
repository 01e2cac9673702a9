import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { card, faults, inLane, open, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

const beside = (page: Page) => page.locator(".beside");
const ticketOf = (page: Page): string | null => new URL(page.url()).searchParams.get("ticket");
const hasKeys = (page: Page, id: string): Promise<void> =>
  until(
    async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === id,
    `${id} has the keyboard`,
  );

describe("a ticket beside the board", () => {
  test("opens by Space, follows the keys, works on, and closes by Escape; its address holds", async () => {
    const { page, project, one, two, server } = await opened("/?q=status%3Aopen,in_progress");
    await card(page, one).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Space");
    await beside(page).getByRole("heading", { name: "Build login" }).waitFor();
    expect(ticketOf(page)).toBe(one);
    await page.keyboard.press("ArrowDown");
    await beside(page).getByRole("heading", { name: "Deploy it" }).waitFor();
    expect(ticketOf(page)).toBe(two);
    await hasKeys(page, two);
    await page.keyboard.press("k");
    await beside(page).getByRole("heading", { name: "Build login" }).waitFor();
    // One step, however far one walked.
    await page.goBack();
    await beside(page).waitFor({ state: "detached" });
    await page.goForward();
    await page.reload();
    await beside(page).getByRole("heading", { name: "Build login" }).waitFor();
    await hasKeys(page, one);
    await page.keyboard.press("s");
    await inLane(page, "in_progress", one).waitFor();
    await beside(page).getByRole("button", { name: "Close", exact: true }).waitFor();
    await hasKeys(page, one);
    await page.keyboard.press("n");
    await page.keyboard.type("half ");
    await page.keyboard.press("Escape");
    // The keyboard is in no field: arrows walk on from the card.
    await page.keyboard.press("ArrowLeft");
    await beside(page).getByRole("heading", { name: "Deploy it" }).waitFor();
    await page.getByLabel("Filter").fill("status:open,in_progress deploy");
    expect(ticketOf(page)).toBe(two);
    await card(page, one).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Filter");
    await card(page, two).focus();
    await page.keyboard.press("Escape");
    await beside(page).waitFor({ state: "detached" });
    await hasKeys(page, two);
    expect(new URL(page.url()).search).toBe("?q=status%3Aopen%2Cin_progress+deploy");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ticket/${two}`);
    await page.goto(`${server.url}/ticket/${one}`);
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("half ");
    expect(await statusOf(project, one)).toBe("in_progress");
    expect(faults.get(page)).toEqual([]);
  });

  test("opens by a click, and by its buttons walks, becomes a page and closes; on a phone it is a page", async () => {
    const { page, project, one, two, server } = await opened();
    await card(page, two).click();
    await beside(page).getByRole("heading", { name: "Deploy it" }).waitFor();
    expect(await card(page, two).getAttribute("aria-current")).toBe("true");
    await beside(page).getByRole("button", { name: "The ticket before" }).click();
    await beside(page).getByRole("heading", { name: "Build login" }).waitFor();
    await project.ayo("ticket", "update", one, "--title", "Build the login");
    await beside(page).getByRole("heading", { name: "Build the login" }).waitFor();
    // Inside it keys mean its ticket, and letters walk on.
    await beside(page).locator(".times").click();
    await page.keyboard.press("p");
    await page.getByRole("dialog", { name: `Priority: ${one}` }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await beside(page).getByRole("heading", { name: "Deploy it" }).waitFor();
    await page.keyboard.press("k");
    await beside(page).getByRole("heading", { name: "Build the login" }).waitFor();
    await beside(page).getByRole("button", { name: "Close panel" }).click();
    await beside(page).waitFor({ state: "detached" });
    await hasKeys(page, one);
    await card(page, two).click();
    await beside(page).getByRole("link", { name: "Open the whole page" }).click();
    await page.waitForURL(`**/ticket/${two}`);
    await page.goBack();
    await beside(page).getByRole("heading", { name: "Deploy it" }).waitFor();
    expect(faults.get(page)).toEqual([]);

    const phone = await open(`${server.url}/board`, { viewport: { width: 390, height: 800 }, hasTouch: true });
    await card(phone, one).tap();
    await phone.waitForURL(`**/ticket/${one}`);
    await phone.goto(`${server.url}/?ticket=${two}`);
    await phone.waitForURL(`**/ticket/${two}`);
  });
});
