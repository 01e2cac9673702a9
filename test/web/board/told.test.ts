import { expect, test } from "vitest";
import { card, faults, inLane, opened, statusOf, until, useBrowser } from "../../helpers/boardPage.ts";

useBrowser();

test("what is not done is said, with why: a conflict, an order that is not by hand, a server that is away", async () => {
  const { page, project, server, one, two } = await opened();
  const said = page.locator(".toast");
  // Somebody closes the card that is carried: it stays closed, whether it is carried by keys or by mouse.
  await card(page, one).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowRight");
  await project.ayo("ticket", "close", one);
  await inLane(page, "closed", one).waitFor();
  await page.keyboard.press("Space");
  const conflict = said.getByText(`${one} “Build login” was not moved: meanwhile it came into Closed`);
  await conflict.waitFor();
  await page.keyboard.press("Escape");
  await conflict.waitFor({ state: "detached" });
  const from = await card(page, two).boundingBox();
  const to = await page.locator("[data-column=in_progress]").boundingBox();
  if (from === null || to === null) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 40, from.y + 40);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + 200, { steps: 8 });
  await project.ayo("ticket", "close", two);
  await inLane(page, "closed", two).waitFor();
  await page.mouse.up();
  await said.getByText(`${two} “Deploy it” was not moved`).waitFor();
  await page.keyboard.press("Escape");
  expect([await statusOf(project, one), await statusOf(project, two)]).toEqual(["closed", "closed"]);

  // Alt and an arrow move nothing among what is finished, or sorted.
  await card(page, one).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await said.getByText("Finished tickets stand in the order").waitFor();
  await project.ayo("ticket", "reopen", two);
  await project.ayo("ticket", "update", two, "-a", "");
  await inLane(page, "open", two).waitFor();
  await card(page, two).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await said.getByText(`${two} “Deploy it” is the first already`).waitFor();
  await page.goto(`${server.url}/?view=list&sort=due`);
  await card(page, two).focus();
  for (const key of ["ArrowUp", "ArrowDown"]) await page.keyboard.press(`Alt+${key}`);
  await said.getByText("The list is sorted by due").waitFor();
  expect(await said.count()).toBe(1);

  // What failed can be tried again; its error goes when it is done.
  await page.route("**/start?*", (route) => route.abort());
  await page.keyboard.press("s");
  const away = said.getByText("the server does not answer");
  await away.waitFor();
  await page.unroute("**/start?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await said.getByText(`${two} “Deploy it”: started`).waitFor();
  expect(await away.count()).toBe(0);
  await until(async () => (await statusOf(project, two)) === "in_progress", "started");

  // What others went on with is not taken back, and that is said.
  await project.ayo("ticket", "block", two, "-m", "no key");
  await page.keyboard.press("Control+z");
  await said
    .getByText(`taken back in part: ${two} “Deploy it”: started; left as it is: status (changed since`)
    .waitFor();
  expect(await statusOf(project, two)).toBe("blocked");
  expect(faults.get(page)).toEqual([]);
});
