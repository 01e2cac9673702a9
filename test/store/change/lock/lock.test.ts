import { existsSync, mkdirSync, readFileSync, rmdirSync, utimesSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { lockStore } from "../../../../src/store/change/lock/lock.ts";
import { lockHolder } from "../../../helpers/lockHolder.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { testHost } from "../../../helpers/tempStore.ts";

const HASTE = { AYO_LOCK_STALE_MS: "300" };

function stateDir(): string {
  const dir = path.join(tempDir(), "state");
  mkdirSync(dir);
  return dir;
}

test("of a process that was stopped it is taken over, and that process neither takes it back nor away", async () => {
  const dir = stateDir();
  const holder = await lockHolder(dir);
  holder.child.kill("SIGSTOP");
  const lock = await lockStore(dir, testHost(dir, { env: HASTE }));
  expect(lock.isLost()).toBe(false);
  const card = readFileSync(path.join(dir, "lock.json"), "utf8");
  holder.child.kill("SIGCONT");
  expect(await holder.end()).toBe("lost");
  await holder.gone;
  expect([existsSync(path.join(dir, "lock")), readFileSync(path.join(dir, "lock.json"), "utf8")]).toEqual([true, card]);
  expect(lock.isLost()).toBe(false);
  await lock.release();
  expect([existsSync(path.join(dir, "lock")), existsSync(path.join(dir, "lock.json"))]).toEqual([false, false]);
});

test("a process that was stopped knows that its lock is lost, though whoever took it over has given it back", async () => {
  const dir = stateDir();
  const holder = await lockHolder(dir);
  holder.child.kill("SIGSTOP");
  await (await lockStore(dir, testHost(dir, { env: HASTE }))).release();
  holder.child.kill("SIGCONT");
  expect(await holder.end()).toBe("lost");
});

test("a holder that computes keeps its lock, however long it does not come to renew it", async () => {
  const dir = stateDir();
  const holder = await lockHolder(dir, { computesMs: 1_500 });
  const waiting = lockStore(dir, testHost(dir, { env: HASTE }));
  // It hears of this when it has computed enough, which is five times the other's patience.
  expect(await holder.end()).toBe("kept");
  await (await waiting).release();
});

test("of a process that is killed it is taken over, though nobody has patience for less than an hour", async () => {
  const dir = stateDir();
  const holder = await lockHolder(dir);
  const waiting = lockStore(dir, testHost(dir, { env: { AYO_LOCK_STALE_MS: "3600000" } }));
  holder.child.kill("SIGKILL");
  await (await waiting).release();
});

/** What proper-lockfile reports as a compromised lock; nobody else has taken it. */
test.each([
  ["removed", (lock: string) => rmdirSync(lock)],
  ["given another stamp", (lock: string) => utimesSync(lock, 1, 1)],
])("a lock that somebody has %s is lost, and its process takes it anew", async (_, damage) => {
  const dir = stateDir();
  const lock = await lockStore(dir, testHost(dir));
  damage(path.join(dir, "lock"));
  await expect.poll(() => lock.isLost(), { timeout: 60_000 }).toBe(true);
  await lock.release();
  expect([existsSync(path.join(dir, "lock")), existsSync(path.join(dir, "lock.json"))]).toEqual([false, false]);
  const again = await lockStore(dir, testHost(dir));
  expect(again.isLost()).toBe(false);
  await again.release();
});
