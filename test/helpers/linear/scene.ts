import { afterEach, expect } from "vitest";
import type { Pair } from "../../../src/trackers/sync/pair.ts";
import { type SyncOptions, type SyncReport, syncTracker } from "../../../src/trackers/sync/sync.ts";
import { providerAt } from "./loopback.ts";
import { MemorySide } from "./memorySide.ts";
import { type LinearServer, linearServer, type Mishap } from "./server.ts";
import type { Issue } from "./world.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A tracker, a side of ours, and ways to look at both. */
export interface Scene {
  readonly server: LinearServer;
  readonly side: MemorySide;
  readonly sync: (options?: Partial<SyncOptions>, side?: MemorySide) => Promise<SyncReport>;
  /** Goes on with another map, or another clock of ours. */
  readonly become: (over: Parameters<typeof providerAt>[1]) => void;
  /** The n-th request of an operation goes wrong. */
  readonly fail: (operation: string, mishap: Mishap, first?: () => void) => void;
  readonly issueOf: (id: string) => Issue;
  readonly writes: () => string[];
}

/** Begins one; it ends with its test. */
export async function scene(): Promise<Scene> {
  const server = await linearServer();
  let provider = providerAt(server);
  const side = new MemorySide();
  open.push(() => provider.close(), server.close);
  return {
    server,
    side,
    sync: (options = {}, other = side) => syncTracker(provider, other, { winner: "remote", overlap: 5, ...options }),
    become: (over) => {
      provider.close();
      provider = providerAt(server, over);
    },
    fail: (operation, mishap, first) => {
      let isDone = false;
      server.onRequest = (request) => {
        if (isDone || request.operation !== operation) return undefined;
        isDone = true;
        first?.();
        return mishap;
      };
    },
    issueOf: (id) => server.world.issue((side.pairs.get(id) as Pair).key),
    writes: () => server.seen.filter(({ isWrite }) => isWrite).map(({ operation }) => operation),
  };
}

/** What came of a run stands: the next one reads only, four requests, and makes no commit. */
export async function expectSettled({ server, side, sync }: Scene): Promise<void> {
  server.seen.length = 0;
  const { commits } = side;
  const report = await sync();
  expect(report.told).toEqual([]);
  expect(server.seen.map(({ operation }) => operation)).toEqual([
    "Describe",
    "Changed",
    "ChangedComments",
    "ChangedRelations",
  ]);
  expect(side.commits).toBe(commits);
  expect(server.offences).toEqual([]);
}

/** The same, of the second run from here. */
export async function expectQuiet(one: Scene): Promise<void> {
  await one.sync();
  await expectSettled(one);
}

/** What the notes say that are not for the tracker. */
export function saidIn({ side }: Scene, id: string): string[] {
  return (side.tickets.get(id)?.notes ?? []).filter(({ isPublic }) => !isPublic).map(({ text }) => text);
}
