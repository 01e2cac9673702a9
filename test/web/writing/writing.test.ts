import { expect, test } from "vitest";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("a text is written by keys: lists go on, names and ids are completed, and the preview shows it", async () => {
  const { page, project, one, two } = await opened("/ticket/ONE");
  // The title is known sooner than the text.
  await page.getByRole("button", { name: "Edit text" }).waitFor();
  await page.keyboard.press("e");
  const field = page.getByLabel("Text, in markdown");
  const text = (): Promise<string> => field.inputValue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("- [ ] ask @op");
  const names = page.getByRole("listbox", { name: "Suggestions" });
  await names.getByRole("option", { name: "@ops" }).waitFor();
  expect(await field.getAttribute("aria-activedescendant")).toBe(await names.getByRole("option").getAttribute("id"));
  await page.keyboard.press("Enter");
  // The space behind a name is there, whether it is typed or not; one that is meant is another one.
  await page.keyboard.press("Space");
  expect(await text()).toBe("- [ ] ask @ops ");
  await page.keyboard.press("Space");
  expect(await text()).toBe("- [ ] ask @ops  ");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("after #");
  await page.keyboard.type("dep");
  await names.getByRole("option", { name: "Deploy it" }).click();
  expect(await text()).toBe(`- [ ] ask @ops \n  - [ ] after ${two} `);
  // Twice Enter ends the list, one level after the other.
  for (const key of ["Enter", "Enter", "Enter"]) await page.keyboard.press(key);
  await page.keyboard.type("bold");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Control+b");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("End");
  await page.keyboard.type(` ${one.slice(0, -3)}`);
  await names.waitFor();
  await page.keyboard.press("Escape");
  await names.waitFor({ state: "detached" });
  expect(await text()).toBe(`- [ ] ask @ops \n  - [ ] after ${two} \n**bold** ${one.slice(0, -3)}`);
  // What keys made is taken back like what was typed.
  await page.keyboard.press("Control+z");
  await page.keyboard.type(" and a ");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("link");
  expect(await page.getByRole("dialog").count()).toBe(0);

  await page.keyboard.press("Control+Shift+p");
  const preview = page.getByRole("tabpanel", { name: "Preview" });
  await preview.locator("strong", { hasText: "bold" }).waitFor();
  // It is a part of writing: no key means a ticket there.
  await page.keyboard.press("x");
  expect(await preview.getByRole("link", { name: two }).getAttribute("href")).toBe(`/ticket/${two}`);
  expect(await preview.getByRole("checkbox").count()).toBe(2);
  await page.keyboard.press("Control+Shift+p");
  expect(await field.evaluate((box) => box === document.activeElement)).toBe(true);
  await page.keyboard.type("ed");
  // Escape leaves and keeps the draft; the keys of the page hold again.
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.keyboard.type("See @op");
  await names.getByRole("option", { name: "@ops" }).waitFor();
  await page.keyboard.press("Tab");
  // All of them after the mark alone; who has most tickets is first.
  await page.keyboard.type("and @");
  await names.getByRole("option").nth(1).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await page.locator(".note", { hasText: "See @ops" }).waitFor();
  await page.getByRole("tab", { name: "Preview" }).first().click();
  await preview.getByText("linked").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Edit text" }).waitFor();
  await until(async () => project.text(one).includes("[linked](url)"), "the text on disk");
  expect(project.text(one)).toContain("See @ops and @ops\n");
  expect(faults.get(page)).toEqual([]);
});
