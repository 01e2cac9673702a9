import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { AS_OTHER, giveToOther } from "../../helpers/otherUser.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../../helpers/tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../../helpers/crashAt.cjs");
const BYTES = Buffer.from([0, 1, 2, 255, 10, 13, 10]);

async function withTicket(): Promise<{ readonly store: TempStore; readonly id: string }> {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login", "-q");
  writeFileSync(`${store.dir}/a.bin`, BYTES);
  return { store, id };
}

async function listedIn(store: TempStore, id: string): Promise<readonly string[]> {
  const { ticket } = await store.json<{ ticket: { attachments?: string[] } }>("ticket", "show", id);
  return (ticket.attachments ?? []).map((one) => path.basename(one));
}

function copyOf({ dir }: TempStore): TempStore {
  const copy = path.join(tempDir(), "p");
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true });
  return storeIn(copy);
}

test("killed at any change of the disk, file, line and commit are all there or none is, once the next command has run", async () => {
  const { store: whole, id } = await withTicket();
  const stride = process.env.AYO_LONG === "1" ? 1 : 30;
  let made = 0;
  for (let at = 1 + Math.floor(Math.random() * stride); ; at += stride) {
    const store = copyOf(whole);
    const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
    const { code } = await store.run(["ticket", "attach", id, "a.bin", "--note", "see"], { env });
    await store.ayo("ticket", "note", id, "the next command");
    const isListed = store.text(id).includes(`attachments: [attachments/${id}/a.bin]`);
    const file = path.join(store.tickets, "attachments", id, "a.bin");
    expect([at, existsSync(file), git(store.tickets, "ls-files", "attachments") !== ""]).toEqual([
      at,
      isListed,
      isListed,
    ]);
    if (isListed) expect(readFileSync(file).equals(BYTES)).toBe(true);
    expect(store.text(id).includes("see")).toBe(isListed);
    expect(await store.ayo("doctor")).toBe("Nothing is wrong");
    store.judge();
    if (isListed) made++;
    if (code === 0) break;
  }
  expect(made).toBeGreaterThan(0);
});

test("of two processes that attach other files under one name at once, both files are there", async () => {
  const { store, id } = await withTicket();
  const names = ["one", "two", "three"];
  for (const name of names) writeFileSync(`${store.dir}/${name}`, name);
  await Promise.all(names.map((name) => store.run(["ticket", "attach", id, name, "--name", "same.txt"])));
  expect((await listedIn(store, id)).toSorted()).toEqual(["same-2.txt", "same-3.txt", "same.txt"]);
  const folder = path.join(store.tickets, "attachments", id);
  expect(
    readdirSync(folder)
      .map((name) => readFileSync(path.join(folder, name), "utf8"))
      .toSorted(),
  ).toEqual(names.toSorted());
  expect(await store.ayo("doctor")).toBe("Nothing is wrong");
  store.judge();
});

test("where the folder may not be written nothing is attached, and nothing is half there", async () => {
  const { store, id } = await withTicket();
  const folder = path.join(store.tickets, "attachments", id);
  mkdirSync(folder, { recursive: true });
  giveToOther(store.dir);
  chmodSync(folder, 0o555);
  const before = store.text(id);
  const { code, stderr } = await store.run(["ticket", "attach", id, "a.bin"], { through: AS_OTHER });
  expect([code, stderr]).toEqual([1, expect.stringContaining("is closed to this process")]);
  expect([readdirSync(folder), store.text(id)]).toEqual([[], before]);
});
