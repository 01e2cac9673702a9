import { expect, test } from "vitest";
import { BOARD_FIELDS, labelOf } from "../../../src/ticket/plainFields.ts";
import { FIELDS } from "../../../src/ticket/ticket.ts";
import { textFields } from "../../../src/web/data/shown/textFields.ts";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("every plain field that says so has an input on the page of a ticket, which sets and empties it", async () => {
  const { page, project, one } = await opened("/ticket/ONE");
  expect(BOARD_FIELDS.length).toBeGreaterThan(0);
  for (const name of BOARD_FIELDS) {
    const { key, kind } = FIELDS[name];
    const label = textFields().find((field) => field.name === name)?.label ?? labelOf(name);
    const input = page.getByLabel(label, { exact: true });
    const value = kind === "time" ? "2031-05-06" : "one";
    await input.fill(value);
    await page.keyboard.press("Enter");
    await until(async () => project.text(one).includes(`\n${key}: ${value}\n`), `${key} on disk`);
    await page.locator("input:not(.unsaved)").and(input).waitFor();
    await input.fill("");
    await page.keyboard.press("Enter");
    await until(async () => !project.text(one).includes(`\n${key}:`), `no ${key} on disk`);
    await page.locator("input:not(.unsaved)").and(input).waitFor();
  }
  project.judge();
  expect(faults.get(page)).toEqual([]);
});
