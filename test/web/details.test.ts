import { expect, test } from "vitest";
import { faults, open, opened, until, useBrowser } from "../helpers/boardPage.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempStore } from "../helpers/tempStore.ts";

useBrowser();

const LONG = "abcdefghij".repeat(40);

test("a ticket's page: long words, other directions, criteria in markdown, dates in words, what is asked first, paper", async () => {
  const project = await tempStore();
  const id = await project.ayo(
    "ticket",
    "create",
    `Long ${LONG}`,
    "-d",
    `שלום עולם.\n\n${LONG}\n\n\`\`\`\n${LONG}\n\`\`\``,
  );
  const hebrew = await project.ayo(
    "ticket",
    "create",
    "שלום, עולם!",
    "--acceptance",
    "Set `TZ` to **UTC**, <script>x</script>",
  );
  await project.ayo("ticket", "ask", id, "Which database?", "--as", "@coder");
  const { url } = await startServe(project.dir);
  const page = await open(`${url}/ticket/${id}`);
  const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
  const directionOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => element.matches(":dir(rtl)"));
  await page.locator(".ticket .markdown pre[tabindex]").waitFor();
  expect(await isWide()).toBe(false);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await isWide()).toBe(false);
  expect(await page.locator(".main:visible", { hasNotText: "New ticket" }).allTextContents()).toEqual(["Answer"]);
  await page.getByLabel("Due", { exact: true }).fill("3d");
  await page.getByLabel("Due", { exact: true }).press("Enter");
  await until(async () => /^due: \d{4}-\d\d-\d\dT/m.test(project.text(id)), "three days from now");
  await page.locator(".fields .unsaved").waitFor({ state: "detached" });
  await page.locator(".calendar input").evaluate((field: HTMLInputElement) => {
    field.value = "2027-02-28";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await until(async () => /^due: 2027-02-28/m.test(project.text(id)), "the day of the calendar");
  await page.emulateMedia({ media: "print" });
  const paper = await page.evaluate(() => ({
    main: getComputedStyle(document.querySelector("main") as Element).overflow,
    bar: getComputedStyle(document.querySelector("header.bar") as Element).display,
  }));
  expect(paper).toEqual({ main: "visible", bar: "none" });
  await page.emulateMedia({ media: "screen" });

  await page.goto(`${url}/ticket/${hebrew.slice(4)}`);
  await page.waitForURL(`**/ticket/${hebrew}`);
  await page.locator(".criteria code", { hasText: "TZ" }).waitFor();
  expect(await page.locator(".criteria li").innerHTML()).toContain("<strong>UTC</strong>");
  expect(await page.locator(".criteria").innerHTML()).not.toContain("<script");
  expect(await directionOf("h1 span")).toBe(true);

  await page.goto(`${url}/board`);
  await page.locator(".card").first().waitFor();
  expect(await directionOf(".card .title >> text=שלום")).toBe(true);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await page.locator(".print-list li", { hasText: hebrew }).waitFor();
  expect(await page.locator(".print-list h2").allTextContents()).toEqual(["Open (1)", "Blocked (1)"]);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  expect(await page.locator(".print-list").count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test("search has the facts of what it found and is walked by keys; the graph hides what is finished or filtered away", async () => {
  const { page, project, one, two } = await opened("/search?q=login");
  const three = await project.ayo("ticket", "create", "Tell everybody", "--deps", two, "--tags", "news");
  const row = page.locator(".found li", { hasText: one });
  await row.waitFor();
  expect(await row.locator(".facts > *").allTextContents()).toEqual([" Open", "bug", "high"]);
  await page.getByLabel("Search", { exact: true }).press("ArrowDown");
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  expect(await focused()).toContain(one);
  await page.keyboard.press("k");
  expect(await page.evaluate(() => document.activeElement?.matches("[data-filter]"))).toBe(true);

  const server = new URL(page.url()).origin;
  const shown = () => page.locator(".shown").textContent();
  await page.goto(`${server}/graph`);
  await until(async () => (await shown()) === "3 tickets, 2 ties", "all of them");
  await page.getByText("to do", { exact: true }).waitFor();
  await page.getByText("first, then what waits for it").waitFor();
  await project.ayo("ticket", "close", one);
  await until(async () => (await shown()) === "2 tickets, 1 tie", "without what is finished");
  await page.getByLabel("finished too").check();
  await until(async () => (await shown()) === "3 tickets, 2 ties", "with it");
  expect(page.url()).toBe(`${server}/graph?finished=1`);
  await page.getByLabel("Filter").fill("-tag:news");
  await until(async () => (await shown()) === "2 tickets, 1 tie", "without the news");
  await page.goto(`${server}/graph?focus=nope`);
  await page.locator(".failure").waitFor();
  expect(await shown()).toBe("");
  expect(three).not.toBe("");
  expect(faults.get(page)).toEqual([]);
});
