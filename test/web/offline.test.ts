import { appendFileSync, cpSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { card, faults, open, until, useBrowser } from "../helpers/boardPage.ts";
import { ROOT } from "../helpers/pages.ts";
import { startServe } from "../helpers/serveProcess.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore } from "../helpers/tempStore.ts";

useBrowser();

const KEEPING = { serviceWorkers: "allow" } as const;

/** The names of the browser's caches that begin so. */
const places = (page: Page, prefix: string): Promise<string[]> =>
  page.evaluate(async (begin) => (await caches.keys()).filter((name) => name.startsWith(begin)), prefix);
/** Whether a worker answers for the page, and no newer one is on its way. */
const isControlled = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const { installing = null, waiting = null } = (await navigator.serviceWorker.getRegistration()) ?? {};
    return navigator.serviceWorker.controller?.state === "activated" && installing === null && waiting === null;
  });
/** All addresses that something is kept for. */
const addresses = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => url.slice(location.origin.length));
  });
const kept = (page: Page, address: string): Promise<void> =>
  until(async () => (await addresses(page)).includes(address), `kept ${address}`);

test("what was read is there without the server, marked as old; changes wait; another store, or token, ends it", async () => {
  const project = await tempStore();
  const one = await project.ayo("ticket", "create", "Build login", "-d", "By *mail*.");
  const two = await project.ayo("ticket", "create", "Deploy it");
  const first = await startServe(project.dir);
  const port = ["--port", new URL(first.url).port];
  const page = await open(`${first.url}/ticket/${one}`, KEEPING);
  await until(() => isControlled(page), "the worker is there");
  await kept(page, `/kept/tickets/${one}`);
  await until(async () => (await addresses(page)).some((one) => one.startsWith("/kept/board?")), "the board");
  // Learned by an event alone, after the board was read.
  await project.ayo("ticket", "start", two);
  await page.goto(first.url);
  await page.locator(`[data-column=in_progress] [data-card="${two}"]`).waitFor();
  const three = await project.ayo("ticket", "create", "Told by an event");
  await card(page, three).waitFor();
  await first.end();
  await page.getByText("offline: as of").waitFor();
  await page.reload();
  await card(page, three).waitFor();
  await page.getByText("offline: as of").waitFor();
  await card(page, one).click();
  await page.locator(".beside .markdown em").waitFor();
  await page.getByLabel("A note, in markdown").fill("typed without a server");
  await page.getByRole("button", { name: "Add note" }).click();
  await page.getByText("until it does nothing can be changed").waitFor();
  await page.reload();
  await page.locator(".beside .markdown em").waitFor();
  expect(await page.getByLabel("A note, in markdown").inputValue()).toBe("typed without a server");
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("tabpanel").getByText("The preview could not be loaded").waitFor();
  await page.getByRole("tabpanel").getByText("typed without a server").waitFor();
  await page.goto(`${first.url}/ticket/${two}`);
  await page.getByText("is not kept here").waitFor();

  const again = await startServe(project.dir, port);
  await page.getByText("offline: as of").waitFor({ state: "detached" });
  await page.goto(`${first.url}/ticket/${one}`);
  await page.getByRole("button", { name: "Add note" }).click();
  await page.locator(".activity").getByText("typed without a server").waitFor();
  expect((await addresses(page)).filter((one) => /\/(?:api|events|sign-in)\b|token/.test(one))).toEqual([]);
  await again.end();

  const other = await tempStore();
  const theirs = await other.ayo("ticket", "create", "Another store");
  const third = await startServe(other.dir, port);
  await page.goto(first.url);
  await card(page, theirs).waitFor();
  expect(await page.locator("[data-card]").count()).toBe(1);
  await until(async () => (await places(page, "ayo kept ")).length === 1, "the other store is forgotten");
  await kept(page, "/kept/config");
  await third.end();
  await page.goto(`${first.url}/ticket/${one}`);
  await page.getByText("is not kept here").waitFor();
  await page.goto(first.url);
  await card(page, theirs).waitFor();
  expect(await page.locator("[data-card]").count()).toBe(1);

  await startServe(other.dir, [...port, "--token"]);
  await page.goto(first.url);
  await page.getByLabel("Token").waitFor();
  await until(async () => (await places(page, "ayo ")).length === 0, "nothing is kept");
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test("a new build is there at once, and is the one that is kept; a server can have it all forgotten", async () => {
  const project = await tempStore();
  await project.ayo("ticket", "create", "Build login");
  const newer = tempDir();
  for (const name of ["package.json", "templates", "dist/cli", "dist/web"]) {
    cpSync(path.join(ROOT, name), path.join(newer, name), { recursive: true });
  }
  const web = path.join(newer, "dist/web");
  appendFileSync(path.join(web, "main.js"), ';document.documentElement.dataset.build="newer";');
  const { buildWorker } = await import(path.join(ROOT, ".ci/buildWeb.mjs"));
  await buildWorker({ build }, ROOT, web);
  const old = await startServe(project.dir);
  const page = await open(old.url, KEEPING);
  await until(() => isControlled(page), "the worker is there");
  const [before] = await places(page, "ayo files ");
  await old.end();
  const port = ["--port", new URL(old.url).port];
  const now = await startServe(project.dir, port, { cli: path.join(newer, "dist/cli/ayo.cjs") });
  await page.goto(old.url);
  await page.locator("html[data-build=newer]").waitFor();
  await until(
    async () => (await places(page, "ayo files ")).some((name) => name !== before),
    "the newer build is kept",
  );
  await until(() => isControlled(page), "the newer worker is there");
  await now.end();
  await page.reload();
  await page.locator("html[data-build=newer]").waitFor();
  await page.locator("[data-card]").waitFor();
  await startServe(project.dir, port, { env: { AYO_OFFLINE: "off" } });
  await page.reload();
  await page.locator("[data-card]").waitFor();
  await until(async () => (await places(page, "ayo files ")).length === 0, "let go");
  expect(faults.get(page)).toEqual([]);
});
