import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  card,
  chromiumWith,
  drag,
  faults,
  inLane,
  lane,
  open,
  opened,
  statusOf,
  until,
  useBrowser,
} from "../helpers/boardPage.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SCREENSHOTS = path.join(ROOT, "screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

useBrowser();
beforeAll(() => void mkdirSync(SCREENSHOTS, { recursive: true }));

describe("the board", () => {
  test("shows the columns, and moves a card by mouse; what is refused goes back and says why", async () => {
    const { page, project, one, two } = await opened();
    await inLane(page, "open", one).waitFor();
    expect(await lane(page, "open").locator("h2").textContent()).toBe("Open");
    expect(await lane(page, "open").locator(".count").first().textContent()).toBe("2");
    expect(await card(page, two).locator(".blocked .sr").textContent()).toBe(`waits for ${one}`);
    await drag(page, two, "in_progress");
    await page.getByText(`${two} stays where it was`).waitFor();
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

  test("is used by keys alone: from card to card, picking up, putting down and putting back", async () => {
    const { page, project, one, two } = await opened();
    await card(page, one).focus();
    await page.keyboard.press("ArrowDown");
    await until(
      async () => (await page.evaluate(() => document.activeElement?.getAttribute("data-card"))) === two,
      "down",
    );
    await page.keyboard.press("k");
    await page.keyboard.press("Space");
    await page.getByText(`${one} picked up`).waitFor({ state: "attached" });
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    expect(await statusOf(project, one)).toBe("open");
    await page.keyboard.press("Space");
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
      await page.getByText("b board, g graph, s search, t statistics").waitFor();
      await page.keyboard.press(second);
      await page.waitForURL(`**${view}`);
      await page.goBack();
    }
    // Neither is a second key that stands for nothing meant for the ticket.
    await card(page, one).focus();
    for (const key of ["g", "x", "g", "Space", "g", "Enter"]) await page.keyboard.press(key);
    expect(new URL(page.url()).pathname).toBe("/");
    await page.goto(`${server.url}/ticket/${one}`);
    await page.getByRole("heading", { name: "Build login" }).waitFor();
    for (const key of ["g", "x", "g", "s"]) await page.keyboard.press(key);
    await page.waitForURL("**/search");
    expect([project.subjects(), await page.locator(".toast").count()]).toEqual([before, 0]);

    await page.goto(`${server.url}/ticket/${one}`);
    await page.getByRole("heading", { name: "Build login" }).waitFor();
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
    const { page, project, one } = await opened("/", { hasTouch: true });
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
    const other = await open(server.url);
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
    const { page, project, one } = await opened("/", { viewport: { width: 390, height: 800 } });
    await card(page, one).waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
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
    await page.getByText("connection lost").waitFor();
    await project.ayo("ticket", "close", one);
    // The first answer after that does not come through either.
    await page.route("**/api/board*", (route) => route.abort(), { times: 1 });
    await startServe(project.dir, ["--port", port]);
    await inLane(page, "closed", one).waitFor();
    expect(await page.getByLabel("Title of a new ticket in Open").inputValue()).toBe("Half a title");
    await page.getByText("connection lost").waitFor({ state: "detached" });
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
    const stranger = await open(`http://127.0.0.1:${port}/`);
    expect(await stranger.locator("body").textContent()).toContain("unauthorized");
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

describe("the page of a ticket", () => {
  test("edits title, fields, notes and text in place, each a commit", async () => {
    const { page, project, one } = await opened("/ticket/ONE");
    await page.getByRole("button", { name: "Change the title" }).click();
    await page.getByLabel("Title").fill("Build the login");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Build the login" }).waitFor();
    await page.getByLabel("Priority").selectOption("0");
    // Before the page knows of the version that this made: another field is no conflict.
    await page.getByLabel("Tags").fill("auth, web");
    await page.keyboard.press("Enter");
    await until(async () => project.text(one).includes("tags: [auth, web]"), "tags on disk");
    expect(project.text(one)).toContain("priority: 0");
    await page.keyboard.press("Escape");
    await page.getByLabel("A note, in markdown").fill("It **works**.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".notes strong", { hasText: "works" }).waitFor();
    await page.getByRole("button", { name: "Edit the text" }).click();
    const field = page.getByLabel("Text, in markdown");
    // The title, criteria and notes are not part of it: all of it can be replaced.
    expect(await field.inputValue()).not.toContain("Build the login");
    await field.fill("With a `form`.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".markdown code", { hasText: "form" }).first().waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await until(async () => (await statusOf(project, one)) === "in_progress", "started");
    expect(project.text(one)).toContain("It **works**.");
    expect(project.subjects().length).toBeGreaterThanOrEqual(8);
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("a text is saved while an agent renews its claim and another person edits; only the same lines need a word", async () => {
    const { page, project, one, server } = await opened("/ticket/ONE");
    await project.ayo("ticket", "claim", one, "--as", "@coder");
    await project.ayo("ticket", "update", one, "--description", "First.\n\nSecond.\n\nThird.");
    await page.locator(".markdown", { hasText: "Third." }).waitFor();
    const other = await open(`${server.url}/ticket/${one}`);
    const edit = async (who: Page, from: string, to: string): Promise<void> => {
      if ((await who.getByLabel("Text, in markdown").count()) === 0) {
        await who.getByRole("button", { name: "Edit the text" }).click();
      }
      const field = who.getByLabel("Text, in markdown");
      await field.fill((await field.inputValue()).replace(from, to));
    };
    const save = (who: Page): Promise<void> => who.getByLabel("Text, in markdown").press("Control+Enter");
    const saved = (who: Page): Promise<void> => who.getByRole("button", { name: "Edit the text" }).waitFor();

    await edit(page, "First.", "First, by me.");
    await project.ayo("ticket", "renew", one, "--as", "@coder");
    await project.ayo("ticket", "note", one, "Half of it.", "--as", "@coder");
    await page.locator(".notes", { hasText: "Half of it." }).waitFor();
    expect(await page.getByText("Somebody changed this text").count()).toBe(0);
    await save(page);
    await saved(page);
    const text = project.text(one);
    expect(text).toContain("# Build login\n\nFirst, by me.\n\nSecond.\n\nThird.\n\n## Acceptance Criteria\n");
    expect(text).toMatch(/\*\*.*\*\* @coder\n\nHalf of it\.\n/);
    expect(project.text(one)).toContain("claimed-by: '@coder'");

    await other.locator(".markdown", { hasText: "First, by me." }).waitFor();
    await edit(page, "First, by me.", "First, by me again.");
    await edit(other, "Third.", "Third, by the other.");
    await save(other);
    await saved(other);
    await page.getByText("Somebody changed this text since you began").waitFor();
    await save(page);
    await page.getByText("put together with what somebody else changed").waitFor();
    expect(project.text(one)).toContain("First, by me again.\n\nSecond.\n\nThird, by the other.");

    await edit(page, "Second.", "Second, mine.");
    await other.locator(".markdown", { hasText: "by me again" }).waitFor();
    await edit(other, "Second.", "Second, theirs.");
    await save(other);
    await saved(other);
    await save(page);
    await page.getByRole("alertdialog").waitFor();
    await page.locator("mark", { hasText: "Second, theirs." }).waitFor();
    await page.reload();
    expect(await page.getByLabel("Yours, to edit").inputValue()).toContain("Second, mine.");
    await page.getByRole("button", { name: "Put theirs in, too" }).click();
    await page.getByRole("button", { name: "Save this text" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    await until(
      async () => project.text(one).includes("again.\n\nSecond, mine.\nSecond, theirs.\n\nThird, by"),
      "both on disk",
    );
    expect(project.text(one)).toContain("# Build login\n");
    expect([faults.get(page), faults.get(other)]).toEqual([[], []]);
    project.judge();
  });

  test("no field drops what is typed, or overwrites what others put there meanwhile", async () => {
    const { page, project, one, two, server } = await opened("/ticket/ONE");
    const tags = page.getByLabel("Tags");
    await tags.fill("auth, mine");
    await project.ayo("ticket", "update", one, "--add-tag", "remote");
    await page.getByText("meanwhile: auth, ui, remote; saving puts both together").waitFor();
    expect(await tags.inputValue()).toBe("auth, mine");
    await tags.press("Enter");
    await until(async () => project.text(one).includes("tags: [auth, remote, mine]"), "both tags on disk");
    await until(async () => (await tags.inputValue()) === "auth, remote, mine", "and in the field");

    const assignee = page.getByLabel("Assignee");
    await assignee.fill("@mine");
    await project.ayo("ticket", "assign", one, "@theirs");
    await page.getByText("meanwhile: @theirs. Enter takes yours, Escape theirs").waitFor();
    await page.getByLabel("Project").focus();
    expect([await assignee.inputValue(), project.text(one).includes("'@theirs'")]).toEqual(["@mine", true]);
    await assignee.press("Enter");
    await until(async () => project.text(one).includes("assignee: '@mine'"), "mine on disk");
    await page.getByLabel("Project").fill("x");
    await page.keyboard.press("Escape");

    await page.getByLabel("Due").fill("some day");
    await page.keyboard.press("Enter");
    await page.locator(".toast.error").first().waitFor();
    await page.getByRole("button", { name: "Change the title" }).click();
    await page.getByLabel("Title").fill("Mine");
    await project.ayo("ticket", "update", one, "--title", "Theirs");
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Half a reason");
    await page.keyboard.press("Escape");
    await page.reload();
    expect(await page.getByLabel("Title").inputValue()).toBe("Mine");
    await page.getByText("not saved: Enter in the field saves it").waitFor();
    expect(await page.getByLabel("Due").inputValue()).toBe("some day");
    await page.getByRole("button", { name: "Block" }).click();
    const reason = page.getByRole("dialog").getByRole("textbox");
    expect(await reason.inputValue()).toBe("Half a reason");
    await page.keyboard.press("Escape");
    await page.getByLabel("Title").press("Enter");
    await page.getByText('now it is called "Theirs"').waitFor();
    await page.getByLabel("Title").press("Enter");
    await page.getByRole("heading", { name: "Mine" }).waitFor();

    await page.getByLabel("A note, in markdown").fill("Half a note");
    await project.ayo("ticket", "delete", one, "--yes");
    await page.getByText("What you had typed here and not saved").waitFor();
    await page.locator("pre", { hasText: "Half a note" }).waitFor();
    await page.goto(`${server.url}/ticket/${two}`);
    await page.getByLabel("A note, in markdown").waitFor();
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("");
    expect(project.text(two)).not.toContain("project:");
    expect(faults.get(page)).toEqual([]);
  });

  test("claims, ticks criteria, rejects with a reason, and approves", async () => {
    const { page, project, server } = await opened();
    // Who ever held a ticket does not approve it.
    const other = await project.ayo("ticket", "create", "Claimed");
    await page.goto(`${server.url}/ticket/${other}`);
    await page.getByRole("button", { name: "Claim" }).click();
    await page.getByText("claimed by").waitFor();
    await page.getByRole("button", { name: "Release" }).click();
    await page.getByText("claimed by").waitFor({ state: "detached" });
    const id = await project.ayo("ticket", "create", "Reviewed", "--acceptance", "It works\nIt is fast");
    await page.goto(`${server.url}/ticket/${id}`);
    await page.getByRole("checkbox", { name: "It works" }).check();
    await until(async () => project.text(id).includes("- [x] It works"), "ticked on disk");
    await page.getByText("1 of 2").waitFor();
    const submit = async (): Promise<void> => {
      await project.ayo("ticket", "claim", id, "--as", "@coder");
      await page.locator(".claim", { hasText: "@coder" }).waitFor();
      await project.ayo("ticket", "submit", id, "--as", "@coder");
      await page.getByRole("button", { name: "Approve" }).waitFor();
      await page.locator(".claim", { hasText: "work of @coder" }).waitFor();
    };
    await submit();
    await project.ayo("ticket", "claim", id, "--as", "@rex");
    await page.locator(".claim", { hasText: "in review by @rex" }).waitFor();
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("dialog", { name: "What is missing?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await statusOf(project, id)).toBe("in_review");
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("It is slow");
    await page.keyboard.press("Control+Enter");
    await page.locator(".notes", { hasText: "It is slow" }).waitFor();
    await page.getByRole("button", { name: "Start" }).waitFor();
    await submit();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("button", { name: "Reopen" }).waitFor();
    expect(await statusOf(project, id)).toBe("closed");
    expect(faults.get(page)).toEqual([]);
  });

  test("what was closed by hand while an agent worked says so, frees nothing, and is confirmed on its page", async () => {
    const { page, project, one, two } = await opened("/ticket/ONE");
    await page.getByRole("heading", { name: "Build login" }).waitFor();
    await project.run(["config", "review", "required"]);
    await project.run(["ticket", "claim", one, "--as", "@coder"]);
    project.write(one, project.text(one).replace(/^status: .*$/m, "status: closed"));
    await project.run(["ticket", "note", two, "next", "--as", "@coder"]);
    await page.getByText("changed by hand while agents worked (status)").waitFor();
    expect((await project.json<{ tickets: unknown[] }>("ticket", "ready")).tickets).toEqual([]);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("changed by hand while agents worked").waitFor({ state: "detached" });
    expect(project.text(one)).not.toContain("unconfirmed");
    expect((await project.json<{ tickets: unknown[] }>("ticket", "ready")).tickets).toMatchObject([{ id: two }]);
  });

  test("answers what an agent asks", async () => {
    const { page, project, one } = await opened("/ticket/ONE");
    await project.ayo("ticket", "claim", one, "--as", "@coder");
    await project.ayo("ticket", "ask", one, "Which database?", "--as", "@coder");
    await page.getByText("asks: Which database?").waitFor();
    await page.getByRole("button", { name: "Answer" }).click();
    await page.getByRole("dialog", { name: "Which database?" }).waitFor();
    await page.keyboard.type("SQLite");
    await page.getByRole("dialog").getByRole("button", { name: "Answer" }).click();
    await page.locator(".notes", { hasText: "SQLite" }).waitFor();
    await page.getByText("asks: Which database?").waitFor({ state: "detached" });
    expect(project.text(one)).toContain("SQLite");
  });

  test("keeps drafts of texts, notes and new tickets over a reload", async () => {
    const { page, one } = await opened("/ticket/ONE");
    await page.getByRole("button", { name: "Edit the text" }).click();
    await page.getByLabel("Text, in markdown").fill("# Half\n");
    await page.getByLabel("A note, in markdown").fill("half a note");
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await page.getByLabel("Title").last().fill("Half a ticket");
    await page.reload();
    await page.waitForURL(`**/ticket/${one}`);
    await until(async () => (await page.getByLabel("Text, in markdown").inputValue()) === "# Half\n", "the text");
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("half a note");
    // Another window of the same browser sends its own note: this one's draft stays.
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByLabel("A note, in markdown").fill("another note");
    await page.getByLabel("A note, in markdown").fill("half a note more");
    await other.getByLabel("A note, in markdown").press("Control+Enter");
    await page.locator(".notes", { hasText: "another note" }).waitFor();
    await page.reload();
    await page.getByLabel("A note, in markdown").waitFor();
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("half a note more");
    await page.getByRole("button", { name: "New ticket" }).click();
    expect(await page.getByRole("dialog").getByLabel("Title").inputValue()).toBe("Half a ticket");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { name: "Half a ticket" }).waitFor();
  });
});

const PAYLOADS = [
  "<script>window.pwned=1</script>",
  "<img src=x onerror=window.pwned=1>",
  "<svg onload=window.pwned=1><script>window.pwned=1</script></svg>",
  "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.pwned=1&gt;'>",
  "<a href='javascript:window.pwned=1'>x</a>",
  "[x](javascript:window.pwned=1) [y](JaVaScRiPt:window.pwned=1) [z](data:text/html;base64,PHNjcmlwdD4=)",
  "<a href='java\tscript:window.pwned=1'>tab</a>",
  "![x](x' onerror='window.pwned=1)",
  "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe><object data=javascript:1></object><embed src=javascript:1>",
  "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css><p style='position:fixed;inset:0'>x</p>",
  "<form id=app name=dialog action=//evil.example><input name=submit><button formaction=//evil.example>x</button></form>",
  "<img name=getElementById><a id=location href=x></a><div id=main></div>",
  "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
  "<input autofocus onfocus=window.pwned=1><details open ontoggle=window.pwned=1>x</details>",
  "<video><source onerror=window.pwned=1></video><audio src=//evil.example/a></audio>",
  "![picture](https://evil.example/track.png)",
  "<template><script>window.pwned=1</script></template><noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>",
  "{{constructor.constructor('window.pwned=1')()}} <%= window.pwned=1 %>",
  "\u202etxt.exe <b>bold</b>",
];

test("nothing that stands in a ticket runs, loads or hides anything, in any view", async () => {
  const project = await tempStore();
  const body = PAYLOADS.map((text) => `${text}\n`).join("\n");
  const quote = (text: string): string => JSON.stringify(text);
  const ids = PAYLOADS.map((text, n) => {
    const id = `x-${String(n).padStart(4, "0")}`;
    const title = text.replaceAll("\n", " ");
    const fields = `assignee: ${quote(title)}\ntags: [${quote(title)}]\nproject: ${quote(title)}\ndeps: [${n > 0 ? "x-0000" : ""}]`;
    project.write(
      id,
      `---\nid: ${id}\nstatus: open\n${fields}\ntype: task\npriority: 2\ncreated: 2026-11-21T03:38:00Z\nblocked-reason: ${quote(title)}\nodd: ${quote(title)}\n---\n# ${title}\n\n${n === 0 ? body : text}\n\n## Acceptance Criteria\n\n- [ ] ${title}\n\n## Notes\n\n**2026-11-21T03:40:00Z** @x\n\n${n === 0 ? body : text}\n`,
    );
    return id;
  });
  await project.ayo("ticket", "list", "-q");
  const { url } = await startServe(project.dir);
  const page = await open(url);
  const views = [
    "/",
    "/?group=assignee",
    "/graph",
    "/stats?days=0",
    "/search?q=window",
    ...ids.map((id) => `/ticket/${id}`),
  ];
  for (const view of views) {
    await page.goto(url + view);
    await page.waitForFunction(() => document.querySelector(".card, canvas, .tiles, .found li, .ticket") !== null);
    expect(await page.evaluate(() => Reflect.get(window, "pwned")), view).toBeUndefined();
  }
  await page.goto(`${url}/ticket/x-0000`);
  await page.locator(".markdown").first().waitFor();
  await page.getByText("History (").click();
  const bad = await page.evaluate(() => {
    const inside = [...document.querySelectorAll(".markdown *")];
    const names = inside.filter((one) =>
      /^(script|style|iframe|object|embed|form|svg|math|link|meta|base|video|audio|button|template)$/i.test(
        one.tagName,
      ),
    );
    const attributes = inside
      .flatMap((one) => [...one.attributes])
      .filter(({ name, value }) => {
        const isLink = ["href", "src", "action"].includes(name) && /^\s*(javascript|data:text|vbscript)/i.test(value);
        return /^on|^(style|id|name|srcdoc|formaction|class)$/i.test(name) || isLink;
      });
    return [...names.map(({ tagName }) => tagName), ...attributes.map(({ name, value }) => `${name}=${value}`)];
  });
  expect(bad).toEqual([]);
  expect(await page.locator(".bar .brand").isVisible()).toBe(true);
  expect(faults.get(page)).toEqual([]);
});

test("a page of another site learns nothing and changes nothing, by whatever name it calls the server", async () => {
  const { project, one, server } = await opened();
  const { port } = new URL(server.url);
  const evil = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title><body>");
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void evil.close());
  const before = project.subjects();
  // The second name leads here too, as a name that was bound anew would.
  const hostile = await chromiumWith([`--host-resolver-rules=MAP rebound.example 127.0.0.1`]);
  const page = await (await hostile.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const tried = await page.evaluate(
    async ([ours, id]) => {
      const said = (what: Promise<unknown>): Promise<string> =>
        what.then(
          () => "got in",
          () => "kept out",
        );
      const json = { "content-type": "application/json" };
      const text = { "content-type": "text/plain" };
      const body = JSON.stringify({ title: "forged" });
      const stream = new Promise((resolve, reject) => {
        const source = new EventSource(`${ours}/api/events`);
        source.addEventListener("hello", resolve);
        source.onerror = reject;
      });
      const script = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        Object.assign(element, { src: `${ours}/api/board`, onload: resolve, onerror: reject });
        document.body.append(element);
      });
      return Promise.all([
        said(fetch(`${ours}/api/board`).then((response) => response.text())),
        said(fetch(`${ours}/api/tickets`, { method: "POST", headers: json, body })),
        said(fetch(`${ours}/api/tickets/${id}`, { method: "DELETE" })),
        said(stream),
        said(script),
        // Reaches the server as what forms send does; nothing must come of it.
        said(fetch(`${ours}/api/tickets`, { method: "POST", mode: "no-cors", headers: text, body })),
      ]);
    },
    [server.url, one] as const,
  );
  expect(tried).toEqual(Array(6).fill("kept out"));
  const rebound = await page.goto(`http://rebound.example:${port}/`);
  expect(rebound?.status()).toBe(403);
  expect(await page.locator("body").textContent()).toContain("forbidden_host");
  expect(project.subjects()).toEqual(before);
});

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run(document).then((result) => result.violations)")) as Violation[];
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

describe("every view", () => {
  const VIEWS = [
    ["board", "/", ".card"],
    ["boardGrouped", "/?group=parent&q=is:open", ".heading"],
    ["ticket", "/ticket/sho-h3vt", ".ticket .history, .ticket .notes li"],
    ["graph", "/graph?critical=1", "canvas"],
    ["search", "/search?q=login", ".found li"],
    ["stats", "/stats?days=30", ".tiles"],
  ] as const;

  test("has no serious fault for people who use it by other means, light and dark; and a picture", async () => {
    const project = storeIn((await tempStore()).dir);
    const example = path.join(ROOT, ".tickets.example");
    await project.ayo("import", example);
    const { url } = await startServe(project.dir);
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(url, { colorScheme });
      for (const [name, where, sign] of VIEWS) {
        await page.goto(url + where);
        await page.locator(sign).first().waitFor();
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${colorScheme}.png`) });
        expect(await violations(page), `${name} ${colorScheme}`).toEqual([]);
      }
      for (const key of ["?", "c", "Control+k"]) {
        await page.goto(`${url}/graph`);
        await page.locator("canvas").waitFor();
        await page.keyboard.press(key);
        await page.getByRole("dialog").waitFor();
        expect(await violations(page), `dialog ${key} ${colorScheme}`).toEqual([]);
      }
      expect(faults.get(page)).toEqual([]);
    }
  });

  test("fits a phone without a serious fault, and stands still for who wants no motion", async () => {
    const project = storeIn((await tempStore()).dir);
    await project.ayo("import", path.join(ROOT, ".tickets.example"));
    const { url } = await startServe(project.dir);
    const page = await open(url, { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: "reduce" });
    const wrong = [
      ["boardRefused", "/?q=is%3Anope", ".filter-problem:not(:empty)"],
      ["nowhere", "/nowhere", ".failure"],
      ["noTicket", "/ticket/nope-1", ".failure"],
    ] as const;
    for (const [name, where, sign] of [...VIEWS, ...wrong]) {
      await page.goto(url + where);
      await page.locator(sign).first().waitFor();
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-phone.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
      expect(await violations(page), name).toEqual([]);
    }
    await page.goto(`${url}/ticket/sho-d0pf`);
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator(".toast").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByRole("dialog", { name: "What does it wait for?" }).waitFor();
    expect(await violations(page), "a question").toEqual([]);
  });

  test("the graph can be read as text, focused and zoomed", async () => {
    const { page, one, two } = await opened("/graph");
    await page.locator("canvas").waitFor();
    await page.getByText("As text").click();
    await page.getByText(`waits for ${one}`).waitFor();
    await page.getByLabel("Only what comes before").fill(two);
    await page.waitForURL(`**/graph?focus=${two}`);
    const pixels = () => page.evaluate(() => document.querySelector("canvas")?.toDataURL());
    const before = await pixels();
    await page.locator("canvas").focus();
    await page.keyboard.press("+");
    await until(async () => (await pixels()) !== before, "nearer");
  });

  test("statistics count what was done, the archive too, and tell the value under the pointer", async () => {
    const { page, project, one } = await opened("/stats");
    await project.ayo("ticket", "start", one);
    await project.ayo("ticket", "close", one);
    await until(async () => (await page.locator(".tiles dd b").first().textContent()) === "1", "one done");
    await page.locator(".chart svg").first().hover();
    await page.getByText(/^\d{4}-\d\d-\d\d: finished \d+, in progress \d+, to do \d+$/).waitFor();
  });
});

/** Far more than fit into a window. */
const TOTAL = process.env.AYO_LONG === "1" ? 10_000 : 2_000;

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
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await inLane(page, "in_progress", last).waitFor();
  // It is shown there before the server has moved it.
  await page.getByText(`${last} is in In progress`).waitFor();
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
