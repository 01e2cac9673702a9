import path from "node:path";
import { beforeAll, expect } from "vitest";
import { nextCommand, whatIsWrong } from "./expectSwept.ts";
import { git } from "./git.ts";
import { laterCleanUp } from "./laterCleanUp.ts";
import { startPaused } from "./pausedProcess.ts";
import { copyOf, sweptStore } from "./sweptCommands.ts";
import { tempDir } from "./tempDir.ts";
import type { TempStore } from "./tempStore.ts";

/** A holder of the lock that stands still this long is replaced, and nobody waits long for what he was asked for. */
export const SOON = { AYO_LOCK_STALE_MS: "300", AYO_ASK_MS: "50" };
/** Calls of a change; see PLACES in pause.test.ts. */
export const RECORD = "renameSync .*/redo/";
export const BRANCH = "renameSync .*/tmp_obj_ref";
export const INDEX = "renameSync .*/tmp_idx_";
export const RECORD_GONE = "unlinkSync .*/redo/";
export const LOCK = "mkdir .*/ayo/lock$";
export const GIT_LOCK = "linkSync .*/index\\.lock$";
/** The first look after something was taken away. */
export const TAKEN = "existsSync .*/redo/|lstatSync .*/replaced/";
export const placing = (id: string) => `(?:renameSync|linkSync) .*/${id}\\.md`;

/** A copy of a store, and those who play in it. */
export interface Scene {
  readonly store: TempStore;
  /** Starts a command that stops before the first call of each kind. */
  readonly start: (args: readonly string[], calls: readonly string[]) => ReturnType<typeof startPaused>;
  /** Ends the play: what was committed, in order, once the next command has run and nothing is wrong. */
  readonly subjects: () => Promise<readonly string[]>;
}

/** Makes scenes in copies of one store, which may be played together. Call it where tests are declared. */
export function scenes(): () => Scene {
  const cleanUp = laterCleanUp();
  let template: TempStore;
  beforeAll(async () => {
    template = await sweptStore(false, cleanUp);
  });
  return () => sceneOf(template, cleanUp);
}

function sceneOf(template: TempStore, cleanUp: (remove: () => void) => void): Scene {
  const store = copyOf(template, path.join(tempDir(cleanUp), "p"));
  const since = git(store.repo, "rev-parse", "HEAD");
  return {
    store,
    start: (args, calls) => startPaused(store, 1, args, { env: SOON, reads: true, from: calls.join("\n") }),
    subjects: async () => {
      const subjects = git(store.repo, "log", "--reverse", "--format=%s", `${since}..HEAD`).split("\n");
      expect(await nextCommand(store)).toEqual([]);
      expect(await whatIsWrong(store, since)).toEqual([]);
      return subjects;
    },
  };
}
