import { httpClient } from "../http.ts";
import type { Env } from "../proxy.ts";
import { type Ask, LINEAR_URL, linearAsk } from "./ask.ts";

/** How to come to Linear. */
export interface OpenOptions {
  /** Linear's own where none is given. */
  readonly url?: string | undefined;
  readonly key: string;
  /** Where proxies are named. */
  readonly env: Env;
  readonly now?: () => number;
  /** Milliseconds that a request may take, and before each try again; tests have none. */
  readonly timeout?: number;
  readonly waits?: readonly number[];
  readonly patience?: number;
  /** Asked before whatever writes; it may throw. */
  readonly mayWrite?: (() => void) | undefined;
}

/** A way to ask Linear, until it is closed. */
export interface OpenLinear {
  readonly ask: Ask;
  readonly close: () => void;
}

const TIMEOUT = 30_000;
const WAITS = [500, 2000, 8000];
/** The longest that a limit is waited for: a person sits before it, and hears until when. */
const PATIENCE = 10_000;
/** A page of 250 issues with long descriptions. */
const LIMIT = 32 * 1024 * 1024;

/** Opens connections to Linear: none before the first question. */
export function openLinear(options: OpenOptions): OpenLinear {
  const { url = LINEAR_URL, key, env, now = Date.now, timeout = TIMEOUT } = options;
  const http = httpClient({ env, timeout, limit: LIMIT });
  const { waits = WAITS, patience = PATIENCE, mayWrite } = options;
  try {
    return { ask: linearAsk({ url, key, http, waits, patience, now, mayWrite }), close: http.close };
  } catch (error) {
    http.close();
    throw error;
  }
}
