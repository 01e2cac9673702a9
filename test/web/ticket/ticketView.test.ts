import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { faults, open, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

describe("the page of a ticket", () => {
  test("edits title, fields, notes and text in place, each a commit", async () => {
    const { page, project, one } = await opened("/ticket/ONE");
    await page.getByRole("button", { name: "Change the title" }).click();
    await page.getByLabel("Title", { exact: true }).fill("Build the login");
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
    await page.locator(".note strong", { hasText: "works" }).waitFor();
    await page.getByRole("button", { name: "Edit text" }).click();
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
    // A page that comes to the ticket while there is a draft shows that, to go on with.
    await other.locator(".markdown", { hasText: "Third." }).waitFor();
    const edit = async (who: Page, from: string, to: string): Promise<void> => {
      if ((await who.getByLabel("Text, in markdown").count()) === 0) {
        await who.getByRole("button", { name: "Edit text" }).click();
      }
      const field = who.getByLabel("Text, in markdown");
      await field.fill((await field.inputValue()).replace(from, to));
    };
    const save = (who: Page): Promise<void> => who.getByLabel("Text, in markdown").press("Control+Enter");
    const saved = (who: Page): Promise<void> => who.getByRole("button", { name: "Edit text" }).waitFor();

    await edit(page, "First.", "First, by me.");
    await project.ayo("ticket", "renew", one, "--as", "@coder");
    await project.ayo("ticket", "note", one, "Half of it.", "--as", "@coder");
    await page.locator(".note", { hasText: "Half of it." }).waitFor();
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
    await page.getByRole("button", { name: "Keep both" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
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
    await page.getByLabel("Title", { exact: true }).fill("Mine");
    await project.ayo("ticket", "update", one, "--title", "Theirs");
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Half a reason");
    await page.keyboard.press("Escape");
    await page.reload();
    expect(await page.getByLabel("Title", { exact: true }).inputValue()).toBe("Mine");
    await page.getByText("not saved: Enter in the field saves it").waitFor();
    expect(await page.getByLabel("Due").inputValue()).toBe("some day");
    await page.getByRole("button", { name: "Block" }).click();
    const reason = page.getByRole("dialog").getByRole("textbox");
    expect(await reason.inputValue()).toBe("Half a reason");
    await page.keyboard.press("Escape");
    await page.getByLabel("Title", { exact: true }).press("Enter");
    await page.getByText('now it is called "Theirs"').waitFor();
    await page.getByLabel("Title", { exact: true }).press("Enter");
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
    await page.locator(".count", { hasText: "1 of 2" }).waitFor();
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
    await page.locator(".note", { hasText: "It is slow" }).waitFor();
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
    await page.locator(".note", { hasText: "SQLite" }).waitFor();
    await page.getByText("asks: Which database?").waitFor({ state: "detached" });
    expect(project.text(one)).toContain("SQLite");
  });

  test("answers with one of the options by one click, or with anything else", async () => {
    const { page, project, one, two } = await opened("/ticket/ONE");
    const ask = (id: string, ...more: string[]) =>
      project.ayo("ticket", "ask", id, "Which database?", "--option", "SQLite", "--option", "<b>Postgres</b>", ...more);
    await project.ayo("config", "questions.defaults", "on");
    await ask(one, "--default", "SQLite", "--after", "30m", "--as", "@coder");
    await page.getByText("asks: Which database?").waitFor();
    await page.getByText(/^without an answer: SQLite in (?:30|29)m$/).waitFor();
    await page.getByRole("button", { name: "<b>Postgres</b>" }).click();
    await page.getByText("asks: Which database?").waitFor({ state: "detached" });
    await page.locator(".note", { hasText: "Answer: Postgres" }).waitFor();
    expect(project.text(one)).toMatch(/^Answer: <b>Postgres<\/b>$/m);
    expect(await statusOf(project, one)).toBe("open");
    await ask(one, "--as", "@coder");
    await page.getByRole("button", { name: "Another answer" }).click();
    await page.keyboard.type("None at all");
    await page.getByRole("dialog").getByRole("button", { name: "Answer" }).click();
    await page.getByText("asks: Which database?").waitFor({ state: "detached" });
    expect(project.text(one)).toMatch(/^Answer: None at all$/m);
    expect(project.text(two)).not.toContain("Answer");
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("keeps drafts of texts, notes and new tickets over a reload", async () => {
    const { page, one } = await opened("/ticket/ONE", {});
    await page.getByRole("button", { name: "Edit text" }).click();
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
    await page.locator(".note", { hasText: "another note" }).waitFor();
    await page.reload();
    await page.getByLabel("A note, in markdown").waitFor();
    expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("half a note more");
    await page.getByRole("button", { name: "New ticket" }).click();
    expect(await page.getByRole("dialog").getByLabel("Title").inputValue()).toBe("Half a ticket");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Half a ticket" }).waitFor();
  });

  test("shows what is similar while the title of a new ticket is typed, and says it after", async () => {
    const { page, project } = await opened("/board");
    const old = await project.ayo("ticket", "create", "Sign in with e-mail and a password");
    await page.getByRole("button", { name: "New ticket in Open" }).click();
    await page.getByLabel("Title of a new ticket in Open").fill("Sign in with a password and e-mail");
    await page.locator(".quick .similar").getByText(old).waitFor();
    await page.getByRole("button", { name: "New ticket", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Title").fill("Sign in by password and e-mail");
    await dialog.getByText("A similar ticket is there already:").waitFor();
    await dialog.getByLabel(/^Description/).press("Control+Enter");
    await page.getByRole("link", { name: `similar to ${old} (open)` }).waitFor();
    await page.getByRole("heading", { name: "Sign in by password and e-mail" }).waitFor();
    expect((await project.json<{ tickets: unknown[] }>("ticket", "list")).tickets.length).toBe(4);
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });
});
