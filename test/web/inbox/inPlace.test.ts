import { expect, test } from "vitest";
import { aRun } from "../../helpers/aRun.ts";
import { faults, opened, until, useBrowser } from "../../helpers/boardPage.ts";
import { CODER, focusIs, keysOf, lineOf } from "../../helpers/inboxScene.ts";

useBrowser();

test("runs are tried again, what came from elsewhere is accepted, days and assignees chosen, by key and mouse", async () => {
  const { page, project, server } = await opened("/stats");
  const create = (title: string, ...flags: string[]) => project.ayo("ticket", "create", title, ...flags);
  const [failed, foreign] = [await create("Build it", "-a", "@coder"), await create("From there", "-a", "@coder")];
  const [late, held] = [await create("Pay the rent", "--due", "2020-01-02"), await create("Dig a hole")];
  const add = (id: string, line: string) => project.write(id, project.text(id).replace(/^---\n/, `---\n${line}\n`));
  add(failed, "dispatched: '@coder 1'");
  add(foreign, "origin: github");
  await project.ayo("ticket", "list", "-q");
  aRun(project, failed, { outcome: "failed", why: "no <b>login</b>" });
  for (const why of ["too small", "too deep", "too late"]) {
    await project.ayo("ticket", "start", held, ...CODER);
    await project.ayo("ticket", "submit", held, ...CODER);
    await project.ayo("ticket", "reject", held, "-m", why);
  }
  await project.ayo("ticket", "start", held, ...CODER);
  await page.goto(`${server.url}/inbox`);
  await lineOf(page, held).waitFor();
  expect((await keysOf(project)).map((key) => key.replace(/^\S+?:/, ""))).toEqual(["run", "accept", "due", "rejected"]);
  await lineOf(page, failed).getByText("run 1 failed: no <b>login</b>").waitFor();
  // Once the tickets are there.
  await lineOf(page, failed).getByRole("button", { name: "Assignee…" }).waitFor();

  // A key while no line has the keyboard shows which one it would act on.
  await page.keyboard.press("a");
  await focusIs(page, failed);
  expect(project.text(failed)).toContain("dispatched");
  await page.keyboard.press("r");
  await lineOf(page, failed).waitFor({ state: "detached" });
  expect(project.text(failed)).not.toContain("dispatched");
  await focusIs(page, foreign);
  await page.keyboard.press("a");
  await lineOf(page, foreign).waitFor({ state: "detached" });
  expect(project.text(foreign)).not.toContain("origin");
  await focusIs(page, late);
  await page.keyboard.press("D");
  await page.getByRole("dialog").getByRole("combobox").fill("2w");
  await page.keyboard.press("Enter");
  await lineOf(page, late).waitFor({ state: "detached" });
  await focusIs(page, held);
  // To release it would change nothing about that.
  expect(await lineOf(page, held).getByRole("button", { name: "Release" }).count()).toBe(0);
  await page.keyboard.press("e");
  await page.getByText("Nothing needs you.").waitFor();

  // Taken back by keys, it is there again.
  await page.keyboard.press("Control+z");
  await lineOf(page, held).waitFor();
  await page.keyboard.press("Control+z");
  await lineOf(page, late).waitFor();
  await lineOf(page, late).getByRole("button", { name: "Assignee…" }).click();
  await page.getByRole("dialog").getByRole("combobox").fill("Mara Lind");
  await page.keyboard.press("Enter");
  await until(async () => project.text(late).includes("assignee: Mara Lind"), "she has it");
  expect(faults.get(page)).toEqual([]);
  project.judge();
});
