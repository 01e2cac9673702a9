import { httpClient } from "../http.ts";
import type { Env } from "../proxy.ts";
import { type Ask, GITHUB_URL, githubAsk } from "./ask.ts";
import type { Etags } from "./etags.ts";

/** How to come to GitHub. */
export interface OpenOptions {
  /** GitHub's own where none is given. */
  readonly url?: string | undefined;
  readonly key: string;
  /** The repository's number, where it is known. */
  readonly repoId?: number | undefined;
  /** Answers that were kept of runs before. */
  readonly etags?: Etags | undefined;
  /** Where proxies are named. */
  readonly env: Env;
  readonly now?: () => number;
  /** Milliseconds that a request may take, and before each try again; tests have none. */
  readonly timeout?: number;
  readonly waits?: readonly number[];
  readonly patience?: number;
  /** Asked before whatever writes; it may throw. */
  readonly mayWrite?: (() => void) | undefined;
  readonly pause?: number;
}

/** A way to ask GitHub, until it is closed. */
export interface OpenGitHub {
  readonly ask: Ask;
  readonly close: () => void;
}

const TIMEOUT = 30_000;
const WAITS = [500, 2000, 8000];
/** The longest that a limit is waited for: a person sits before it, and hears until when. */
const PATIENCE = 10_000;
/** GitHub asks for a second between things that are made. */
const PAUSE = 1000;
/** A page of 100 issues with long descriptions. */
const LIMIT = 32 * 1024 * 1024;

/** Opens connections to GitHub: none before the first question. */
export function openGitHub(options: OpenOptions): OpenGitHub {
  const { url = GITHUB_URL, key, repoId, etags, env, now = Date.now, timeout = TIMEOUT } = options;
  const http = httpClient({ env, timeout, limit: LIMIT });
  const { waits = WAITS, patience = PATIENCE, pause = PAUSE, mayWrite } = options;
  const tries = { waits, patience, now, mayWrite };
  try {
    return { ask: githubAsk({ url, key, repoId, etags, http, pause, ...tries }), close: http.close };
  } catch (error) {
    http.close();
    throw error;
  }
}
