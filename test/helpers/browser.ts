import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { lock } from "proper-lockfile";

const require = createRequire(import.meta.url);
const KNOWN = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/**
 * Starts a browser. Where the machine has none it is installed: Debian's by root, else the one that Playwright loads.
 * @throws where neither can be had; tests are never left out quietly
 */
export async function startBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = await found();
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", ...args] });
}

/** One test process installs it, and the others wait until it is whole. */
async function found(): Promise<string> {
  const release = await lock(tmpdir(), {
    lockfilePath: path.join(tmpdir(), "ayo-test-browser.lock"),
    stale: 600_000,
    retries: { retries: 6000, minTimeout: 100, maxTimeout: 100 },
  });
  try {
    return KNOWN.find(existsSync) ?? installed() ?? install();
  } finally {
    await release();
  }
}

/** Playwright's own, where it was loaded before. */
function installed(): string | undefined {
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}

function install(): string {
  const options = { stdio: "inherit", timeout: 500_000 } as const;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    try {
      execFileSync("apt-get", ["update", "-qq"], options);
      execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
    } catch {
      // Playwright may have one.
    }
  }
  const found = KNOWN.find(existsSync);
  if (found !== undefined) return found;
  const cli = path.join(path.dirname(require.resolve("playwright-core/package.json")), "cli.js");
  execFileSync(process.execPath, [cli, "install", "--with-deps", "chromium"], options);
  return chromium.executablePath();
}
