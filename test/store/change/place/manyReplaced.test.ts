import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Host } from "../../../../src/host.ts";
import { noteLook, replacedToLookAt } from "../../../../src/store/change/place/lookedAt.ts";
import { keepReplaced } from "../../../../src/store/change/place/replaced.ts";
import { twoTickets } from "../../../helpers/examine.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { testHost } from "../../../helpers/tempStore.ts";

const NOW = Date.now();
const ago = (host: Host, ms: number): Host => ({ ...host, now: () => NOW - ms });

/** Has files replaced so many milliseconds ago; nobody has written to them since. */
function replaceMany(stateDir: string, host: Host, { count, ms }: { count: number; ms: number }): void {
  for (let n = 0; n < count; n++) {
    const target = path.join(stateDir, `file-${ms}-${n}`);
    writeFileSync(target, "text\n");
    const stamp = (NOW - ms) / 1000 - 10;
    utimesSync(target, stamp, stamp);
    const kept = keepReplaced(
      stateDir,
      { file: "t-9.md", target, merged: Buffer.from("text\n"), isCommitted: true },
      ago(host, ms),
    );
    expect(kept).toMatchObject({ file: "t-9.md" });
  }
}

/** How many a change looks at; all but `forgotten` of them stay. */
function looked(stateDir: string, host: Host, forgotten = 0): number {
  const { files, all } = replacedToLookAt(stateDir, host, () => true);
  if (all !== undefined) noteLook(stateDir, host, all - forgotten);
  return files.length;
}

test("of hundreds of replaced files all are looked at once a second, and by each change the latest", () => {
  const dir = tempDir();
  const stateDir = path.join(dir, "state");
  mkdirSync(stateDir);
  const host = testHost(dir);
  replaceMany(stateDir, host, { count: 150, ms: 20_000 });
  replaceMany(stateDir, host, { count: 3, ms: 500 });
  expect(looked(stateDir, ago(host, 0))).toBe(153);
  // This process knows what it has replaced itself.
  expect(looked(stateDir, ago(host, 0))).toBe(3);
  // To another one, the path of the folder is as good as another store, the disk says so.
  const other = path.join(dir, "link/../state").replace(dir, `${dir}/.`);
  expect(looked(other, ago(host, -400))).toBe(3);
  expect(looked(other, ago(host, -1_600))).toBe(153);
  // A clock that was set back has all looked at.
  expect(looked(`${other}/.`, ago(host, 60_000))).toBe(153);
});

test("of a few all are looked at by each change", () => {
  const dir = tempDir();
  const host = testHost(dir);
  replaceMany(dir, host, { count: 100, ms: 20_000 });
  for (let n = 0; n < 3; n++) expect(looked(dir, ago(host, 0))).toBe(100);
});

test("where few are left of hundreds, all are looked at again", () => {
  const dir = tempDir();
  const host = testHost(dir);
  replaceMany(dir, host, { count: 150, ms: 20_000 });
  expect(looked(dir, ago(host, 0), 60)).toBe(150);
  expect(looked(dir, ago(host, 0))).toBe(150);
  expect(looked(dir, ago(host, 0))).toBe(0);
});

test("what is written to one of hundreds of replaced files is merged within a second or two", async () => {
  const store = await twoTickets();
  const stateDir = path.join(store.tickets, ".git/ayo");
  const writer = openSync(path.join(store.tickets, "t-a.md"), "a");
  await store.ayo("ticket", "note", "t-a", "by ayo");
  replaceMany(stateDir, testHost(store.dir), { count: 150, ms: 10_000 });
  await store.ayo("ticket", "note", "t-b", "before");
  writeSync(writer, "\nwritten late\n");
  closeSync(writer);
  await expect
    .poll(
      async () => {
        await store.ayo("ticket", "note", "t-b", "more");
        return store.text("t-a");
      },
      { timeout: 60_000, interval: 100 },
    )
    .toMatch(/by ayo\n(?:.*\n)*.*written late|written late\n(?:.*\n)*.*by ayo/);
});
