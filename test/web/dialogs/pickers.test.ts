import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { daysOf } from "../../../src/web/dialogs/dueWords.ts";
import { withWords } from "../../../src/web/words/say.ts";
import { card, faults, inLane, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();
beforeAll(() => withWords(Promise.resolve()));

const hasKeys = (page: Page, id: string): Promise<void> =>
  until(
    async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === id,
    `${id} has the keyboard`,
  );

/** Opens a list by its key, types, and takes what is first. */
async function choose(page: Page, key: string, text: string): Promise<void> {
  await page.keyboard.press(key);
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

describe("lists to choose from", () => {
  test("set every field of a card by keys, known values and new ones, and leave the keyboard on it", async () => {
    const { page, project, one, two } = await opened();
    await card(page, one).focus();
    const field = (line: string): Promise<void> => until(async () => project.text(one).includes(`\n${line}\n`), line);
    await choose(page, "a", "ops");
    await field("assignee: '@ops'");
    await hasKeys(page, one);
    await choose(page, "a", "Mara Lind");
    await field("assignee: 'Mara Lind'");
    await choose(page, "a", "nobo");
    await until(async () => !project.text(one).includes("\nassignee:"), "nobody");
    await choose(page, "p", "low");
    await field("priority: 3");
    await choose(page, "m", "progr");
    await inLane(page, "in_progress", one).waitFor();
    await hasKeys(page, one);
    await until(async () => (await statusOf(project, one)) === "in_progress", "moved on disk");

    // An agent's name that none can be is refused before anybody is asked.
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByRole("combobox").fill("@no  such!");
    await page.getByText("An agent's name has only letters").waitFor();
    await page.keyboard.press("Escape");
    await choose(page, "l", "ui");
    // More than one can be chosen: it stays, and all of it is one commit.
    const commits = project.subjects().length;
    await page.keyboard.type("new tag");
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: "new-tag" }).getByText("✓").waitFor();
    expect(project.subjects().length).toBe(commits);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await field("tags: [auth, new-tag]");
    expect(project.subjects().length).toBe(commits + 1);
    await hasKeys(page, one);
    await choose(page, "D", "2031-05-06");
    await field("due: 2031-05-06");
    await choose(page, "U", "deploy");
    await field(`parent: ${two}`);
    await choose(page, "U", "no par");
    await until(async () => !project.text(one).includes("\nparent:"), "no parent");
    const third = await project.ayo("ticket", "create", "Third", "--project", "Shop");
    await card(page, third).waitFor();
    await choose(page, "W", "third");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await field(`deps: [${third}]`);
    await choose(page, "P", "sho");
    await field("project: Shop");
    await page.locator(".toast", { hasText: "project Shop" }).getByRole("button", { name: "Undo" }).click();
    await until(async () => !project.text(one).includes("\nproject:"), "taken back");
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("open at the fields of a ticket, by mouse, and in the palette; what is refused is said", async () => {
    const { page, project, one, two, server } = await opened("/ticket/ONE");
    const at = (label: string) => page.locator(".field", { hasText: label }).getByRole("button");
    await at("Assignee").click();
    await page.getByRole("option", { name: "@ops" }).click();
    await until(async () => project.text(one).includes("assignee: '@ops'"), "assigned");
    await until(async () => (await page.getByLabel("Assignee").inputValue()) === "@ops", "shown");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("set due");
    await page.getByRole("option", { name: "Set due date…" }).click();
    await page.getByRole("option", { name: "Tomorrow" }).waitFor();
    await page.keyboard.type("2w");
    await page.keyboard.press("Enter");
    await until(async () => /\ndue: \d{4}-\d\d-\d\d\n/.test(project.text(one)), "due");
    await page.keyboard.press("Escape");

    // One waits for the other already: in a circle nothing would ever begin.
    await page.locator("h1").click();
    await choose(page, "W", "deploy");
    await page.keyboard.press("Escape");
    await page.locator(".toast.error").getByText("would wait for itself").or(page.locator(".toast.error")).waitFor();
    expect(await page.locator(".toast.error").textContent()).not.toContain("line 1");
    await page.goto(`${server.url}/?ticket=${two}`);
    await page.locator(".beside .field", { hasText: "Tags" }).getByRole("button").click();
    await page.getByRole("option", { name: "auth" }).click();
    await page.keyboard.press("Escape");
    await until(async () => project.text(two).includes("tags: [auth]"), "tagged");
    expect(faults.get(page)).toEqual([]);
  });
});

test("words for days mean the next such day", () => {
  // A Wednesday.
  const now = new Date(2026, 11, 30, 23, 59);
  const first = (words: string) => daysOf(words, now)[0]?.date;
  expect(first("")).toBe("2026-12-30");
  expect(first("tom")).toBe("2026-12-31");
  expect(first("fri")).toBe("2027-01-01");
  expect(first("wed")).toBe("2027-01-06");
  expect(first("mon")).toBe("2027-01-04");
  expect(first("3d")).toBe("2027-01-02");
  expect(first("in 2 weeks")).toBe("2027-01-13");
  expect(first("2027-02-28")).toBe("2027-02-28");
  for (const none of ["2027-02-30", "some day", "2w3"]) expect(daysOf(none, now)).toEqual([]);
});
