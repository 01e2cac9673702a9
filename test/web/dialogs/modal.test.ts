import { expect, test } from "vitest";
import { card, faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("a dialog that is closed gives the keyboard back to what had it", async () => {
  const { page, two } = await opened();
  await card(page, two).focus();
  for (const [key, close] of [
    ["?", "Close"],
    ["Control+k", "Escape"],
    ["c", "Escape"],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole("dialog").waitFor();
    if (close === "Escape") await page.keyboard.press("Escape");
    else await page.getByRole("button", { name: close }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-card"));
    await until(async () => (await focused()) === two, `the card has the keyboard after ${key}`);
  }
  expect(faults.get(page)).toEqual([]);
});

test("a dialog whose code comes in the moment in which it is asked for opens", async () => {
  const { page, server } = await opened();
  // A clock that stands still has the page wait a little longer between what it draws and what follows from that.
  await page.clock.setFixedTime(Date.now());
  for (let n = 0; n < 10; n++) {
    await page.goto(`${server.url}/board`);
    await page.locator("[data-card]").first().waitFor();
    await page.keyboard.press("c");
    await page.locator("dialog .create").waitFor();
  }
  expect(faults.get(page)).toEqual([]);
});
