import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { card, faults, inLane, lane, open, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

useBrowser();

/** Waits until a card has the keyboard. */
const hasKeys = (page: Page, id: string, when: string): Promise<void> =>
  until(
    async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === id,
    `${id} has the keyboard ${when}`,
  );

/** A store of many tickets in one column, the first one the most urgent. */
async function manyOpen(count: number) {
  const project = await tempStore();
  const ids = Array.from({ length: count }, (_, n) => `b-${String(n).padStart(3, "0")}`);
  for (const [n, id] of ids.entries()) {
    project.write(
      id,
      `---\nid: ${id}\nstatus: open\ncreated: 2026-11-21T03:38:00Z\npriority: ${n === 0 ? 1 : 2}\n---\n# T ${n}\n`,
    );
  }
  return { project, ids, server: await startServe(project.dir) };
}

describe("the keyboard's place", () => {
  test("is kept when a card is started, closed, moved by others, filtered away and deleted", async () => {
    const { page, project, one, two } = await opened("/?q=-is%3Aclosed%20-tag%3Agone");
    await card(page, one).waitFor();
    // Nothing has it yet: one key is enough.
    await page.keyboard.press("j");
    await hasKeys(page, one, "at once");
    await page.keyboard.press("s");
    await inLane(page, "in_progress", one).waitFor();
    await hasKeys(page, one, "after it was started");
    await project.ayo("ticket", "update", one, "-p", "3");
    await card(page, one).getByText("P3").waitFor();
    await hasKeys(page, one, "after another changed it");
    await page.keyboard.press("ArrowLeft");
    await hasKeys(page, two, "to the left");
    const three = await project.ayo("ticket", "create", "Third", "-p", "4");
    await card(page, three).waitFor();
    // It changes places with the one below it.
    await project.ayo("ticket", "update", two, "-p", "4");
    await project.ayo("ticket", "update", three, "-p", "0");
    await until(
      async () => (await card(page, three).boundingBox())!.y < (await card(page, two).boundingBox())!.y,
      "above",
    );
    await hasKeys(page, two, "after it changed places");
    await project.ayo("ticket", "update", two, "--add-tag", "gone");
    await card(page, two).waitFor({ state: "detached" });
    await hasKeys(page, three, "where its neighbour was");
    await page.keyboard.press("x");
    await card(page, three).waitFor({ state: "detached" });
    expect(await statusOf(project, three)).toBe("closed");
    await page.keyboard.press("j");
    await hasKeys(page, one, "in the only column that has any");
    expect(faults.get(page)).toEqual([]);
  });

  test("is where it was on the way back from a ticket; the ticket is read out, and its keys work after a tick", async () => {
    const { project, ids, server } = await manyOpen(60);
    await project.ayo("ticket", "update", ids[40]!, "--add-acceptance", "It works");
    const page = await open(`${server.url}/board`);
    await card(page, ids[0]!).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("End");
    await hasKeys(page, ids[59]!, "at the end");
    await page.keyboard.press("Home");
    await hasKeys(page, ids[0]!, "at the beginning");
    await page.keyboard.press("PageDown");
    await until(
      async () => (await page.evaluate(() => document.activeElement?.textContent ?? "")).includes("T 5"),
      "a page",
    );
    await page.keyboard.press("PageUp");
    await hasKeys(page, ids[0]!, "a page back");
    // What is scrolled away keeps it.
    const cards = lane(page, "open").locator(".cards");
    await cards.evaluate((box) => box.scrollTo(0, 3900));
    await card(page, ids[40]!).waitFor();
    await hasKeys(page, ids[0]!, "out of sight");
    await card(page, ids[40]!).focus();
    const before = await cards.evaluate((box) => box.scrollTop);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ticket/${ids[40]}`);
    await until(async () => (await page.evaluate(() => document.activeElement?.tagName)) === "H1", "the title");
    await page.getByRole("checkbox").click();
    await page.getByText("1 of 1", { exact: true }).waitFor();
    await page.keyboard.press("n");
    await until(async () => (await page.evaluate(() => document.activeElement?.tagName)) === "TEXTAREA", "a note");
    await page.goBack();
    await hasKeys(page, ids[40]!, "after the way back");
    expect(await cards.evaluate((box) => box.scrollTop)).toBe(before);
    expect(faults.get(page)).toEqual([]);
  });
});

describe("a card at the edge", () => {
  test("scrolls the column and the board as long as the pointer rests there", async () => {
    const { ids, server } = await manyOpen(60);
    const page = await open(`${server.url}/board`, { viewport: { width: 700, height: 600 } });
    await card(page, ids[0]!).waitFor();
    const from = (await card(page, ids[0]!).boundingBox())!;
    const column = (await lane(page, "open").boundingBox())!;
    await page.mouse.move(from.x + 40, from.y + 40);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, column.y + column.height - 4, { steps: 3 });
    const cards = lane(page, "open").locator(".cards");
    await until(() => cards.evaluate((box) => box.scrollTop > 2500), "scrolled down at rest");
    await page.mouse.move(696, 300, { steps: 3 });
    await until(() => page.locator(".board").evaluate((box) => box.scrollLeft > 300), "scrolled right at rest");
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await page.locator(".ghost").waitFor({ state: "detached" });
    expect(await page.locator(".toast").count()).toBe(0);
  });

  test("goes to the next column by a finger, on a phone", async () => {
    const { page, project, one } = await opened("/board", {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await card(page, one).waitFor();
    const from = (await card(page, one).boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", x: number) =>
      client.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x, y: from.y + 30 }],
      });
    await touch("touchStart", from.x + 30);
    await page.locator(".ghost").waitFor({ state: "attached" });
    for (const x of [100, 200, 300, 384]) await touch("touchMove", x);
    await until(
      () => page.locator('[data-column="in_progress"]').evaluate((box) => box.getBoundingClientRect().left < 100),
      "the next column comes",
    );
    await touch("touchMove", 200);
    await touch("touchEnd", 0);
    await inLane(page, "in_progress", one).waitFor();
    await until(async () => (await statusOf(project, one)) === "in_progress", "moved on disk");
  });
});
