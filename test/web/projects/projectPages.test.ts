import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Card } from "../../../src/web/data/shapes.ts";
import { peopleOf } from "../../../src/web/projects/people.ts";
import { faults, open, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

const fileOf = ({ tickets }: { readonly tickets: string }): string =>
  readFileSync(path.join(tickets, "projects/web-shop.md"), "utf8");
const card = (more: Partial<Card>): Card =>
  ({ category: "todo", assignee: null, claim: null, ...more }) as unknown as Card;

test("people of a project are who has its tickets, whoever has most of what is open first", () => {
  const held = { by: "@coder", until: null };
  expect(
    peopleOf([
      card({ assignee: "Mara", claim: held, category: "active" }),
      card({ assignee: "Mara, Jo" }),
      card({ assignee: "@coder", claim: held, category: "review" }),
      card({ assignee: "Jo", claim: held, category: "done" }),
      card({ assignee: "Jo", category: "cancelled" }),
      card({}),
    ]),
  ).toEqual([
    { name: "@coder", open: 2, done: 0 },
    { name: "Jo", open: 1, done: 1 },
    { name: "Mara", open: 1, done: 0 },
  ]);
});

test("projects have pages, by keyboard and by mouse: made, described, kept while typed, completed; others see it", async () => {
  const { page, project, one, two, server } = await opened("/board");
  await project.ayo("ticket", "update", two, "--project", "legal");
  await page.locator("[data-card]").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByRole("link", { name: "legal" }).waitFor();
  await page.getByText("no file").waitFor();
  await page.getByLabel("Name of a new project").fill("Web Shop");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/projects/web-shop");
  await page.locator("h1", { hasText: "Web Shop" }).waitFor();

  // By key into the form; what is typed is there after a reload.
  await page.keyboard.press("e");
  await page.locator(".panel input:focus").waitFor();
  await page.getByLabel("Lead").fill("@mara");
  await page.getByLabel("What it is about, in markdown").fill("All that *customers* see.");
  await page.reload();
  await until(async () => (await page.getByLabel("Lead").inputValue()) === "@mara", "what was typed");
  await page.locator(".pages select").selectOption("teal");
  await page.getByLabel("What it is about, in markdown").focus();
  await page.keyboard.press("Control+Enter");
  await page.getByText("led by @mara").waitFor();
  expect(await page.locator(".pages em").textContent()).toBe("customers");
  expect(await page.locator("h1 .dot.teal").count()).toBe(1);
  expect(fileOf(project)).toContain("lead: '@mara'");

  // Another browser hears of tickets that come and go.
  const other = await open(`${server.url}/projects/web-shop`, {});
  await other.getByText("0 open, 0 finished").waitFor();
  await project.ayo("ticket", "update", one, "--project", "web-shop", "-a", "@coder");
  for (const seen of [page, other]) {
    await seen.getByRole("link", { name: `${one} Build login` }).waitFor();
    await seen.getByRole("link", { name: "@coder", exact: true }).waitFor();
  }
  await project.ayo("ticket", "close", one);
  await other.getByText("100%").waitFor();
  await other.locator(".stages li", { hasText: "Closed" }).getByRole("link", { name: "1" }).waitFor();

  // Who was slower is told, and does not write over it by the way.
  await other.getByRole("button", { name: "Edit project" }).click();
  await other.getByLabel("Name", { exact: true }).fill("Shop");
  await project.ayo("project", "edit", "web-shop", "--lead", "@jo");
  await other.getByRole("button", { name: "Save" }).click();
  await other.locator(".toast.error").waitFor();
  expect(fileOf(project)).toContain("name: Web Shop");
  await other.getByRole("button", { name: "Save" }).click();
  await other.locator("h1", { hasText: /^\s*Shop$/ }).waitFor();
  expect(fileOf(project)).toContain("lead: '@jo'");
  await other.getByRole("button", { name: "Complete" }).click();
  await other.getByText("completed, led by @jo").waitFor();
  await other.getByRole("button", { name: "Archive" }).click();
  await other.getByRole("button", { name: "Reopen" }).waitFor();

  // The bar's menu by mouse; archived ones are behind a link.
  await page.getByRole("button", { name: "More: Projects" }).click();
  await page.locator("#more a", { hasText: "Projects" }).click();
  await page.waitForURL("**/projects");
  await page.getByRole("link", { name: "1 archived project" }).click();
  await page.getByRole("link", { name: "Shop" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("project legal");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/projects/legal");
  await page.getByRole("button", { name: "Describe this project" }).click();
  await page.getByRole("button", { name: "Edit project" }).waitFor();
  await page.goto(`${server.url}/projects/nope`);
  await page.locator(".failure", { hasText: "nope" }).waitFor();
  for (const seen of [page, other]) expect(faults.get(seen)).toEqual([]);
});
