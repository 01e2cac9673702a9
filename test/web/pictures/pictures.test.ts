import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { open, useBrowser } from "../../helpers/boardPage.ts";
import { PICTURE_TIME } from "../../helpers/exampleStore.ts";
import { ROOT } from "../../helpers/pages.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { STATES, showState } from "../states/everyState.ts";
import { stateServers } from "../states/servers.ts";

/** Where the guide has them. */
const PICTURES = path.join(ROOT, "templates/guide/pictures");
/** All of them together, in bytes. */
const MOST = 2 * 1024 * 1024;
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
/** The guide needs no pictures of itself. */
const SHOWN = STATES.filter(({ name, isUnpictured }) => name !== "guide" && name !== "api" && isUnpictured !== true);

useBrowser();

test("makes a picture of every view and state: light, dark, and on a phone", async () => {
  mkdirSync(PICTURES, { recursive: true });
  for (const name of webp()) rmSync(path.join(PICTURES, name));
  const clock = path.join(tempDir(), "clock");
  writeFileSync(clock, String(PICTURE_TIME - Date.now()));
  const preload = path.join(ROOT, "test/helpers/clockFrom.cjs");
  const env = { AYO_TEST_CLOCK: clock, NODE_OPTIONS: `--require ${preload}` };
  const serverOf = await stateServers(PICTURE_TIME, env);
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await open("about:blank", { ...options, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC" });
    await page.clock.setFixedTime(PICTURE_TIME);
    for (const state of SHOWN.filter(({ isWide }) => look !== "phone" || isWide !== true)) {
      await showState(page, serverOf(state), state);
      await takePicture(page, path.join(PICTURES, `${state.name}-${look}.webp`));
    }
  }
  const bytes = webp().map((name) => statSync(path.join(PICTURES, name)).size);
  expect(bytes.length).toBeGreaterThan(2 * SHOWN.length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST);
});

function webp(): string[] {
  return readdirSync(PICTURES).filter((name) => name.endsWith(".webp"));
}

/** Chromium alone writes WebP. */
async function takePicture(page: Page, file: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const client = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const clip = { x: 0, y: 0, width, height, scale: 0.7 };
  const { data } = await client.send("Page.captureScreenshot", { format: "webp", quality: 38, clip });
  writeFileSync(file, Buffer.from(data, "base64"));
  await client.detach();
}
