import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { card, faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

useBrowser();

test("projects have their colour and name on cards and pages, and a filter; archived ones are out of the way; a ticket shows whose its parts are", async () => {
  const store = await tempStore();
  await store.ayo("project", "create", "Web Shop", "--slug", "web", "--color", "teal");
  await store.ayo("project", "create", "Old", "--color", "#1f77b4");
  const whole = await store.ayo("ticket", "create", "Build the shop", "-a", "@lead", "--project", "web shop");
  const past = await store.ayo("ticket", "create", "Once", "--project", "old");
  const part = await store.ayo("ticket", "delegate", whole, "Cart", "--to", "@coder", "--as", "@lead");
  const deep = await store.ayo("ticket", "delegate", part, "Total", "--to", "@qa", "--as", "@coder");
  await store.ayo("project", "archive", "old");
  const { url } = await startServe(store.dir);
  const page = await open(`${url}/board`);

  await card(page, whole).locator(".project", { hasText: "Web Shop" }).waitFor();
  expect(await card(page, whole).locator(".dot.teal").count()).toBe(1);
  const colour = (of: string) =>
    card(page, of)
      .locator(".dot")
      .evaluate((dot) => getComputedStyle(dot).backgroundColor);
  expect(await colour(past)).toBe("rgb(31, 119, 180)");
  const choice = page.getByLabel("Project", { exact: true });
  expect(await choice.locator("option").allTextContents()).toEqual(["all projects", "Web Shop"]);
  await choice.selectOption("web");
  await card(page, past).waitFor({ state: "detached" });
  expect(await page.getByLabel("Filter").inputValue()).toBe("project:web");
  await page.getByLabel("Filter").fill("project:OLD");
  await card(page, past).waitFor();
  expect(await choice.locator("option:checked").textContent()).toBe("Old (archived)");
  await page.goto(`${url}/?group=project`);
  await page.locator(".heading", { hasText: "Web Shop" }).waitFor();

  await card(page, whole).click();
  await page.locator(".fields .project", { hasText: "Web Shop" }).getByText("0% done").waitFor();
  const parts = page.locator(".parts li");
  await until(async () => (await parts.count()) === 2, "both parts");
  await until(async () => (await parts.allInnerTexts()).join().includes(`${deep} Total`), "the part of the part");
  expect((await parts.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim())).toEqual([
    `▾ ${part} Cart 0 of 1 Open @coder`,
    `${deep} Total Open @qa, from @coder`,
  ]);
  await store.ayo("ticket", "close", deep);
  await page.goto(`${url}/ticket/${part}`);
  await page.getByText("handed on by @lead").waitFor();

  await page.goto(`${url}/stats`);
  const table = page.locator(".projects");
  await table.getByText("Web Shop").waitFor();
  expect(await table.getByText("Old").count()).toBe(0);
  await table.getByRole("link", { name: "Web Shop", exact: true }).click();
  await page.waitForURL("**/stats?project=web");
  const left = page.locator(".chart", { hasText: "Burndown" });
  await left.getByText("Values").click();
  // Of the three other tickets none counts.
  await until(async () => /\D1$/.test(await left.locator("tr").last().innerText()), "its burndown");

  writeFileSync(path.join(store.tickets, "projects/web.md"), "---\nname: Shop <b>\ncolor: pink\n---\n");
  await page.goto(`${url}/board`);
  await card(page, whole).locator(".project", { hasText: "Shop <b>" }).waitFor();
  expect(await card(page, whole).locator(".dot.pink").count()).toBe(1);
  expect(faults.get(page)).toEqual([]);
});
