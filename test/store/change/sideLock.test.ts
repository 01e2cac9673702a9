import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sideLock } from "../../../src/store/change/lock/sideLock.ts";
import type { Journal } from "../../../src/store/open/store.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("a lock that another has taken over is not ours, and is not given back by us", async () => {
  const store = (await tempStore()).open();
  const journal = store.journal as Journal;
  const file = path.join(journal.stateDir, "some.lock");
  const first = await sideLock(store, journal, "some");
  expect(first.isOurs()).toBe(true);
  const old = new Date(Date.now() - 60_000);
  utimesSync(file, old, old);
  // Nobody was there: it still is ours, however long that was.
  expect(first.isOurs()).toBe(true);
  const second = await sideLock(store, journal, "some");
  expect([first.isOurs(), second.isOurs()]).toEqual([false, true]);
  const card = readFileSync(`${file}.json`, "utf8");
  rmSync(file, { recursive: true });
  expect(second.isOurs()).toBe(false);
  mkdirSync(file);
  // The same place on the disk may be given once more: who holds it is said in the card.
  writeFileSync(`${file}.json`, JSON.stringify({ ...JSON.parse(card), token: "another" }));
  for (const lock of [first, second]) {
    expect(lock.isOurs()).toBe(false);
    await lock.release();
    expect([existsSync(file), existsSync(`${file}.json`)]).toEqual([true, true]);
  }
  utimesSync(file, old, old);
  const third = await sideLock(store, journal, "some");
  await third.release();
  expect([existsSync(file), existsSync(`${file}.json`)]).toEqual([false, false]);
});
