import { expect, test } from "vitest";
import { faults, open, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("views are tabs: those of config.yml for everybody, those saved here for this browser", async () => {
  const { page, project } = await opened("/board");
  const tabs = page.getByRole("navigation", { name: "Saved views" });
  expect(await tabs.count()).toBe(0);
  await project.ayo("ticket", "create", "A bug", "-t", "bug");
  await project.ayo("config", "views.bugs", "{filter: 'type:bug', group: priority, lanes: assignee}");
  await tabs.getByRole("button", { name: "bugs" }).click();
  await page.locator(".shown", { hasText: "2 of 3" }).waitFor();
  const { searchParams } = new URL(page.url());
  expect([searchParams.get("group"), searchParams.get("lanes")]).toEqual(["priority", "assignee"]);
  expect(await tabs.getByRole("button", { name: "bugs" }).getAttribute("aria-pressed")).toBe("true");
  await page.getByLabel("Filter").fill("deploy");
  await tabs.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("my own");
  await page.keyboard.press("Enter");
  await tabs.getByRole("button", { name: "my own", exact: true }).waitFor();
  await tabs.getByRole("button", { name: "All" }).click();
  await page.locator(".shown", { hasText: "3 tickets" }).waitFor();
  await page.reload();
  await tabs.getByRole("button", { name: "my own", exact: true }).click();
  await page.locator(".shown", { hasText: "1 of 3" }).waitFor();
  expect(await page.getByLabel("Filter").inputValue()).toBe("deploy");
  await tabs.getByRole("button", { name: "Delete view my own" }).click();
  await until(async () => (await tabs.getByRole("button", { name: "my own", exact: true }).count()) === 0, "gone");
  expect(await project.ayo("config", "views")).toContain("bugs");
  expect(faults.get(page)).toEqual([]);
});

test("a view that was added before the page hears of changes is there all the same", async () => {
  const { page, project, server } = await opened("/board");
  await page.locator(".shown").waitFor();
  const second = await open("about:blank", {});
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await second.route("**/api/events*", async (route) => {
    await gate;
    await route.continue();
  });
  await second.goto(`${server.url}/board`);
  await second.locator(".shown").waitFor();
  await project.ayo("config", "views.bugs", "{filter: 'type:bug'}");
  await page.getByRole("button", { name: "bugs" }).waitFor();
  go();
  await second.getByRole("button", { name: "bugs" }).waitFor();
});
