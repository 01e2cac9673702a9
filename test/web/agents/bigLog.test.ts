import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { markLive } from "../../../src/store/runs/liveRuns.ts";
import { logEvents } from "../../../src/store/runs/runEvents.ts";
import { aRun } from "../../helpers/aRun.ts";
import { faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 180_000 });
useBrowser();

const EVENTS = process.env.AYO_LONG ? 200_000 : 20_000;
const MANY = process.env.AYO_LONG ? 150_000 : 50_000;
const at = "2026-11-30T10:00:00.000Z";
const line = (n: number) => ({ at, type: "text", text: `line ${n} ${"of very many ".repeat(8)}` });
const rows = (page: Page): Promise<string[]> => page.locator(".log-row bdi").allTextContents();
const seesLine = (page: Page, n: number): Promise<void> =>
  page.locator(".log-row", { hasText: new RegExp(`line ${n} `) }).waitFor();

test("megabytes of a log are read backwards, found and followed, and only what is seen is drawn", async () => {
  const project = await tempStore({ project: true });
  const id = await project.ayo("ticket", "create", "Work", "-q");
  const run = aRun(project, id, { state: "running" });
  const place = project.open();
  logEvents(
    place,
    run,
    Array.from({ length: EVENTS }, (_, n) => line(n)),
  );
  markLive(place, run);
  const { url } = await startServe(project.dir);
  const page = await open(`${url}/agents?run=${id}`);
  await seesLine(page, EVENTS - 1);
  expect((await rows(page)).length).toBeLessThan(120);

  // What comes is followed, until somebody looks elsewhere; the line that is looked at stays where it is.
  logEvents(place, run, [line(EVENTS)]);
  await seesLine(page, EVENTS);
  const box = page.locator(".log-lines");
  await box.focus();
  await page.keyboard.press("Home");
  const follow = page.getByRole("button", { name: "Follow" });
  await until(async () => (await follow.getAttribute("aria-pressed")) === "false", "it follows no longer");
  // At its beginning earlier lines are read, which move nothing.
  await until(async () => (await box.evaluate((one) => one.scrollHeight)) > 500 * 20, "earlier lines");
  const seen = () =>
    box.evaluate((one) => {
      const { top } = one.getBoundingClientRect();
      const row = [...one.querySelectorAll(".log-row")].find((each) => each.getBoundingClientRect().top >= top);
      return [row?.textContent, Math.round((row?.getBoundingClientRect().top ?? 0) - top)];
    });
  const before = await seen();
  logEvents(place, run, [line(EVENTS + 1)]);
  await page.setViewportSize({ width: 1280, height: 700 });
  await until(async () => JSON.stringify(await seen()) === JSON.stringify(before), "the same line");

  await page.keyboard.press("/");
  await page.keyboard.type(`LINE ${EVENTS - 7} `);
  await page.getByText("1 of 1").waitFor();
  await page.locator("mark.current", { hasText: `line ${EVENTS - 7} ` }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(`line ${EVENTS - 1}`.slice(0, -1));
  const status = page.locator(".log-bar [role=status]");
  await until(async () => /^\d+ of \d+$/.test((await status.textContent()) ?? ""), "several");
  const first = await page.locator("mark.current").textContent();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Enter");
  expect(await page.locator("mark.current").textContent()).toBe(first);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("nowhere at all");
  await page.getByText("Nothing found").waitFor();
  await follow.click();
  await seesLine(page, EVENTS + 1);
  // More at once than a stream may hold back for a client.
  const many = Array.from({ length: MANY }, (_, n) => line(EVENTS + 2 + n));
  logEvents(place, run, many);
  await seesLine(page, EVENTS + MANY + 1);
  expect((await rows(page)).length).toBeLessThan(120);
  expect(faults.get(page)).toEqual([]);
});
