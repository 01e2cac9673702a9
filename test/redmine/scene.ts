import { expect, inject, onTestFinished } from "vitest";
import type { TrackerRules } from "../../src/actions/tracker/rules.ts";
import { storeSide } from "../../src/actions/tracker/side/storeSide.ts";
import type { LocalSide } from "../../src/trackers/sync/localSide.ts";
import { type SyncOptions, type SyncReport, syncTracker } from "../../src/trackers/sync/sync.ts";
import type { TempStore } from "../helpers/tempStore.ts";
import { redmineProvider } from "./adapter/redmine.ts";
import { type Line, lineTo } from "./proxy.ts";
import type { Side } from "./side.ts";
import { newProject, type There } from "./there.ts";

/** A project of a real Redmine, the line to it, and runs of the syncer over it. */
export interface Scene {
  readonly there: There;
  readonly line: Line;
  readonly sync: (side: LocalSide, options?: Partial<SyncOptions>) => Promise<SyncReport>;
  /** What was written there since the last look. */
  readonly writes: () => string[];
}

/** Begins one; it ends with its test. */
export async function scene(): Promise<Scene> {
  const { url, people } = inject("redmine");
  const [there, line] = await Promise.all([newProject(), lineTo(url)]);
  onTestFinished(line.close);
  return {
    there,
    line,
    sync: async (side, options = {}) => {
      // Each run of ayo's is another one.
      const provider = redmineProvider({ url: line.url, key: people.admin.key, project: there.project });
      try {
        return await syncTracker(provider, side, { winner: "remote", overlap: 2000, yes: true, ...options });
      } finally {
        provider.close();
      }
    },
    writes: () => {
      const all = line.seen.splice(0).filter(({ isWrite }) => isWrite);
      return all.map(({ operation }) => operation);
    },
  };
}

/** Stores know their trackers by name, and Redmine is none of them: in a store it is called by another's. */
const RULES: TrackerRules = {
  ...{ name: "linear", place: "", placeId: "", url: undefined },
  ...{ push: "all", conflicts: "remote", comments: "people", states: {}, people: {} },
};

/** A store, as a sync sees it now. */
export async function sideOf(store: TempStore): Promise<LocalSide> {
  return storeSide(store.open(), RULES, "a1b2c3d4e5f6");
}

/** The number of a ticket's issue. */
export function numberIn(store: TempStore, id: string): number {
  return Number(/^external-ref: linear:(\d+)$/m.exec(store.text(id))?.[1]);
}

/** What came of a run stands: the next ones send nothing, and where Redmine did nothing of itself make no commit. */
export async function expectQuiet({ sync, writes }: Scene, store: TempStore): Promise<void> {
  writes();
  await sync(await sideOf(store));
  const before = store.subjects();
  const { told, left } = await sync(await sideOf(store));
  expect([told, left, writes(), store.subjects()]).toEqual([[], [], [], before]);
  store.judge();
}

/** The same of a side in memory. */
export async function expectRest({ sync, writes }: Scene, side: Side): Promise<void> {
  writes();
  await sync(side, { whole: true });
  const { commits } = side;
  const { told, left } = await sync(side);
  expect([told, left, writes(), side.commits]).toEqual([[], [], [], commits]);
}
