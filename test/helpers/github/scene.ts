import { afterEach, expect } from "vitest";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import type { Etags } from "../../../src/trackers/github/etags.ts";
import { githubProvider } from "../../../src/trackers/github/github.ts";
import type { MapConfig } from "../../../src/trackers/github/mapping.ts";
import { openGitHub } from "../../../src/trackers/github/open.ts";
import type { Provider } from "../../../src/trackers/provider.ts";
import type { Pair } from "../../../src/trackers/sync/pair.ts";
import { type SyncOptions, type SyncReport, syncTracker } from "../../../src/trackers/sync/sync.ts";
import { MemorySide } from "../linear/memorySide.ts";
import { GITHUB_KEY, type GitHubServer, githubServer, type Mishap } from "./server.ts";
import type { Issue } from "./world.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Over {
  readonly now?: () => number;
  readonly key?: string;
  readonly map?: MapConfig;
  readonly timeout?: number;
  readonly etags?: Etags | undefined;
  readonly pause?: number;
  readonly mayWrite?: () => void;
}

/** GitHub as ayo sees it, at a loopback server: each run of ayo's is another one. */
export function providerAt(server: GitHubServer, over: Over = {}): Provider & { close: () => void } {
  const { now = Date.now, key = GITHUB_KEY, map = { states: {}, people: { "@coder": "jo" } }, timeout = 5000 } = over;
  const { etags, pause = 0, mayWrite } = over;
  const { repo, repoId } = server.world;
  const asked = { url: server.url, key, repoId, env: {}, now, timeout, waits: [0, 0], patience: 10, etags, pause };
  const { ask, close } = openGitHub({ ...asked, mayWrite });
  return { ...githubProvider(ask, { repo, columns: DEFAULT_BOARD.columns, map }), close };
}

/** A tracker, a side of ours, and ways to look at both. */
export interface Scene {
  readonly server: GitHubServer;
  readonly side: MemorySide;
  readonly sync: (options?: Partial<SyncOptions>, side?: MemorySide) => Promise<SyncReport>;
  /** Whoever syncs from now on is another, or thinks otherwise. */
  readonly become: (other: Over) => void;
  /** The first request that fits goes wrong. */
  readonly fail: (operation: RegExp, mishap: Mishap, first?: () => void) => void;
  readonly issueOf: (id: string) => Issue;
  readonly writes: () => string[];
}

/** Begins one; it ends with its test. */
export async function scene(): Promise<Scene> {
  const server = await githubServer();
  const side = new MemorySide();
  let over: Over = {};
  open.push(server.close);
  return {
    server,
    side,
    sync: async (options = {}, other = side) => {
      const provider = providerAt(server, over);
      try {
        return await syncTracker(provider, other, { winner: "remote", overlap: 0, ...options });
      } finally {
        provider.close();
      }
    },
    become: (now) => {
      over = now;
    },
    fail: (operation, mishap, first) => {
      let isDone = false;
      server.onRequest = (request) => {
        if (isDone || !operation.test(request.operation)) return undefined;
        isDone = true;
        first?.();
        return mishap;
      };
    },
    issueOf: (id) => server.world.issue(Number((side.pairs.get(id) as Pair).key)),
    writes: () => server.seen.filter(({ isWrite }) => isWrite).map(({ operation }) => operation),
  };
}

/** What came of a run stands: the next one reads only, and makes no commit. */
export async function expectSettled({ server, side, sync }: Scene, relations = 0): Promise<void> {
  server.seen.length = 0;
  const { commits } = side;
  const report = await sync();
  expect(report.told).toEqual([]);
  const asked = server.seen.map(({ operation }) => operation);
  expect(asked.slice(0, 4)).toEqual(["GET /labels", "GET /assignees", "GET /issues", "GET /issues/comments"]);
  expect(asked.slice(4).filter((one) => !one.includes("/dependencies/"))).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(4 + relations);
  expect(side.commits).toBe(commits);
  expect(server.offences).toEqual([]);
}
