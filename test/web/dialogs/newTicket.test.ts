import { expect, test } from "vitest";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("a new ticket gets what lists have, by keys and by mouse; its draft keeps that, and it is made with all of it", async () => {
  const { page, project, two } = await opened();
  await project.ayo("project", "create", "Web shop");
  const whole = await project.ayo("ticket", "create", "Paying", "-t", "epic");
  await page.reload();
  await page.locator("[data-card]").first().waitFor();
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New ticket" });
  await dialog.getByLabel("Title").waitFor();
  await page.keyboard.type("Pay by card");
  const field = (name: string) => dialog.getByRole("button", { name: new RegExp(`^${name}`) });
  const list = (name: string) => page.getByRole("dialog", { name: `${name}: New ticket` });
  // By keys, on any of the buttons; the keyboard is there again.
  await until(async () => {
    await page.keyboard.press("Tab");
    return await field("Assignee").evaluate((button) => button === document.activeElement);
  }, "the buttons can be reached");
  await page.keyboard.press("a");
  await list("Assignee").getByRole("option", { name: "@ops" }).waitFor();
  await page.keyboard.type("@op");
  await page.keyboard.press("Enter");
  await field("Assignee").filter({ hasText: "@ops" }).waitFor();
  await until(
    () => field("Assignee").evaluate((button) => button === document.activeElement),
    "the button has the keyboard again",
  );
  await page.keyboard.press("p");
  await page.keyboard.type("high");
  // It chooses, and sends nothing.
  await page.keyboard.press("Control+Enter");
  await field("Priority").filter({ hasText: "high" }).waitFor();
  await page.keyboard.press("l");
  await page.keyboard.type("auth");
  await page.keyboard.press("Enter");
  await page.keyboard.type("card pay");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await field("Tags").filter({ hasText: "auth, card-pay" }).waitFor();
  // By mouse.
  await field("Project").click();
  await list("Project").getByRole("option", { name: "Web shop" }).click();
  await field("Parent").click();
  await list("Parent").getByRole("option", { name: "Paying" }).click();
  await field("Waits for").click();
  await list("Waits for").getByRole("option", { name: "Deploy it" }).click();
  await page.keyboard.press("Escape");
  await field("Due").click();
  await page.keyboard.type("2026-12-24");
  await list("Due").getByRole("option").first().click();
  await field("Due").filter({ hasText: "Dec 24, 2026" }).waitFor();
  await page.reload();
  await page.locator("[data-card]").first().waitFor();
  await page.keyboard.press("c");
  await field("Parent").filter({ hasText: "Paying" }).waitFor();
  await field("Tags").click();
  await list("Tags").getByRole("option", { name: "card-pay" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByLabel("Title").press("Control+Enter");
  await page.waitForURL("**/ticket/**");
  const text = project.text(new URL(page.url()).pathname.split("/").at(-1) ?? "");
  for (const line of [
    "assignee: '@ops'",
    "priority: 1",
    "tags: [auth]",
    "project: web-shop",
    `parent: ${whole}`,
    `deps: [${two}]`,
    "due: 2026-12-24",
  ])
    expect(text).toContain(line);
  expect(faults.get(page)).toEqual([]);
});
