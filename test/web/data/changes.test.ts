import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import {
  card,
  drag,
  faults,
  inLane,
  lane,
  open,
  opened,
  statusOf,
  until,
  useBrowser,
} from "../../helpers/boardPage.ts";

useBrowser();

/** What shows whatever is done: the stream of events, and how much is in the inbox. */
const OF_THE_PAGE = ["/api/events", "/api/inbox", "/api/projects"];

/** What the page asks the server for from now on besides that. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    // While a title is typed it is looked whether there is such a ticket: that changes nothing.
    if (request.postData()?.includes('"dryRun":true')) return;
    if (pathname.startsWith("/api/") && !OF_THE_PAGE.includes(pathname)) asked.push(`${request.method()} ${pathname}`);
  });
  return asked;
}

/** Holds the next answer to such a request back, once the server has given it; what it answers with lets it go. */
async function holdAnswer(page: Page, url: RegExp, method: string): Promise<{ isGiven(): boolean; release(): void }> {
  let given = false;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isFirst = true;
  await page.route(url, async (route: Route) => {
    if (!isFirst || route.request().method() !== method) return route.fallback();
    isFirst = false;
    const response = await route.fetch();
    given = true;
    await released;
    await route.fulfill({ response });
  });
  return { isGiven: () => given, release };
}

/** A change of another process, and the one read that shows it: everything before it has reached the page. */
async function changedElsewhere({ page, project, two }: Awaited<ReturnType<typeof opened>>, title: string) {
  const read = page.waitForResponse(/\/api\/tickets\?query=/);
  await project.ayo("ticket", "update", two, "--title", title);
  await read;
  await card(page, two).getByText(title).waitFor();
}

const READ = "GET /api/tickets";

test("of two answers the one that was asked for later stays, whichever comes first", async () => {
  const all = await opened();
  const { page, project, one } = all;
  await card(page, one).waitFor();
  const old = await holdAnswer(page, /\/api\/tickets\?query=/, "GET");
  await project.ayo("ticket", "start", one);
  await until(async () => old.isGiven(), "the older answer is given");
  await project.ayo("ticket", "close", one);
  await inLane(page, "closed", one).waitFor();
  const arrived = page.waitForResponse(/\/api\/tickets\?query=/);
  old.release();
  await arrived;
  await changedElsewhere(all, "Shown after it");
  expect(await inLane(page, "closed", one).count()).toBe(1);
  expect(faults.get(page)).toEqual([]);
});

test("the answer to a move that comes after what another changed since does not bring the past back", async () => {
  const { page, project, one } = await opened();
  await card(page, one).waitFor();
  const answer = await holdAnswer(page, /\/status/, "POST");
  await drag(page, one, "in_progress");
  await until(async () => answer.isGiven(), "moved on disk");
  await project.ayo("ticket", "close", one);
  await project.ayo("ticket", "update", one, "--title", "Closed since");
  // The event has come, and its ticket is still being moved.
  await card(page, one).getByText("Closed since").waitFor();
  expect(await inLane(page, "in_progress", one).count()).toBe(1);
  answer.release();
  await inLane(page, "closed", one).waitFor();
  expect(await card(page, one).getByText("Closed since").count()).toBe(1);
});

test("a change from the page is one request, and what it turned shows; one from elsewhere is one read", async () => {
  const all = await opened();
  const { page, project, one, two } = all;
  await card(page, two).locator(".blocked").waitFor();
  const asked = requestsOf(page);

  await drag(page, one, "in_progress");
  await page.getByText(`${one} “Build login” is in In progress`).waitFor();
  await card(page, one).focus();
  await page.keyboard.press("x");
  await card(page, two).locator(".blocked").waitFor({ state: "detached" });
  await inLane(page, "closed", one).waitFor();
  await changedElsewhere(all, "By a command");
  expect(asked.splice(0)).toEqual([`POST /api/tickets/${one}/status`, `POST /api/tickets/${one}/close`, READ]);

  await page.getByRole("button", { name: "Undo" }).last().click();
  await card(page, two).locator(".blocked").waitFor();
  await inLane(page, "in_progress", one).waitFor();
  await lane(page, "open").getByRole("button", { name: "New ticket in Open" }).click();
  await page.keyboard.type("Made here");
  await page.keyboard.press("Enter");
  await lane(page, "open").getByText("Made here").first().waitFor();
  await page.getByText(/^created /).waitFor();
  await changedElsewhere(all, "By another command");
  expect(asked.splice(0)).toEqual(["POST /api/undo", "POST /api/tickets", READ]);
  expect(await statusOf(project, one)).toBe("in_progress");
  expect(faults.get(page)).toEqual([]);
});

test("the page of a ticket reads it once after each change, by button, key and palette", async () => {
  const all = await opened("/ticket/ONE");
  const { page, project, one, two } = all;
  await page.locator(".stream > li").nth(0).waitFor();
  const asked = requestsOf(page);
  const read = [`GET /api/tickets/${one}`, `GET /api/tickets/${one}/history`];
  await page.getByRole("button", { name: "Start" }).click();
  await page.locator(".stream > li").nth(1).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Close");
  await page.getByRole("option", { name: `Close ${one}` }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".stream > li").nth(2).waitFor();
  await page.keyboard.press("x");
  await page.locator(".stream > li").nth(3).waitFor();
  await project.ayo("ticket", "note", one, "Seen");
  await page.locator(".stream > li").nth(4).waitFor();
  // The text of the note is the only one that nobody has read before.
  expect(asked.filter((one) => one === "POST /api/markdown")).toHaveLength(1);
  expect(asked.filter((one) => one !== READ && one !== "POST /api/markdown")).toEqual([
    `POST /api/tickets/${one}/start`,
    ...read,
    `POST /api/tickets/${one}/close`,
    ...read,
    `POST /api/tickets/${one}/reopen`,
    ...read,
    ...read,
  ]);
  expect(asked.filter((one) => one === READ).length).toBe(1);
  await page.goto(new URL("/board", page.url()).href);
  await card(page, two).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test("a refused move puts the card back, says why, and shows the ticket as it is now", async () => {
  const { project, two, server } = await opened();
  const page = await open("about:blank", {});
  await page.route("**/api/events*", (route) => route.abort());
  await page.goto(`${server.url}/board`);
  await card(page, two).waitFor();
  await project.ayo("ticket", "update", two, "--title", "Called otherwise");
  const asked = requestsOf(page);
  await drag(page, two, "in_progress");
  await page.getByText(`${two} “Deploy it” stays where it was`).waitFor();
  await inLane(page, "open", two).getByText("Called otherwise").waitFor();
  expect(asked).toEqual([`POST /api/tickets/${two}/status`, READ]);
});

test("what changes between the reading of the board and the beginning of the stream shows", async () => {
  const { page: other, project, one, two, server } = await opened();
  const page = await open("about:blank", {});
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await page.route("**/api/events*", async (route) => {
    await begun;
    await route.continue();
  });
  await page.goto(`${server.url}/board`);
  await card(page, two).waitFor();
  await project.ayo("ticket", "close", one);
  // Published by now: whoever listens from here on is not told.
  await inLane(other, "closed", one).waitFor();
  begin();
  await inLane(page, "closed", one).waitFor();
  await card(page, two).locator(".blocked").waitFor({ state: "detached" });
});
