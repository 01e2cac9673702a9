import { describe, expect, test } from "vitest";
import { faults, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";
import { CODER, focusIs, inboxName, keysOf, lineOf, named, openedInbox } from "../../helpers/inboxScene.ts";

useBrowser();

describe("the inbox", () => {
  test("shows what needs the person by kind, beside every view how much, and comes and goes with the store", async () => {
    const { page, project, one, asks, review, hand, said, given } = await openedInbox("/graph");
    await until(async () => (await inboxName(page)) === named(5), "the number");
    await page.getByRole("link", { name: "Needs me" }).click();
    await page.waitForURL("**/inbox");
    await lineOf(page, given).waitFor();
    expect(await page.locator(".inbox h2").allTextContents()).toEqual([
      "Questions",
      "To review",
      "Changed by hand",
      "Mentions",
      "Handed to you",
    ]);
    const lines = page.locator("[data-line]");
    const ids = await lines.evaluateAll((all) => all.map((one) => one.getAttribute("data-line")?.split(":")[0]));
    expect(ids).toEqual([asks, review, hand, said, given]);
    expect(await lineOf(page, asks).innerText()).toMatch(
      new RegExp(`^${asks} Ride home\\s+@coder (?:just now|\\d+s ago)\\s+Which bus\\?`),
    );
    expect(await lineOf(page, said).locator(".said").textContent()).toBe("@Test_User which way?");
    expect(await lineOf(page, asks).getByRole("link").getAttribute("href")).toBe(`/ticket/${asks}`);

    await project.ayo("ticket", "answer", asks, "The red one");
    await lineOf(page, asks).waitFor({ state: "detached" });
    await project.ayo("ticket", "ask", one, "Which form?", ...CODER);
    await lineOf(page, one).getByText("Which form?").waitFor();
    await page.getByRole("link", { name: "To review 1" }).click();
    await page.waitForURL("**/inbox?kind=review");
    await until(async () => (await lines.count()) === 1, "only reviews");
    await project.ayo("ticket", "approve", review);
    await page.getByText("Nothing of this kind needs you.").waitFor();
    await project.ayo("ticket", "confirm", hand);
    await project.ayo("ticket", "note", said, "Left");
    await project.ayo("ticket", "answer", one, "The long one");
    await project.ayo("ticket", "start", given);
    await page.goto(new URL("/inbox", page.url()).href);
    await page.getByText("Nothing needs you.").waitFor();
    await until(async () => (await inboxName(page)) === "Needs me", "no number");
    expect(faults.get(page)).toEqual([]);
  });

  test("is worked through by keys alone", async () => {
    const { page, project, asks, review, hand, said, given } = await openedInbox("/board");
    await until(async () => (await inboxName(page)) === named(5), "the number");
    await page.keyboard.press("g");
    await page.getByText("i needs me, b board").waitFor();
    await page.keyboard.press("i");
    await page.waitForURL("**/inbox");
    await lineOf(page, given).waitFor();
    // A key that acts gives the first line the keyboard, and does nothing else before one has it.
    await page.keyboard.press("e");
    await focusIs(page, asks);
    for (const key of ["j", "ArrowDown", "k"]) await page.keyboard.press(key);
    await focusIs(page, review);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ticket/${review}`);
    await page.goBack();
    await lineOf(page, given).waitFor();

    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await page.keyboard.type("The red one, jeah");
    await page.keyboard.press("Escape");
    await focusIs(page, asks);
    await page.keyboard.press("r");
    await page.keyboard.press("Control+Enter");
    await lineOf(page, asks).waitFor({ state: "detached" });
    expect(project.text(asks)).toContain("Answer: The red one, jeah");
    // What is settled is passed, and the next line has the keyboard.
    await focusIs(page, review);
    await page.keyboard.press("b");
    await page.getByRole("dialog", { name: "What is missing?" }).waitFor();
    await page.keyboard.press("Escape");
    await focusIs(page, review);
    await page.keyboard.press("b");
    await page.keyboard.type("It is red");
    await page.keyboard.press("Control+Enter");
    await lineOf(page, review).waitFor({ state: "detached" });
    expect(project.text(review)).toContain("It is red");
    await focusIs(page, hand);
    await page.keyboard.press("a");
    await lineOf(page, hand).waitFor({ state: "detached" });
    expect(project.subjects()[0]).toBe(`confirm ${hand}: Tidy up`);
    await focusIs(page, said);
    await page.keyboard.press("r");
    await page.getByRole("dialog", { name: "@coder: @Test_User which way?" }).waitFor();
    await page.keyboard.type("Left");
    await page.keyboard.press("Control+Enter");
    await lineOf(page, said).waitFor({ state: "detached" });
    await focusIs(page, given);
    await page.keyboard.press("s");
    await page.getByText("Nothing needs you.").waitFor();
    expect(await statusOf(project, given)).toBe("in_progress");
    expect(await keysOf(project)).toEqual([]);
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("puts away for good and for a while, by key and mouse, and takes it back", async () => {
    const { page, project, asks, review, hand, said, given } = await openedInbox();
    await lineOf(page, given).waitFor();
    const before = project.subjects();
    await page.keyboard.press("j");
    await page.keyboard.press("e");
    await page
      .locator(".toast", { hasText: asks })
      .getByText(/”: done$/)
      .waitFor();
    await lineOf(page, asks).waitFor({ state: "detached" });
    await focusIs(page, review);
    await page.keyboard.press("h");
    await page.getByRole("button", { name: "1 hour" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "1 hour" }).waitFor({ state: "detached" });
    await page.keyboard.press("h");
    await page.getByRole("button", { name: "1 hour" }).waitFor();
    await page.keyboard.press("Enter");
    await page
      .locator(".toast", { hasText: review })
      .getByText(/”: not before/)
      .waitFor();
    await lineOf(page, review).waitFor({ state: "detached" });
    for (const [id, name] of [
      [hand, "Tomorrow"],
      [said, "Next week"],
    ] as const) {
      await lineOf(page, id).getByRole("button", { name: "Snooze" }).click();
      await lineOf(page, id).getByRole("button", { name }).click();
      await lineOf(page, id).waitFor({ state: "detached" });
    }
    const { items } = await project.json<{ items: { id: string; state?: string; until?: string }[] }>("inbox", "--all");
    const ends = new Map(items.map(({ id, state, until: end }) => [id, end ?? state]));
    const hours = (id: string): number => (Date.parse(ends.get(id) ?? "") - Date.now()) / 3_600_000;
    expect([ends.get(asks), ends.get(given)]).toEqual(["done", undefined]);
    expect(Math.round(hours(review))).toBe(1);
    expect(hours(hand)).toBeGreaterThan(0);
    expect(hours(hand)).toBeLessThanOrEqual(24);
    expect(new Date(ends.get(said) ?? "").getDay()).toBe(1);
    expect(hours(said)).toBeLessThanOrEqual(7 * 24);

    for (const id of [said, asks]) {
      await page.locator(".toast", { hasText: id }).getByRole("button", { name: "Undo" }).click();
      await lineOf(page, id).waitFor();
    }
    // None of it is a change of the store.
    expect(project.subjects()).toEqual(before);
    // What was put away in a terminal goes too, with the next thing that happens.
    await project.ayo("inbox", "done", asks);
    await project.ayo("ticket", "update", given, "--title", "Feed it");
    await lineOf(page, given).getByText("Feed it").waitFor();
    await lineOf(page, asks).waitFor({ state: "detached" });
    expect(faults.get(page)).toEqual([]);
  });

  test("settles by mouse what a ticket's own page would, each with its undo", async () => {
    const { page, project, asks, review, hand, said, given } = await openedInbox();
    const answer = lineOf(page, asks).getByLabel(`Your answer for ${asks}`);
    await answer.fill("The blue one");
    await page.reload();
    expect(await answer.inputValue()).toBe("The blue one");
    await lineOf(page, asks).getByRole("button", { name: "Answer" }).click();
    await lineOf(page, review).getByRole("button", { name: "Approve" }).click();
    await lineOf(page, hand).getByRole("button", { name: "Confirm" }).click();
    await lineOf(page, given).getByRole("button", { name: "Start" }).click();
    await lineOf(page, said).getByRole("button", { name: "Reply" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Right");
    await page.getByRole("dialog").getByRole("button", { name: "Reply" }).click();
    await page.getByText("Nothing needs you.").waitFor();
    expect(project.text(asks)).toContain("Answer: The blue one");
    expect(await statusOf(project, review)).toBe("closed");
    await page
      .locator(".toast", { hasText: review })
      .filter({ hasText: "”: approved" })
      .getByRole("button", { name: "Undo" })
      .click();
    await lineOf(page, review).waitFor();
    expect(await statusOf(project, review)).toBe("in_review");
    await until(async () => (await inboxName(page)) === named(1), "the number");
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("a question's options are one click or one number each, and anything else can be said", async () => {
    const { page, project, one, asks, said } = await openedInbox();
    await lineOf(page, said).waitFor();
    const ask = (id: string, ...more: string[]) =>
      project.ayo("ticket", "ask", id, "Which database?", "--option", "SQLite", "--option", "<b>Pg</b>", ...more);
    await project.ayo("config", "questions.defaults", "on");
    await ask(one, "--default", "SQLite", "--after", "30m", ...CODER);
    await lineOf(page, one)
      .getByText(/^without an answer: SQLite in (?:30|29)m$/)
      .waitFor();
    await lineOf(page, one).getByRole("button", { name: "<b>Pg</b>" }).click();
    await lineOf(page, one).waitFor({ state: "detached" });
    expect(project.text(one)).toMatch(/^Answer: <b>Pg<\/b>$/m);
    await ask(one, ...CODER);
    await lineOf(page, one).getByRole("button", { name: "SQLite" }).waitFor();
    expect(await lineOf(page, asks).getByRole("button", { name: "SQLite" }).count()).toBe(0);
    await lineOf(page, one).getByRole("link").focus();
    await page.keyboard.press("3");
    await page.keyboard.press("1");
    await lineOf(page, one).waitFor({ state: "detached" });
    expect(project.text(one)).toMatch(/^Answer: SQLite$/m);
    await ask(one, ...CODER);
    await lineOf(page, one).getByRole("textbox").fill("None at all");
    await page.keyboard.press("Control+Enter");
    await lineOf(page, one).waitFor({ state: "detached" });
    expect(project.text(one)).toMatch(/^Answer: None at all$/m);
    expect(faults.get(page)).toEqual([]);
  });
});
