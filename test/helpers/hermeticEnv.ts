import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, inject } from "vitest";

/** An environment for child processes, as `spawn` takes it. */
export type Env = Readonly<Record<string, string | undefined>>;

const GIT_CONFIG = `[user]
	name = Test User
	email = test@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
`;

/**
 * All that a child process gets to know: a home of its own with a git identity, and nothing of the machine, of the
 * agent that runs the tests, or of CI.
 */
export function hermeticEnv(home: string): Env {
  const gitConfig = path.join(home, ".gitconfig");
  mkdirSync(home, { recursive: true });
  if (!existsSync(gitConfig)) writeFileSync(gitConfig, GIT_CONFIG);
  return {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, ".config"),
    XDG_DATA_HOME: path.join(home, ".local/share"),
    XDG_STATE_HOME: path.join(home, ".local/state"),
    XDG_CACHE_HOME: path.join(home, ".cache"),
    GIT_CONFIG_GLOBAL: gitConfig,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    TMPDIR: os.tmpdir(),
    // A busy machine is not to be taken for one that is not there.
    AYO_CLAIM_MS: "60000",
    TZ: "UTC",
    NO_COLOR: "1",
    LC_ALL: "C.UTF-8",
  };
}

/** The home that the tests of one file share unless they bring their own; removed when the whole run ends. */
export function sharedHome(): string {
  const file = expect.getState().testPath ?? "";
  const home = homes.get(file) ?? path.join(inject("scratch"), `home-${process.pid}-${homes.size}`);
  homes.set(file, home);
  return home;
}

/** By test file: a worker runs many, and one is not to find what another left. */
const homes = new Map<string, string>();
