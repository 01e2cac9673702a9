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
