import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { card, faults, inLane, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

const chosen = (page: Page): Promise<string[]> =>
  page.locator(".card.chosen").evaluateAll((all) => all.map((one) => one.getAttribute("data-card") ?? "").sort());

describe("several cards", () => {
  test("are chosen by keys and changed by one request, one commit and one undo", async () => {
    const { page, project, one, two } = await opened();
    const third = await project.ayo("ticket", "create", "Third", "-p", "4");
    await card(page, third).waitFor();
    await card(page, one).focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.getByText("3 selected").first().waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Space");
    await until(async () => (await chosen(page)).join() === [one, two].sort().join(), "without the third");
    const before = project.subjects().length;
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByRole("combobox").waitFor();
    await page.keyboard.type("@qa");
    await page.keyboard.press("Enter");
    await page.getByText("2 tickets: assigned to @qa").waitFor();
    expect([asked, project.subjects().length]).toEqual([["POST /api/batch"], before + 1]);
    for (const id of [one, two]) expect(project.text(id)).toContain("assignee: '@qa'");
    expect(project.text(third)).not.toContain("assignee");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("taken back").waitFor();
    expect(project.text(two)).toContain("assignee: '@ops'");
    expect(project.text(one)).not.toContain("assignee");
    // All or none: one of them waits for the other.
    await page.keyboard.press("m");
    await page.getByRole("dialog").getByRole("combobox").waitFor();
    await page.keyboard.type("progress");
    await page.keyboard.press("Enter");
    await page.locator(".toast.error").waitFor();
    expect(await inLane(page, "open", one).count()).toBe(1);
    await page.keyboard.press("x");
    await page.locator(".toast").getByText("2 tickets: closed").waitFor();
    await inLane(page, "closed", two).waitFor();
    await page.keyboard.press("Escape");
    await until(async () => (await chosen(page)).length === 0, "none");
    project.judge();
    expect(faults.get(page)).toEqual([]);
  });

  test("are chosen by mouse, with Ctrl, Shift and boxes; what a filter hides is chosen no longer", async () => {
    const { page, project, one, two } = await opened();
    const third = await project.ayo("ticket", "create", "Third", "-p", "4");
    await card(page, third).waitFor();
    await card(page, one).click({ modifiers: ["ControlOrMeta"] });
    await card(page, third).click({ modifiers: ["Shift"] });
    expect(await chosen(page)).toEqual([one, two, third].sort());
    expect([await page.locator(".beside").count(), page.context().pages().length]).toEqual([
      0,
      page.context().pages().length,
    ]);
    await page.getByLabel(`Select ${two}`).click();
    expect(await chosen(page)).toEqual([one, third].sort());
    const bar = page.getByRole("toolbar", { name: "Selected tickets" });
    await bar.getByRole("button", { name: "Tags" }).click();
    await page.getByRole("option", { name: "auth" }).click();
    await page.getByRole("option", { name: "auth" }).getByText("✓").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await until(async () => project.text(third).includes("tags: [auth]"), "tagged");
    await page.getByLabel("Filter").fill("login");
    await bar.getByText("1 selected").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("set priority");
    await page.getByRole("option", { name: one }).waitFor();
    await page.keyboard.press("Escape");
    await bar.getByRole("button", { name: "Clear selection" }).click();
    await bar.waitFor({ state: "detached" });
    // All that are shown; and by taps alone, as a finger can.
    await page.getByLabel("Filter").fill("");
    await page.keyboard.press("Escape");
    await card(page, two).waitFor();
    await page.keyboard.press("Control+a");
    await bar.getByText("3 selected").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await bar.getByText("0 selected").waitFor();
    await card(page, one).click();
    await card(page, two).getByText("@ops").click();
    expect(await chosen(page)).toEqual([one, two].sort());
    await bar.getByRole("button", { name: "All", exact: true }).click();
    await bar.getByText("3 selected").waitFor();
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await bar.waitFor({ state: "detached" });
    expect(await page.locator(".beside").count()).toBe(0);
    expect(faults.get(page)).toEqual([]);
  });
});
