import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
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
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { CLI } from "../../helpers/runCli.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { tempStore } from "../../helpers/tempStore.ts";

useBrowser();

describe("the board", () => {
  test("shows the columns, and moves a card by mouse; what is refused goes back and says why", async () => {
    const { page, project, one, two } = await opened();
    await inLane(page, "open", one).waitFor();
    expect(await lane(page, "open").locator("h2").textContent()).toBe("Open");
    expect(await lane(page, "open").locator(".count").first().textContent()).toBe("2");
    expect(await card(page, two).locator(".blocked .sr").textContent()).toBe(`waits for ${one}`);
    await drag(page, two, "in_progress");
    await page.getByText(`${two} “Deploy it” stays where it was`).waitFor();
    await inLane(page, "open", two).waitFor();
    await drag(page, one, "in_progress");
    await inLane(page, "in_progress", one).waitFor();
    await until(async () => (await statusOf(project, one)) === "in_progress", "moved on disk");
    expect(page.url()).not.toContain("/ticket/");
    await page.getByRole("button", { name: "Undo" }).click();
    await inLane(page, "open", one).waitFor();
    await until(async () => (await statusOf(project, one)) === "open", "taken back on disk");
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("says on a card when its ticket is due, and when that is over", async () => {
    const { page, project, one, two } = await opened();
    await project.ayo("ticket", "update", one, "--due", "2020-02-29");
    await project.ayo("ticket", "update", two, "--due", "2099-02-28");
    await card(page, one).locator(".due.over").waitFor();
    expect(await card(page, one).locator(".due").getAttribute("title")).toBe("overdue Feb 29, 2020");
    await card(page, two).locator(".due").waitFor();
    expect(await card(page, two).locator(".due").getAttribute("title")).toBe("due Feb 28, 2099");
    await project.ayo("ticket", "close", one);
    await until(async () => (await card(page, one).locator(".due").count()) === 0, "no longer late");
    expect(faults.get(page)).toEqual([]);
  });

  test("is used by keys alone: from card to card, picking up, putting down and putting back", async () => {
    const { page, project, one, two } = await opened();
    await card(page, one).focus();
    await page.keyboard.press("ArrowDown");
    await until(
      async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === two,
      "down",
    );
    await page.keyboard.press("k");
    await page.keyboard.press("d");
    await page.getByText(`${one} picked up`).waitFor({ state: "attached" });
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    expect(await statusOf(project, one)).toBe("open");
    await page.keyboard.press("d");
    await page.keyboard.press("ArrowRight");
    await page.getByText("over In progress").waitFor({ state: "attached" });
    await page.keyboard.press("Space");
    await inLane(page, "in_progress", one).waitFor();
    await until(async () => (await statusOf(project, one)) === "in_progress", "moved on disk");
    await until(
      async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === one,
      "the card keeps the keyboard",
    );
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ticket/${one}`);
  });

  test("takes a sequence of keys for what it is, wherever the keyboard is, and a held key for one", async () => {
    const { page, project, one, server } = await opened();
    const before = project.subjects();
    for (const [second, view] of [
      ["s", "/search"],
      ["t", "/stats"],
    ] as const) {
      await card(page, one).focus();
      await page.keyboard.press("g");
      await page.getByText("g graph, s search, t statistics").waitFor();
      await page.keyboard.press(second);
      await page.waitForURL(`**${view}`);
      await page.goBack();
    }
    // Neither is a second key that stands for nothing meant for the ticket.
    await card(page, one).focus();
    for (const key of ["g", "x", "g", "Space", "g", "Enter"]) await page.keyboard.press(key);
    expect(new URL(page.url()).pathname).toBe("/board");
    await page.goto(`${server.url}/ticket/${one}`);
    await page.getByRole("heading", { name: "Build login" }).waitFor();
    for (const key of ["g", "x", "g", "s"]) await page.keyboard.press(key);
    await page.waitForURL("**/search");
    expect([project.subjects(), await page.locator(".toast").count()]).toEqual([before, 0]);

    await page.goto(`${server.url}/ticket/${one}`);
    await page.getByRole("heading", { name: "Build login" }).waitFor();
    // Somebody has seen it before he presses a key: what is drawn listens a moment later.
    await page.getByRole("button", { name: "Close", exact: true }).waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))));
    await page.keyboard.down("x");
    await page.getByRole("button", { name: "Reopen" }).waitFor();
    // It is still held: what a browser sends then would reopen it.
    await page.keyboard.down("x");
    await page.keyboard.up("x");
    await page.keyboard.press("n");
    await page.keyboard.type("gsx");
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("gsx");
    expect([await statusOf(project, one), project.subjects().length]).toEqual(["closed", before.length + 1]);

    // A list that something was chosen from would take a letter for a choice.
    const column = page.getByLabel("Column");
    await column.dispatchEvent("pointerdown");
    await column.focus();
    await column.selectOption("open");
    await page.getByRole("button", { name: "Start" }).waitFor();
    await page.keyboard.press("c");
    await page.getByRole("dialog", { name: "New ticket" }).waitFor();
    expect(await statusOf(project, one)).toBe("open");
    expect(faults.get(page)).toEqual([]);
  });

  test("is moved by a finger that rests on a card", async () => {
    const { page, project, one } = await opened("/board", { hasTouch: true });
    await card(page, one).waitFor();
    const from = (await card(page, one).boundingBox())!;
    const to = (await lane(page, "in_progress").boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", x: number, y: number) =>
      client.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
    await touch("touchStart", from.x + 30, from.y + 30);
    await page.locator(".ghost").waitFor({ state: "attached" });
    for (let step = 1; step <= 5; step++) {
      await touch("touchMove", from.x + 30 + ((to.x + 60 - from.x - 30) * step) / 5, from.y + 30 + step);
    }
    await touch("touchEnd", 0, 0);
    await inLane(page, "in_progress", one).waitFor();
    await until(async () => (await statusOf(project, one)) === "in_progress", "moved on disk");
  });

  test("follows what commands, editors and another browser do", async () => {
    const { page, project, one, two, server } = await opened();
    const other = await open(`${server.url}/board`);
    await card(page, two).waitFor();
    await card(other, two).waitFor();
    await project.ayo("ticket", "close", one);
    for (const each of [page, other]) {
      await inLane(each, "closed", one).waitFor();
      await card(each, two).locator(".blocked").waitFor({ state: "detached" });
    }
    const three = await project.ayo("ticket", "create", "Third");
    await card(page, three).waitFor();
    project.write(three, project.text(three).replace("# Third", "# By hand"));
    await card(page, three).getByText("By hand").waitFor();
    await drag(other, three, "in_progress");
    await inLane(page, "in_progress", three).waitFor();
    await project.ayo("ticket", "delete", three, "--yes");
    await card(page, three).waitFor({ state: "detached" });
    expect([faults.get(page), faults.get(other)]).toEqual([[], []]);
  });

  test("is filtered and grouped by its address, and the back button works", async () => {
    const { page, one, two, server } = await opened();
    await card(page, two).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("is:blocked");
    await card(page, one).waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("q")).toBe("is:blocked");
    await page.getByLabel("Filter").fill("is:blokced");
    await page.getByText("'is:blokced': is 'blokced' is not one of open").waitFor();
    // What was there before holds until the word is one.
    expect(await card(page, one).count()).toBe(0);
    await page.getByLabel("Filter").fill("priority:<2 tag:auth -is:blocked");
    await card(page, one).waitFor();
    expect(await card(page, two).count()).toBe(0);
    await page.goto(`${server.url}/?q=-assignee%3Aops&group=assignee`);
    await card(page, one).waitFor();
    expect(await card(page, two).count()).toBe(0);
    await lane(page, "open").getByText("no assignee").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("g");
    await page.waitForURL("**/graph");
    await page.goBack();
    await card(page, one).waitFor();
    expect(page.url()).toContain("group=assignee");
  });

  test("has a palette, a help sheet, quick creation, dark colours and a phone's width", async () => {
    const { page, project, one } = await opened("/board", { viewport: { width: 390, height: 800 } });
    await card(page, one).waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    expect(await sheet.getByRole("link", { name: "the guide" }).getAttribute("href")).toBe("/guide");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("login");
    await page.getByRole("option", { name: "Build login" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ticket/${one}`);
    await page.getByRole("heading", { name: "Build login" }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.goBack();
    await lane(page, "open").getByRole("button", { name: "New ticket in Open" }).click();
    await page.getByLabel("Title of a new ticket in Open").waitFor();
    await page.keyboard.type("Quickly made");
    await page.keyboard.press("Enter");
    await lane(page, "open").getByText("Quickly made").waitFor();
    expect(project.subjects()[0]).toMatch(/^create .*Quickly made$/);
    await page.keyboard.press("Escape");
    const before = await page.evaluate(() => getComputedStyle(document.body.parentElement!).backgroundColor);
    await page.getByRole("button", { name: "Dark colours" }).click();
    await page.reload();
    await card(page, one).waitFor();
    const after = await page.evaluate(() => getComputedStyle(document.body.parentElement!).backgroundColor);
    expect(after).not.toBe(before);
  });

  test("says quietly that the connection is lost, and catches up when it is back", async () => {
    const { page, project, one, server } = await opened();
    await card(page, one).waitFor();
    const { port } = new URL(server.url);
    await lane(page, "open").getByRole("button", { name: "New ticket in Open" }).click();
    await page.getByLabel("Title of a new ticket in Open").fill("Half a title");
    await server.end("SIGKILL");
    await page.getByText("offline: as of").waitFor();
    await project.ayo("ticket", "close", one);
    // The first answer after that does not come through either.
    await page.route("**/api/board*", (route) => route.abort(), { times: 1 });
    await startServe(project.dir, ["--port", port]);
    await inLane(page, "closed", one).waitFor();
    expect(await page.getByLabel("Title of a new ticket in Open").inputValue()).toBe("Half a title");
    await page.getByText("offline: as of").waitFor({ state: "detached" });
  });

  test("opens with a token, once in the address and then no more", async () => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "Guarded");
    const server = await startServe(project.dir, ["--host", "0.0.0.0"]);
    const { port, search } = new URL(server.printed);
    const page = await open(`http://127.0.0.1:${port}/${search}`);
    await card(page, id).waitFor();
    expect(page.url()).not.toContain("token");
    await project.ayo("ticket", "close", id);
    await inLane(page, "closed", id).waitFor();
    const stranger = await open(`http://127.0.0.1:${port}/`, {});
    expect(await stranger.locator("body").textContent()).toContain("Sign in to ayo");
  });

  test("says what helps where there is nothing, and where a file cannot be read", async () => {
    const project = await tempStore();
    const { url } = await startServe(project.dir);
    const page = await open(url);
    await page.getByText("No tickets yet").waitFor();
    writeFileSync(path.join(project.tickets, "bad-1.md"), "---\nid: [\n---\n# Bad\n");
    await page.getByText("1 file is no readable ticket").waitFor();
    await page.goto(`${url}/ticket/nope-1`);
    await page.getByText("There is no ticket nope-1").waitFor();
    await page.goto(`${url}/ticket/bad-1`);
    await page.getByText("bad-1 cannot be shown").waitFor();
    // As beads calls its children: the address is the ticket's own, after a click, a reload and in a text.
    project.write("bd-a1b2.1", "---\nid: bd-a1b2.1\nstatus: open\n---\n# A child\n\nSee bd-a1b2.1.2 and bd-a1b2.1.\n");
    await page.goto(`${url}/ticket/bd-a1b2.1`);
    await page.getByRole("heading", { name: "A child" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "A child" }).waitFor();
    const links = page.locator(".markdown a");
    await links.first().waitFor();
    expect(await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")))).toEqual([
      "/ticket/bd-a1b2.1",
      "/ticket/bd-a1b2.1",
    ]);
    expect(await page.locator(".markdown").textContent()).toContain("See bd-a1b2.1.2 and bd-a1b2.1.");
    const lost = await page.goto(`${url}/nowhere`);
    expect(lost?.status()).toBe(404);
    await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  });
});

/** Far more than fit into a window. */
const TOTAL = process.env.AYO_LONG === "1" ? 10_000 : 1_000;

test(`${TOTAL} tickets are a board like any other`, async () => {
  const project = await tempStore();
  for (let n = 0; n < TOTAL; n++) {
    const id = `b-${n.toString(36).padStart(4, "0")}`;
    const status = n % 2 === 0 ? "open" : "closed";
    project.write(
      id,
      `---\nid: ${id}\nstatus: ${status}\ncreated: 2026-11-21T03:38:00Z\ntype: task\npriority: ${n % 5}\n---\n# Ticket ${n}\n`,
    );
  }
  await project.run(["ticket", "note", "b-0000", "committed"], { timeoutMs: 120_000 });
  const { url } = await startServe(project.dir);
  const page = await open(url);
  await page.locator(".card").first().waitFor();
  expect(await lane(page, "open").locator(".count").first().textContent()).toBe(String(TOTAL / 2));
  expect(await page.locator(".card").count()).toBeLessThan(120);
  const cards = lane(page, "open").locator(".cards");
  await cards.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await lane(page, "open")
    .locator(`[aria-posinset="${TOTAL / 2}"]`)
    .waitFor();
  const last = (await lane(page, "open")
    .locator(`[aria-posinset="${TOTAL / 2}"] .card`)
    .getAttribute("data-card"))!;
  await card(page, last).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await inLane(page, "in_progress", last).waitFor();
  // It is shown there before the server has moved it.
  await page.locator(".toast", { hasText: last }).getByText("is in In progress").waitFor();
  await project.ayo("ticket", "close", last);
  await inLane(page, "in_progress", last).waitFor({ state: "detached" });
  expect(faults.get(page)).toEqual([]);
}, 180_000);

test("ayo board --web opens the board", async () => {
  const project = await tempStore();
  const seen = path.join(project.dir, "seen");
  const opener = path.join(project.dir, "opener");
  writeFileSync(opener, `#!/bin/sh\necho "$1" > ${seen}\n`, { mode: 0o755 });
  const env = { ...hermeticEnv(sharedHome()), BROWSER: opener };
  const child = spawn(process.execPath, [CLI, "board", "--web"], { cwd: project.dir, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let url = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    url += text;
  });
  await until(async () => {
    try {
      return url !== "" && readFileSync(seen, "utf8") === url;
    } catch {
      return false;
    }
  }, "opened");
});
