import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { faults, open, until, useBrowser } from "../../helpers/boardPage.ts";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { startServe } from "../../helpers/serveProcess.ts";
import { dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

vi.setConfig({ testTimeout: 180_000 });
useBrowser();

const EVIL = "\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2J<img src=x onerror=alert(1)> \u202eback";
/** An agent that waits for a file in its worktree, and then goes on. */
const waitFor = (name: string): Turn => ({ sh: `until [ -e ${name} ]; do sleep 0.05; done` });
const said = (page: Page): Promise<string[]> => page.locator(".log-row.said bdi").allTextContents();

test("an agent at work is seen, heard, told, stopped and tried again, though the server dies meanwhile", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "max: 2", "@other": "max: 1" } });
  const id = await scene.ticket("Build login", [
    { garbage: EVIL, write: { "login.ts": "export {};\n" }, commit: "Begin" },
    { garbage: "given-key\u001b[1m-value", usage: { tokens: 1200, cost: 0.42 } },
    waitFor("go"),
    { garbage: "while it was away" },
    waitFor("more"),
    { garbage: "once it was back" },
    { hang: true },
  ]);
  const env = { ...hermeticEnv(String(scene.env.HOME)), ...scene.env };
  const first = await startServe(scene.dir, [], { env });
  const page = await open(first.url);
  const other = await open(`${first.url}/agents?run=${id}`);
  const work = scene.work();
  await page.keyboard.press("g");
  await page.getByText("a agents").waitFor();
  await page.keyboard.press("a");
  await page.waitForURL("**/agents");
  await page.locator(".people .standing.running").waitFor();
  await page.getByText("1 run at work · 1,200 tokens · $0.42").waitFor();
  await page.locator(".log-row.said", { hasText: "red" }).waitFor();
  expect((await said(page)).slice(0, 2)).toEqual(["red <img src=x onerror=alert(1)> back", "***"]);
  expect(await page.locator(".log-row .in-red").allTextContents()).toEqual(["red"]);
  expect(await page.locator(".log img").count()).toBe(0);
  await page.getByText(`ayo/work/${id} since main · 1 file`).waitFor();
  expect(await page.title()).toBe("(1) Agents · shop · ayo");

  // What is said to it is a note of its ticket, typed and sent by keys alone.
  await page.keyboard.press("n");
  await page.keyboard.type("x: use `argon2`, please");
  await page.keyboard.press("Control+Enter");
  await page.locator(".work .note-box").waitFor({ state: "detached" });
  expect(scene.text(id)).toContain("x: use `argon2`, please");

  const [run] = await scene.runs(id);
  const worktree = run?.worktree ?? "";
  await first.end("SIGKILL");
  writeFileSync(path.join(worktree, "go"), "");
  await until(async () => (await scene.ayo("run", "log", id)).includes("while it was away"), "what nobody saw");
  const port = new URL(first.url).port;
  const second = await startServe(scene.dir, ["--port", port], { env });
  expect(second.url).toBe(first.url);
  await page.locator(".log-row", { hasText: "while it was away" }).waitFor();
  writeFileSync(path.join(worktree, "more"), "");
  await page.locator(".log-row", { hasText: "once it was back" }).waitFor();
  await other.locator(".log-row", { hasText: "once it was back" }).waitFor();
  const heard = ["red <img src=x onerror=alert(1)> back", "***", "while it was away", "once it was back"];
  expect(await said(page)).toEqual(heard);
  expect(await said(other)).toEqual(heard);

  await page.keyboard.press("x");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop it" }).click();
  await page.locator(".people .standing.stopped").waitFor();
  await other.locator(".work .standing.stopped").waitFor();
  expect((await scene.runs(id))[0]?.outcome).toBe("stopped");
  // Whom it is given to is chosen from a list; then it is tried again, by its key.
  await page.keyboard.press("a");
  await page.keyboard.type("@other");
  await page.keyboard.press("Enter");
  await until(async () => scene.text(id).includes("@other"), "another has it");
  await until(async () => (await scene.runs(id)).length > 1, "another run");
  await page.locator(".people").getByRole("heading", { name: "@other" }).waitFor();
  await page.locator(".people .standing.running").waitFor();
  await page.locator(`.people [data-stop="${id}/2"]`).click();
  await page.locator(`.work[aria-label="${id}/2"]`).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator(`.work[aria-label="${id}/1"]`).waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-stop"))).toBe(`${id}/1`);
  // What is at work is not tried again.
  await page.keyboard.press("r");
  await page.getByText(`${id} has a run that is not over`).first().waitFor();
  expect(faults.get(page)).toEqual([]);
  await work.end();
});
