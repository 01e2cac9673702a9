import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { currentHost } from "../../../src/host.ts";
import { processIdentity } from "../../../src/processes.ts";
import { claim, markDue, orphans, settle, UNPUBLISHED } from "../../../src/store/hooks/due.ts";
import { kept } from "../../../src/store/open/runtime.ts";
import { type Store, storeAt } from "../../../src/store/open/store.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const DAY = 24 * 60 * 60 * 1000;
const commit = (digit: string): string => digit.repeat(40);

/** A store's private state, seen by a process with this environment and clock. */
function state(dir = tempDir()) {
  const journal = { stateDir: dir } as NonNullable<Store["journal"]>;
  const store = (env: Record<string, string> = {}, now = Date.now()): Store =>
    storeAt({ dir, named: dir, source: "dir", exists: false }, currentHost({ env, now: () => now }));
  const names = (folder: string): string[] => readdirSync(path.join(dir, "hooks", folder));
  const due = (name: string, text: string): void => writeFileSync(path.join(dir, "hooks/due", name), text);
  mkdirSync(path.join(dir, "hooks/due"), { recursive: true });
  return { dir, journal, store, names, due };
}

describe("what is due", () => {
  test("belongs to the process that owes it, while that lives", () => {
    const { journal, store, names } = state();
    const mine = store();
    markDue(mine, journal, commit("a"));
    expect([kept(mine, UNPUBLISHED), names("due"), orphans(store(), journal)]).toEqual([
      [commit("a")],
      [commit("a")],
      [],
    ]);
  });

  test("is anybody's when its process is gone, oldest first, and not that of a hook", () => {
    const { journal, store, due } = state();
    const gone = { ...processIdentity(process.pid), startTime: "1" };
    const now = Date.now();
    due(commit("b"), JSON.stringify({ owner: gone, at: now - 1 }));
    due(commit("a"), JSON.stringify({ owner: gone, at: now }));
    expect(orphans(store(), journal)).toEqual([commit("b"), commit("a")]);
    expect(orphans(store({ AYO_HOOK: "/hook" }), journal)).toEqual([]);
  });

  test("what a hook commits for others is left to whoever comes next", () => {
    const { journal, store } = state();
    const inHook = store({ AYO_HOOK: "/hook" });
    markDue(inHook, journal, commit("a"));
    expect([kept(inHook, UNPUBLISHED), orphans(store(), journal)]).toEqual([[], [commit("a")]]);
  });

  test("a note that a crash tore is anybody's; one of more than a day is forgotten", () => {
    const { journal, store, names, due } = state();
    due(commit("a"), '{"owner":');
    due(commit("b"), JSON.stringify({ owner: null, at: Date.now() - 2 * DAY }));
    expect([orphans(store(), journal), names("due")]).toEqual([[commit("a")], [commit("a")]]);
  });
});

describe("a claim", () => {
  test("is given once", () => {
    const { journal } = state();
    expect([claim(journal, commit("a")), claim(journal, commit("a")), claim(journal, commit("b"))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("is kept for two days", () => {
    const { dir, journal, names } = state();
    for (const digit of ["a", "b"]) claim(journal, commit(digit));
    const old = (Date.now() - 3 * DAY) / 1000;
    utimesSync(path.join(dir, "hooks/fired", commit("a")), old, old);
    settle(journal, commit("1"));
    expect(names("fired")).toEqual([commit("a"), commit("b")]);
    // Every 64th commit looks.
    settle(journal, commit("0"));
    expect(names("fired")).toEqual([commit("b")]);
  });

  test("that cannot be written is an error, so that nothing runs", () => {
    const { dir, journal } = state();
    writeFileSync(path.join(dir, "hooks/fired"), "");
    expect(() => claim(journal, commit("a"))).toThrow(/EEXIST|ENOTDIR/);
  });
});
