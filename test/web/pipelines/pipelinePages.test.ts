import { expect, test } from "vitest";
import type { Card } from "../../../src/web/data/shapes.ts";
import { phasesOf } from "../../../src/web/data/shown/phases.ts";
import { placeIn } from "../../../src/web/data/shown/pipelinePlace.ts";
import { card, faults, opened, useBrowser } from "../../helpers/boardPage.ts";
import { allowedPipeline, allTickets, putPipeline, runsOf } from "../../helpers/pipelines.ts";

useBrowser();

test("phases are in the order of the columns, with the tickets of each, and how many are past it", () => {
  const column = (id: string, phase?: string) => ({ id, name: id, category: null, ...(phase ? { phase } : {}) });
  const columns = [column("a", "1"), column("b", "2"), column("c", "1"), column("d")];
  const card = (status: string, category: Card["category"] = "active") => ({ status, category });
  const cards = [card("c"), card("c"), card("b"), card("gone"), card("d", "done"), card("d", "cancelled")];
  const { phases, total } = phasesOf(columns, cards);
  expect(
    phases.map(({ name, beyond, columns: own }) => [name, beyond, ...own.map(({ id, count }) => `${id} ${count}`)]),
  ).toEqual([
    ["1", 2, "a 0", "c 2"],
    ["2", 1, "b 1"],
  ]);
  expect(total).toBe(4);
  expect(phasesOf([column("d")], [])).toEqual({ phases: [], total: 0 });
});

test("a ticket stands at the step that made it, a run at the one that it has come to", () => {
  const known = new Map([["p", ["plan", "tests", "report"]]]);
  const made = { id: "t", pipelineRun: "r", pipelineStep: "tests" };
  expect(placeIn(made, "p", known)).toEqual({ run: "r", step: "tests", n: 2, total: 3 });
  expect(placeIn(made, undefined, known)).toEqual({ run: "r", step: "tests", n: 0, total: 0 });
  const run = { id: "r", pipeline: "p", pipelineSteps: ["plan"] };
  expect(placeIn(run, "p", known)).toEqual({ run: "r", step: "plan", n: 1, total: 3 });
  expect(placeIn({ id: "r", pipeline: "p" }, "p", known)).toBeUndefined();
  expect(placeIn({ id: "t" }, undefined, known)).toBeUndefined();
});

const TEXT = `about: Look and tell
on: {event: ticket.closed, where: 'type:bug'}
steps:
  - id: look
    create: {title: 'Look at {{ticket.title}}'}
  - id: tell
    create: {title: 'Tell of {{ticket.title}}', deps: [look]}
`;

test("pipelines have pages: steps as a row, runs that go on while one looks, a badge on cards, a run begun and cancelled by hand", async () => {
  const { page, project, one, server } = await opened("/board");
  await allowedPipeline(project, "tell", TEXT);
  putPipeline(project, "broken", "on: {event: ticket.shut}\nsteps: [{note: x}]\n");
  await page.locator("[data-card]").first().waitFor();
  await project.ayo("ticket", "close", one);
  const [run] = await runsOf(project, "tell");
  const id = run?.id ?? "";
  expect(await allTickets(project)).toContainEqual(expect.objectContaining({ pipelineRun: id, pipelineStep: "look" }));
  await card(page, id).locator(".step", { hasText: "step 1 of 2: look" }).waitFor();

  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.locator(".panel", { hasText: "broken" }).getByText("no event is called 'ticket.shut'").waitFor();
  await page.getByText("takes effect here · begins by ticket.closed type:bug · 1 running, 1 begun today").waitFor();
  expect(await page.locator(".stages").first().locator("li b").allTextContents()).toEqual(["look", "tell"]);
  await page.getByRole("link", { name: "tell", exact: true }).click();
  await page.waitForURL("**/pipelines/tell");
  const steps = page.locator(".panel .stages li");
  await steps.filter({ hasText: "in work" }).waitFor();
  const look = (await steps.first().getByRole("link").textContent()) ?? "";
  await project.ayo("ticket", "close", look);
  await steps.filter({ hasText: "tell" }).filter({ hasText: "in work" }).waitFor();
  expect(await steps.first().getAttribute("class")).toContain("done");

  // What a step made says so on its own page.
  await steps.last().getByRole("link").click();
  await page.locator(".ticket .stages .own", { hasText: "tell" }).waitFor();
  await page.locator(".ticket").getByRole("link", { name: "tell", exact: true }).click();
  await page.getByLabel("Ticket that it is about").fill("nope");
  await page.getByRole("button", { name: "Run now" }).click();
  await page.locator(".toast.error").waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  expect(await page.getByLabel("Ticket that it is about").inputValue()).toBe("nope");
  await page.getByLabel("Ticket that it is about").fill(one);
  await page.keyboard.press("Enter");
  await page.locator(".panel").nth(1).waitFor();
  expect(await runsOf(project, "tell")).toHaveLength(2);
  await page.locator(".panel", { hasText: id }).getByRole("button", { name: "Cancel run" }).click();
  await page.locator(".lines li", { hasText: id }).getByText("Cancelled").waitFor();
  await page.goto(`${server.url}/pipelines/broken`);
  await page.locator(".notice", { hasText: "pipelines/broken.yml:1" }).waitFor();
  expect(await page.getByRole("button", { name: "Run now" }).count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});
