import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore, writeTickets } from "../../helpers/tempStore.ts";

useBrowser();

const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

/** Eight weeks in which three tickets a week are done, the old ones archived; one late, one that waits for it. */
async function aTeam() {
  const store = await tempStore();
  mkdirSync(path.join(store.tickets, "archive/2026-01"), { recursive: true });
  for (let n = 0; n < 24; n++) {
    const days = 1 + n * (56 / 24);
    const lines = [`created: ${ago(days + 6)}`, `started: ${ago(days + 2)}`, `closed: ${ago(days)}`];
    const who = n % 2 === 0 ? "assignee: '@coder'\nproject: web" : "assignee: Mara Lind";
    const text = `---\nid: old-${n}\nstatus: closed\n${lines.join("\n")}\n${who}\n---\n# Old ${n}\n`;
    writeFileSync(path.join(store.tickets, n < 12 ? "." : "archive/2026-01", `old-${n}.md`), text);
  }
  writeTickets(store, {
    "a-1": `Late <b>one</b>\nproject: web\nassignee: '@coder'\nstatus: in_progress\nstarted: ${ago(9)}\ncreated: ${ago(20)}\ndue: ${ago(3).slice(0, 10)}`,
    "a-2": `Waits\nproject: web\ndeps: [a-1]\ncreated: ${ago(20)}`,
    "a-3": `Far\nproject: api\ncreated: ${ago(20)}\ndue: ${ago(-30).slice(0, 10)}`,
  });
  const { url } = await startServe(store.dir);
  return { store, url };
}

const countOf = (page: Page): Promise<number> => page.locator(".listed li").count();

test("each number of the statistics leads to its tickets, archived ones too, and Back returns; by keys and by pointer", async () => {
  const { store, url } = await aTeam();
  const page = await open(`${url}/board`);
  await page.locator("[data-card]").first().waitFor();
  for (const key of ["g", "t"]) await page.keyboard.press(key);
  const done = page.locator(".tiles a").first();
  await page.locator(".toolbar select").first().selectOption("0");
  await until(async () => (await done.textContent()) === "24", "all that was done");
  await done.click();
  await until(async () => (await countOf(page)) === 24, "the list of them");
  await page.keyboard.press("j");
  await page.keyboard.press("End");
  await until(
    () => page.locator(".listed a[data-row='23']").evaluate((row) => row === document.activeElement),
    "its end",
  );
  await page.keyboard.press("Enter");
  await page.locator(".ticket").waitFor();
  await page.goBack();
  await page.locator(".listed").waitFor();
  await page.goBack();

  // Rows, bars and areas say the same as the list that they open.
  const agents = page.locator("section", { hasText: "Who did what" });
  const row = agents.getByRole("row", { name: /@coder/ });
  await row.waitFor();
  expect(await row.getByRole("link").allTextContents()).toEqual(["1", "1", "12"]);
  await row.getByRole("link").last().click();
  await until(async () => (await countOf(page)) === 12, "what the coder did");
  await page.goBack();
  await row.waitFor();
  const throughput = page.locator("figure", { hasText: "Throughput" });
  await throughput.getByText("Values").click();
  const week = throughput.locator("tbody tr").nth(2).getByRole("link").last();
  const inWeek = Number(await week.textContent());
  await week.click();
  await until(async () => (await countOf(page)) === inWeek, "a week");
  await page.goBack();
  const flow = page.locator("figure", { hasText: "Cumulative flow" }).locator("svg");
  const box = await flow.boundingBox();
  await flow.click({ position: { x: (box?.width ?? 0) - 12, y: 185 } });
  await until(async () => (await countOf(page)) === 24, "what was finished by today");
  await page.goBack();

  // The forecast and the filter: of a project, and none where there is too little.
  const forecast = page.locator(".forecast");
  await forecast.getByText("3 open tickets").waitFor();
  expect(await forecast.locator(".tiles b").count()).toBe(3);
  await page.keyboard.press("/");
  await page.keyboard.type("project:api");
  await forecast.getByText("No forecast").waitFor();
  await page.getByLabel("Filter").fill("is:nope");
  await page.locator(".failure", { hasText: "is:nope" }).waitFor();
  await page.getByLabel("Filter").fill("");
  await store.ayo("ticket", "close", "a-3");
  await until(async () => (await done.textContent()) === "25", "what was done meanwhile");
  expect(faults.get(page)).toEqual([]);
});

test("the timeline: late ones in words, what has no day after what it waits for, zoom, walk, filter, live", async () => {
  const { store, url } = await aTeam();
  const page = await open(`${url}/stats`);
  await page.locator(".tiles").first().waitFor();
  for (const key of ["g", "l"]) await page.keyboard.press(key);
  const row = (id: string) => page.locator(`.timeline li a[href^="/ticket/${id}"]`);
  await row("a-1").waitFor();
  const names = () => page.locator(".timeline li a .id").allTextContents();
  expect((await names()).sort()).toEqual(["a-1", "a-2", "a-3"]);
  expect(await row("a-1").locator(".name").textContent()).toMatch(/^a-1 Late <b>one<\/b>: .+ to .+, late$/);
  await row("a-1")
    .getByText(/late since/)
    .waitFor();
  expect(await row("a-2").locator(".name").textContent()).toBe("a-2 Waits: no due date; waits for a-1");
  expect(await row("a-2").locator(".bar.loose").count()).toBe(1);
  expect(await page.locator(".ties path").count()).toBe(1);
  expect(await page.locator(".shown").textContent()).toBe("3 tickets, 1 late");

  const width = async () => (await row("a-3").locator(".bar").boundingBox())?.width ?? 0;
  const before = await width();
  await page.keyboard.press("+");
  await page.waitForURL("**/timeline?zoom=week");
  await until(async () => (await width()) > 2 * before, "nearer");
  await page.getByLabel("Zoom").selectOption("quarter");
  await until(async () => (await width()) < before, "farther");
  const left = () => page.locator(".timeline").evaluate((box) => box.scrollLeft);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await until(() => row("a-3").evaluate((one) => one === document.activeElement), "the first row, below its heading");
  await page.getByLabel("Zoom").selectOption("week");
  await page.keyboard.press("Escape");
  const then = await left();
  await page.keyboard.press("ArrowRight");
  await until(async () => (await left()) > then, "later");
  await page.keyboard.press("0");
  await until(async () => (await left()) === then, "today");

  await page.getByLabel("finished too").check();
  await until(async () => (await names()).length === 15, "what is finished, but for the archive");
  await page.keyboard.press("/");
  await page.keyboard.type("project:web is:open");
  await until(async () => (await names()).length === 2, "a filter");
  await page.getByLabel("Group by").selectOption("assignee");
  await page.locator(".timeline .heading", { hasText: "nobody" }).waitFor();
  await store.ayo("ticket", "update", "a-2", "--due", "2099-01-01");
  await until(async () => (await row("a-2").locator(".bar.due").count()) === 1, "its day");
  await row("a-2")
    .locator(".bar")
    .click({ position: { x: 3, y: 5 } });
  await page.waitForURL("**/ticket/a-2");
  expect(faults.get(page)).toEqual([]);
});
