import { linearProvider } from "../../../src/trackers/linear/linear.ts";
import type { MapConfig } from "../../../src/trackers/linear/mapping.ts";
import { type OpenLinear, openLinear } from "../../../src/trackers/linear/open.ts";
import type { Provider } from "../../../src/trackers/provider.ts";
import { LINEAR_KEY, type LinearServer } from "./server.ts";

/** The columns of a board as it comes. */
export const COLUMNS = ["open", "in_progress", "in_review", "blocked", "closed", "failed", "cancelled"];

interface Over {
  readonly now?: () => number;
  readonly key?: string;
  readonly mayWrite?: () => void;
}

/** A way to ask a loopback server, without waiting between tries. */
export function askAt(server: LinearServer, { now = Date.now, key = LINEAR_KEY, mayWrite }: Over = {}): OpenLinear {
  return openLinear({ url: server.url, key, env: {}, now, timeout: 5000, waits: [0, 0], patience: 10, mayWrite });
}

/** Linear as ayo sees it, at a loopback server. */
export function providerAt(
  server: LinearServer,
  over: Over & { readonly map?: MapConfig } = {},
): Provider & { close: () => void } {
  const { ask, close } = askAt(server, over);
  const map = over.map ?? { states: {}, people: { "@coder": "user-jo" } };
  return { ...linearProvider(ask, { team: "team-eng", columns: COLUMNS, map }), close };
}
