import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { faults, opened, until, useBrowser } from "../helpers/boardPage.ts";
import { COLOURS, layoutShift, tooWide, unreachable, violations } from "./states/axe.ts";
import { blank } from "./states/blank.ts";
import { STATES, showState, type ViewState } from "./states/everyState.ts";
import { statePages, stateServers } from "./states/servers.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SCREENSHOTS = path.join(ROOT, "screenshots");
const IS_LONG = process.env.AYO_LONG === "1";
/** States that have all kinds of buttons between them: a picture of each costs time. */
const PRESSED = ["board-selected", "create-picker", "ticket", "inbox", "sign-in"];

useBrowser();
beforeAll(() => void mkdirSync(SCREENSHOTS, { recursive: true }));

/** What is wrong with a state, in light and dark, in colours of the system's own, large, and narrow. */
async function faultsOf(page: Page, url: string, state: ViewState): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (what: string, faulty: readonly string[]): void =>
    void found.push(...faulty.map((one) => `${what}: ${one}`));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: "reduce" });
  await showState(page, url, state);
  const shift = await layoutShift(page);
  if (shift > 0.05) note("moves", [String(shift)]);
  note("light", await violations(page));
  note("covered", await unreachable(page, 0));
  if ((await page.evaluate(() => document.getAnimations().length)) > 0) note("motion", ["there is an animation"]);
  await page.emulateMedia({ colorScheme: "dark" });
  note("dark", await violations(page, COLOURS));
  await page.emulateMedia({ forcedColors: "active" });
  note("forced colours", await violations(page, COLOURS));
  if (IS_LONG || PRESSED.includes(state.name)) note("blank", await blank(page));
  await page.emulateMedia({ forcedColors: "none" });
  // At 200 %; and as narrow as a page must do.
  for (const [width, height] of [
    [640, 400],
    [320, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    const wide = await tooWide(page);
    if (wide > 0) note(`${width} wide`, [`${wide} too wide`]);
  }
  note("page", (faults.get(page) ?? []).splice(0));
  return found;
}

describe("every view", () => {
  test("has no fault for people who use it by other means, in any state, colours and size", async () => {
    const pageOf = statePages(await stateServers(Date.now()), {});
    const found: string[] = [];
    for (const state of STATES) {
      const { page, url } = await pageOf(state);
      found.push(...(await faultsOf(page, url, state)).map((one) => `${state.name}, ${one}`));
    }
    expect(found).toEqual([]);
  });

  test("is used by a thumb on a phone", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const pageOf = statePages(await stateServers(Date.now()), phone);
    const found: string[] = [];
    for (const state of STATES.filter(({ isWide }) => isWide !== true)) {
      const { page, url } = await pageOf(state);
      await showState(page, url, state);
      const small = state.name === "guide" || state.name === "api" ? [] : await unreachable(page, 44);
      const wide = await tooWide(page);
      found.push(...[...small, ...(wide > 0 ? [`${wide} too wide`] : [])].map((one) => `${state.name}: ${one}`));
      found.push(...(faults.get(page) ?? []).splice(0));
    }
    expect(found).toEqual([]);
  });

  test("a question's options can be read and reached, on a phone too, in light and dark", async () => {
    const { page, project, one } = await opened("/ticket/ONE");
    await page.setViewportSize({ width: 390, height: 844 });
    await project.ayo("config", "questions.defaults", "on");
    const options = ["Yes, after the backup that the night makes", "No", "Ask the person who runs the machines"];
    const flags = options.flatMap((option) => ["--option", option]);
    await project.ayo("ticket", "ask", one, "May I delete the old table?", ...flags, "--default", "2", "--after", "1d");
    await page.getByRole("button", { name: options[2] as string }).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await violations(page), colorScheme).toEqual([]);
      await page.locator(".question").screenshot({ path: path.join(SCREENSHOTS, `question-${colorScheme}.png`) });
    }
    await page.getByRole("button", { name: options[1] as string, exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("asks: May I").waitFor({ state: "detached" });
    expect(project.text(one)).toMatch(/^Answer: No$/m);
  });

  test("the graph can be read as text, focused and zoomed", async () => {
    const { page, one, two } = await opened("/graph");
    await page.locator("canvas").waitFor();
    await page.getByText("As text").click();
    await page.getByText(`waits for ${one}`).waitFor();
    await page.getByLabel("Only what comes before").fill(two);
    await page.waitForURL(`**/graph?focus=${two}`);
    const pixels = () => page.evaluate(() => document.querySelector("canvas")?.toDataURL());
    const before = await pixels();
    await page.locator("canvas").focus();
    await page.keyboard.press("+");
    await until(async () => (await pixels()) !== before, "nearer");
  });

  test("statistics count what was done, the archive too, and tell the value under the pointer", async () => {
    const { page, project, one } = await opened("/stats");
    await project.ayo("ticket", "start", one);
    await project.ayo("ticket", "close", one);
    await until(async () => (await page.locator(".tiles dd b").first().textContent()) === "1", "one done");
    await page.locator(".chart svg").first().hover();
    await page.getByText(/^\w{3} \d+, \d{4}: finished \d+, in progress \d+, to do \d+$/).waitFor();
  });
});
