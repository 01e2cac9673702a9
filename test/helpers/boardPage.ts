import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { startBrowser } from "./browser.ts";
import { startServe } from "./serveProcess.ts";
import { type TempStore, tempStore } from "./tempStore.ts";

let browser: Browser;
/** What most pages share: each server has a port, and so an origin, of its own. */
let shared: BrowserContext;
const VIEWPORT = { width: 1280, height: 800 };
/** Nothing is kept for when the server is away, unless a test is about that. */
const PLAIN = { serviceWorkers: "block" } as const;

/** Starts one browser for the tests of a file; it is closed after them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await startBrowser(["--process-per-site"]);
    shared = await browser.newContext({ viewport: VIEWPORT, ...PLAIN });
    // While a page of a site is open its process stays: to start one took two thirds of what a page costs.
    const first = await shared.newPage();
    await first.route("**", (route) => route.fulfill({ body: "stays open" }));
    await first.goto("http://localhost");
  }, 600_000);
  afterAll(() => browser?.close());
}

/** A browser of its own, with more arguments; it is closed with the test. */
export async function chromiumWith(args: readonly string[]): Promise<Browser> {
  const own = await startBrowser(args);
  onTestFinished(() => own.close());
  return own;
}

/** What went wrong in a page besides what a test looks at. */
export const faults = new WeakMap<Page, string[]>();

/**
 * A page of the browser, whose faults are collected; it is closed with the test. With options it knows nothing of the
 * others' cookies, and has a clock of its own.
 */
export async function open(url: string, options?: BrowserContextOptions): Promise<Page> {
  const page = options === undefined ? await shared.newPage() : await alone(options);
  onTestFinished(() => page.close());
  page.setDefaultTimeout(60_000);
  const seen: string[] = [];
  faults.set(page, seen);
  page.on("pageerror", (error) => seen.push(`error: ${error.message}`));
  page.on("dialog", (shown) => {
    seen.push(`dialog: ${shown.message()}`);
    void shown.dismiss();
  });
  page.on("console", (message) => {
    // Of styles and bases it tells already while the sanitiser reads a text in a document of its own.
    const isSanitiser = /^(Applying inline style|Setting the document's base URI)/.test(message.text());
    if (/Content Security Policy|Refused to/.test(message.text()) && !isSanitiser)
      seen.push(`policy: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:"))
      seen.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

async function alone(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, ...PLAIN, ...options });
  onTestFinished(() => context.close());
  return context.newPage();
}

/** A project of a few tickets, served and open in the browser: the board, whatever needs somebody. */
export async function opened(where = "/board", options?: BrowserContextOptions) {
  const project = await tempStore();
  const one = await project.ayo("ticket", "create", "Build login", "-t", "bug", "-p", "1", "--tags", "auth,ui");
  const two = await project.ayo("ticket", "create", "Deploy it", "--deps", one, "-a", "@ops");
  const server = await startServe(project.dir);
  const page = await open(server.url + where.replace("ONE", one).replace("TWO", two), options);
  return { project, one, two, server, page };
}

/** A card on the board. */
export const card = (page: Page, id: string): Locator => page.locator(`[data-card="${id}"]:not(.ghost)`);
/** A column. */
export const lane = (page: Page, id: string): Locator => page.locator(`[data-column="${id}"]`);
/** A card where it is wanted. */
export const inLane = (page: Page, column: string, id: string): Locator =>
  lane(page, column).locator(`[data-card="${id}"]`);

/** Drags a card to a column by mouse. */
export async function drag(page: Page, id: string, column: string): Promise<void> {
  const from = await card(page, id).boundingBox();
  const to = await lane(page, column).boundingBox();
  if (from === null || to === null) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 40, from.y + 40);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + 200, { steps: 8 });
  await page.mouse.up();
}

/** Waits for what no page says. */
export async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${what}`);
}

/** The status of a ticket on disk. */
export const statusOf = async (project: TempStore, id: string): Promise<string> =>
  (await project.json<{ ticket: { status: string } }>("ticket", "show", id)).ticket.status;
