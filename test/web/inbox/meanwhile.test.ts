import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { faults, open, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";
import { CODER, focusIs, inboxName, lineOf, named, openedInbox } from "../../helpers/inboxScene.ts";
import { tempDir } from "../../helpers/tempDir.ts";

useBrowser();

describe("while others settle things too", () => {
  test("what is refused says why and what to do, and the line is as it is now", async () => {
    const { project, review, server } = await openedInbox();
    const page = await open("about:blank", {});
    // It hears of nothing.
    await page.route("**/api/events*", (route) => route.abort());
    await page.goto(`${server.url}/inbox`);
    await lineOf(page, review).waitFor();
    await project.ayo("ticket", "approve", review);
    await lineOf(page, review).getByRole("button", { name: "Approve" }).click();
    const said = page.locator(".toast.error");
    await said.waitFor();
    expect(await said.textContent()).toContain(`try: ayo ticket show ${review}`);
    await lineOf(page, review).waitFor({ state: "detached" });
  });

  test("nothing that is typed is lost or goes to another line when its question is settled or changed", async () => {
    const { page, project, asks, review } = await openedInbox();
    await lineOf(page, asks).getByRole("textbox").click();
    await page.keyboard.type("The re");
    await project.ayo("ticket", "answer", asks, "The green one");
    await project.ayo("ticket", "ask", asks, "Which train?", ...CODER);
    await lineOf(page, asks).getByText("The question is another one now. It was: Which bus?").waitFor();
    await page.keyboard.type("d on");
    await project.ayo("ticket", "answer", asks, "The slow one");
    await lineOf(page, asks).getByText("it was settled while you wrote").waitFor();
    await page.keyboard.type("e, eaej");
    expect(await lineOf(page, asks).getByRole("textbox").inputValue()).toBe("The red one, eaej");
    expect(await statusOf(project, review)).toBe("in_review");
    await lineOf(page, asks).getByRole("button", { name: "Add as note" }).click();
    await lineOf(page, asks).waitFor({ state: "detached" });
    expect(project.text(asks)).toMatch(/\nThe red one, eaej\n/);
    expect(project.text(asks)).not.toContain("Answer: The red one");
    await focusIs(page, review);

    await project.ayo("ticket", "ask", asks, "Which ship?", ...CODER);
    await lineOf(page, asks).getByRole("textbox").fill("The old one");
    await project.ayo("ticket", "answer", asks, "The new one");
    await lineOf(page, asks).getByRole("button", { name: "Discard" }).click();
    await lineOf(page, asks).waitFor({ state: "detached" });
    expect(project.text(asks)).not.toContain("The old one");
    expect(faults.get(page)).toEqual([]);
  });

  test("of two answers the one that was asked for later stays, whichever comes first", async () => {
    const { page, project, asks, review, given } = await openedInbox();
    await lineOf(page, given).waitFor();
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    await page.route(/\/api\/inbox\?/, async (route) => {
      if (held++ > 0) return route.fallback();
      const response = await route.fetch();
      await released;
      await route.fulfill({ response });
    });
    await project.ayo("ticket", "ask", given, "Which cat?", ...CODER);
    await until(async () => held === 1, "an answer is held back");
    // What is done here is read at once.
    await lineOf(page, asks).getByRole("button", { name: "Done" }).click();
    await lineOf(page, asks).waitFor({ state: "detached" });
    const arrived = page.waitForResponse(/\/api\/inbox\?/);
    release();
    await arrived;
    await project.ayo("ticket", "approve", review);
    await lineOf(page, review).getByText("settled meanwhile").waitFor();
    expect(await lineOf(page, asks).count()).toBe(0);
    expect(faults.get(page)).toEqual([]);
  });

  test("what is put away elsewhere, of which no event tells, shows with the clock", async () => {
    const { project, asks, given, server } = await openedInbox();
    const page = await open("about:blank", {});
    await page.clock.install();
    await page.goto(`${server.url}/inbox`);
    await lineOf(page, given).waitFor();
    await project.ayo("inbox", "done", asks);
    await page.clock.fastForward(30_000);
    await lineOf(page, asks).waitFor({ state: "detached" });
    expect(await inboxName(page)).toBe(named(4));
  });

  test("many changes are few reads, and a server that is away loses nothing of what is shown", async () => {
    const { page, project, asks, given, server } = await openedInbox();
    await lineOf(page, given).waitFor();
    await lineOf(page, asks).getByRole("textbox").fill("Half an ans");
    let reads = 0;
    page.on("request", (request) => {
      if (request.url().includes("/api/inbox")) reads++;
    });
    const begun = Date.now();
    for (let n = 0; n < 12; n++) await project.ayo("ticket", "update", given, "--title", `Cat ${n}`);
    await lineOf(page, given).getByText("Cat 11").waitFor();
    expect(reads).toBeLessThanOrEqual(2 + (Date.now() - begun) / 500);
    await server.end("SIGKILL");
    await page.getByText("offline: as of").waitFor();
    await lineOf(page, given).getByRole("button", { name: "Done" }).click();
    await page.locator(".toast.error", { hasText: "the server does not answer" }).waitFor();
    expect(await lineOf(page, asks).getByRole("textbox").inputValue()).toBe("Half an ans");
    expect(await lineOf(page, given).count()).toBe(1);
  });
});

/** Far more than are shown at first. */
const TOTAL = process.env.AYO_LONG === "1" ? 5_000 : 150;

test(`${TOTAL} lines are an inbox like any other`, async () => {
  const { page, project, server } = await opened("/board");
  const folder = tempDir();
  for (let n = 0; n < TOTAL; n++) {
    const id = `b-${n.toString(36).padStart(4, "0")}`;
    const front = `id: ${id}\nstatus: open\ncreated: 2026-11-21T03:38:00Z\ntype: task\nquestion: Which of ${n}?`;
    writeFileSync(path.join(folder, `${id}.md`), `---\n${front}\n---\n# Ticket ${n}\n`);
  }
  await project.run(["import", folder], { timeoutMs: 120_000 });
  await page.goto(`${server.url}/inbox`);
  const lines = page.locator("[data-line]");
  await lines.first().waitFor();
  await until(async () => (await inboxName(page)) === named(TOTAL), "the number");
  expect(await lines.count()).toBe(50);
  // By its role it would be looked for in all lines, also those that are not laid out.
  const more = page.locator(".more button");
  const last = (await lines.last().getAttribute("data-line"))?.split(":")[0] ?? "";
  await lineOf(page, last).getByRole("link").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await until(async () => (await lines.count()) === 100, "twice as many");
  const next = (await lines.nth(50).getAttribute("data-line"))?.split(":")[0] ?? "";
  await focusIs(page, next);
  while ((await more.count()) > 0) {
    const before = await lines.count();
    // Lines are laid out as they come near: a mouse would find it elsewhere.
    await more.press("Enter");
    await until(async () => (await lines.count()) > before, "more");
  }
  expect(await lines.count()).toBe(TOTAL);
  await lines.last().getByText("Done").click();
  await until(async () => (await inboxName(page)) === named(TOTAL - 1), "one less");
  expect(faults.get(page)).toEqual([]);
}, 180_000);
