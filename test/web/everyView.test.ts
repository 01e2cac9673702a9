import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { faults, open, opened, until, useBrowser } from "../helpers/boardPage.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SCREENSHOTS = path.join(ROOT, "screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

useBrowser();
beforeAll(() => void mkdirSync(SCREENSHOTS, { recursive: true }));

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** With `rules` those alone, where the others have been looked at already. */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const how = rules === undefined ? "{}" : JSON.stringify({ runOnly: rules });
  const found = (await page.evaluate(`axe.run(document, ${how}).then((result) => result.violations)`)) as Violation[];
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Presses keys once the board is there. */
async function pressOnBoard(page: Page, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await page.locator(".card").first().waitFor();
  for (const key of keys) await page.keyboard.press(key);
}

describe("every view", () => {
  const VIEWS = [
    ["board", "/", ".card"],
    ["list", "/?view=list", ".list .row"],
    ["boardGrouped", "/?group=parent&q=is:open", ".heading"],
    ["inbox", "/inbox", "[data-line]"],
    ["ticket", "/ticket/sho-h3vt", ".ticket .stream li"],
    ["graph", "/graph?critical=1", "canvas"],
    ["search", "/search?q=login", ".found li"],
    ["stats", "/stats?days=30", ".tiles"],
  ] as const;
  /** What is done by keys once the board is there; a phone has no room for it. */
  const BY_KEYS: readonly (readonly [name: string, where: string, sign: string, keys: readonly string[]])[] = [
    ["boardBeside", "/?ticket=sho-h3vt", ".beside .note", []],
    ["boardPicker", "/", "[role=option]", ["j", "a"]],
    ["boardChosen", "/", ".selection", ["j", "Shift+ArrowDown"]],
  ];

  test("has no serious fault for people who use it by other means, light and dark; and a picture", async () => {
    const project = storeIn((await tempStore()).dir);
    const example = path.join(ROOT, ".tickets.example");
    await project.ayo("import", example);
    await project.ayo("ticket", "ask", "sho-5c0e", "All of them?", "--as", "@coder");
    const { url } = await startServe(project.dir);
    for (const colorScheme of ["light", "dark"] as const) {
      // The dark page is the same but for its colours.
      const rules = colorScheme === "dark" ? ["color-contrast", "link-in-text-block"] : undefined;
      const page = await open(url, { colorScheme });
      for (const [name, where, sign, keys = []] of [...VIEWS, ...BY_KEYS]) {
        await page.goto(url + where);
        await pressOnBoard(page, keys);
        await page.locator(sign).first().waitFor();
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
        expect(await violations(page, rules), `${name} ${colorScheme}`).toEqual([]);
      }
      for (const key of ["?", "c", "Control+k"]) {
        await page.goto(`${url}/graph`);
        await page.locator("canvas").waitFor();
        await page.keyboard.press(key);
        await page.getByRole("dialog").waitFor();
        expect(await violations(page, rules), `dialog ${key} ${colorScheme}`).toEqual([]);
      }
      expect(faults.get(page)).toEqual([]);
    }
  });

  test("fits a phone without a serious fault, and stands still for who wants no motion", async () => {
    const project = storeIn((await tempStore()).dir);
    await project.ayo("import", path.join(ROOT, ".tickets.example"));
    await project.ayo("ticket", "ask", "sho-5c0e", "All of them?", "--as", "@coder");
    const { url } = await startServe(project.dir);
    const page = await open(url, { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: "reduce" });
    const wrong = [
      ["boardRefused", "/?q=is%3Anope", ".filter-problem:not(:empty)"],
      ["nowhere", "/nowhere", ".failure"],
      ["noTicket", "/ticket/nope-1", ".failure"],
    ] as const;
    for (const [name, where, sign] of [...VIEWS, ...wrong]) {
      await page.goto(url + where);
      await page.locator(sign).first().waitFor();
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-phone.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
      expect(await violations(page), name).toEqual([]);
    }
    await page.goto(`${url}/inbox`);
    await page.getByRole("button", { name: "Snooze" }).first().click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations(page), "until when").toEqual([]);
    await page.goto(`${url}/ticket/sho-d0pf`);
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator(".toast").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByRole("dialog", { name: "What does it wait for?" }).waitFor();
    expect(await violations(page), "a question").toEqual([]);
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
