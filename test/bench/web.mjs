// What the server and the board cost: in a headless browser, with the store that the other rows use.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import path from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { CLI, median } from "./measure.mjs";

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  chromium.executablePath(),
];

/** So long one figure may take, in milliseconds. */
const LIMIT = 60_000;

/** A server of the store; it ends with this process at the latest. */
function startServer({ cwd, env }) {
  const child = spawn(process.execPath, [CLI, "serve", "--port", "0"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let url = "";
    const ended = new Promise((gone) => child.once("exit", gone));
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    const end = async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(kill, 5000);
      await ended;
      clearTimeout(timer);
      process.off("exit", kill);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      url += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      if (text.includes("serving")) resolve({ url: url.trim(), end });
    });
    void ended.then((code) => reject(new Error(`ayo serve ended with ${code}`)));
  });
}

/** The 95th percentile of requests by clients that ask one after the other, all at once; in milliseconds. */
async function percentileOf(url, clients, each) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times = [];
  const ask = () =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      get(url, { agent }, (response) => {
        response.resume().on("end", () => resolve(performance.now() - start));
      }).on("error", reject);
    });
  // A server that has just started is another figure.
  await Promise.all(Array.from({ length: clients }, ask));
  await Promise.all(Array.from({ length: clients }, ask));
  const deadline = performance.now() + LIMIT;
  const client = async () => {
    for (let n = 0; n < each && performance.now() < deadline; n++) times.push(await ask());
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  times.sort((left, right) => left - right);
  return times[Math.floor(times.length * 0.95)];
}

/** The same figure of a bare Node server that sends as many bytes: what the machine allows at this moment. */
async function bareServer(url, clients, each) {
  const bytes = Buffer.byteLength(await (await fetch(url)).text());
  const script = `const text = Buffer.alloc(${bytes}, "x");
    const server = require("node:http").createServer((_, response) => response.end(text));
    server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(Number(text))));
    return await percentileOf(`http://127.0.0.1:${port}/`, clients, each);
  } finally {
    child.kill("SIGKILL");
  }
}

/** KiB of everything that the page may load, each file gzipped. */
function bundleSize() {
  const dir = path.resolve(import.meta.dirname, "../../dist/web");
  const files = readdirSync(dir).filter((name) => /\.(js|css|html)$/.test(name) && name !== "docs.css");
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(dir, name))).length, 0) / 1024;
}

/** From the beginning of the navigation to the first frame with cards. */
async function loadTime(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const ms = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () =>
          document.querySelector(".card") === null
            ? requestAnimationFrame(look)
            : requestAnimationFrame(() => resolve(performance.now()));
        look();
      }),
  );
  await page.close();
  return ms;
}

/** From the key that puts a card down to the frame that shows it in its new column. */
async function moveTime(page) {
  // Not one that waits for others, which may not begin.
  const card = page.locator('[data-column="open"] .card:not(:has(.blocked))').first();
  const id = await card.getAttribute("data-card");
  await card.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  // Listening before the key is pressed; the frame is waited for afterwards.
  await page.evaluate(
    ([wanted, limit]) => {
      globalThis.moved = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${wanted} did not move`)), limit);
        addEventListener(
          "keydown",
          () => {
            const start = performance.now();
            const look = () =>
              document.querySelector(`[data-column="in_progress"] [data-card="${wanted}"]`) === null
                ? requestAnimationFrame(look)
                : requestAnimationFrame(() => resolve(performance.now() - start));
            look();
          },
          { capture: true, once: true },
        );
      });
    },
    [id, LIMIT],
  );
  await page.keyboard.press("Space");
  const ms = await page.evaluate(() => globalThis.moved);
  await page.waitForTimeout(700);
  return ms;
}

/** Frames a second while something is done at each. */
function framesPerSecond(page, selector, kind) {
  return page.evaluate(
    ([where, what]) =>
      new Promise((resolve) => {
        const element = document.querySelector(where);
        const start = performance.now();
        let frames = 0;
        const step = (now) => {
          if (now - start > 2500) return resolve((frames * 1000) / (now - start));
          frames++;
          if (what === "scroll") element.scrollTop += 90;
          else
            element.dispatchEvent(new KeyboardEvent("keydown", { key: frames % 60 < 30 ? "ArrowLeft" : "ArrowRight" }));
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    [selector, kind],
  );
}

/** From the end of a command in a shell to the frame without the card in its old column. */
async function liveTime(page, { cwd, env }) {
  const id = await page.locator('[data-column="in_progress"] .card').first().getAttribute("data-card");
  await page.evaluate(
    ([wanted, limit]) => {
      globalThis.gone = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${wanted} did not leave`)), limit);
        const look = () =>
          document.querySelector(`[data-column="in_progress"] [data-card="${wanted}"]`) === null
            ? requestAnimationFrame(() => resolve(Date.now()))
            : requestAnimationFrame(look);
        look();
      });
    },
    [id, LIMIT],
  );
  const command = spawnSync(process.execPath, [CLI, "ticket", "close", id, "--force"], { cwd, env });
  if (command.status !== 0) throw new Error(command.stderr.toString());
  const end = Date.now();
  return (await page.evaluate(() => globalThis.gone)) - end;
}

/** All figures of the web face; milliseconds unless their names say otherwise. */
export async function measureWeb({ options }) {
  const executablePath = BROWSERS.find(existsSync);
  if (executablePath === undefined) throw new Error("no browser here; the tests install one");
  const server = await startServer(options);
  let browser;
  try {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const list = `${server.url}/api/tickets?limit=50`;
    const api = await percentileOf(list, 50, 80);
    const bare = await bareServer(list, 50, 80);
    await loadTime(browser, server.url);
    const loads = [];
    for (let n = 0; n < 5; n++) loads.push(await loadTime(browser, server.url));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(LIMIT);
    await page.goto(server.url);
    await page.locator(".card").first().waitFor();
    const moves = [];
    for (let n = 0; n < 7; n++) moves.push(await moveTime(page));
    const lives = [];
    for (let n = 0; n < 5; n++) lives.push(await liveTime(page, options));
    const scroll = await framesPerSecond(page, '[data-column="open"] .cards', "scroll");
    await page.goto(`${server.url}/graph`);
    await page.waitForFunction(() => /\d+ ties/.test(document.querySelector(".shown")?.textContent ?? ""));
    const ties = await page.locator(".shown").textContent();
    const graph = await framesPerSecond(page, "canvas", "pan");
    return {
      api,
      bare,
      load: median(loads),
      move: median(moves),
      live: median(lives),
      scroll,
      graph,
      ties: ties?.split(";")[0] ?? "",
      bundle: bundleSize(),
    };
  } finally {
    await browser?.close();
    await server.end();
  }
}
