import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { addNote, listTickets } from "../../../src/index.ts";
import { loadIndex } from "../../../src/store/disk/cache.ts";
import { refreshIndex } from "../../../src/store/disk/refresh.ts";
import { type Entry, type Index, stampOf } from "../../../src/store/open/entry.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

/** A store with a ticket `a`, whose row in the cache says of its file what `row` makes of it. */
async function storeWithRow(row: (entry: Entry, project: TempStore) => Partial<Entry>) {
  const project = await tempStore();
  writeTickets(project, { a: "First" });
  const store = project.open();
  await addNote(store, { id: "a", text: "begin" });
  const index = await refreshIndex(store, false);
  const entry = index.entries.get("a.md") as Entry;
  const { stamp, oid, ticket } = entry;
  const text = project.text("a");
  const changed = { stamp, racy: true, oid, ticket, text, ...row({ ...entry, stamp, oid, ticket }, project) };
  index.entries.set("a.md", changed);
  return { project, store, index };
}

/** The row's file as another text, and the row's stamp as if it had been so all along. */
function hideEdit(project: TempStore, before: string, after: string): Pick<Entry, "stamp"> {
  project.write("a", project.text("a").replace(before, after));
  return { stamp: stampOf(lstatSync(fileOf(project))) };
}

const titles = async (store: Store): Promise<string[]> =>
  (await listTickets(store, {})).tickets.map(({ title }) => title);

test("an edit that hides behind an equal stamp is seen, whatever its length", async () => {
  for (const [after, title] of [
    ["# Fresh", "Fresh"],
    ["# The first", "The first"],
  ] as const) {
    const { store, project } = await storeWithRow((_, there) => {
      const text = there.text("a");
      return { text, ...hideEdit(there, "# First", after) };
    });
    expect(await titles(store)).toEqual([title]);
    await addNote(store, { id: "a", text: "more" });
    expect(project.subjects()[1]).toBe(`edit a by hand: title First → ${title}`);
    project.judge();
  }
});

test("a row whose text is not known is read and hashed again", async () => {
  const { store } = await storeWithRow((_, project) => ({ text: undefined, ...hideEdit(project, "First", "Other") }));
  expect(await titles(store)).toEqual(["Other"]);
});

test("a file that still says what its row says is not hashed, and trusted once its stamp is old enough", async () => {
  // An id that no text has shows whether the row was kept.
  const oid = "0123456789".repeat(4);
  const racy = await storeWithRow(() => ({ oid }));
  const later = { ...racy.store, host: { ...racy.store.host, now: () => Date.now() + 60_000 } };
  const entryIn = (index: Index): Entry => index.entries.get("a.md") as Entry;
  const trusted = entryIn(await refreshIndex(later, false));
  expect(trusted).toMatchObject({ oid, racy: false });
  expect(trusted.text).toBeUndefined();
  const cached = loadIndex(racy.store.journal?.stateDir ?? "");
  expect(cached && entryIn(cached)).toMatchObject({ oid, racy: false });
  const soon = await storeWithRow(({ stamp }) => ({ oid, stamp }));
  const then = { ...soon.store, host: { ...soon.store.host, now: () => lstatSync(fileOf(soon.project)).mtimeMs } };
  expect(entryIn(await refreshIndex(then, false))).toMatchObject({ oid, racy: true });
});

test("a config that was read anew, as after a copy of the store, is not read by the next command again", async () => {
  const { project, store } = await storeWithRow(() => ({}));
  const config = path.join(project.tickets, "config.yml");
  writeFileSync(config, readFileSync(config));
  const later = { ...project.open(), host: { ...store.host, now: () => Date.now() + 60_000 } };
  await refreshIndex(later, false);
  expect(loadIndex(store.journal?.stateDir ?? "")?.configStamp).toEqual(stampOf(lstatSync(config)));
});

test("the cache keeps a racy row's text, and no other's", async () => {
  const { project, store } = await storeWithRow(() => ({}));
  await addNote(store, { id: "a", text: "racy by now" });
  const stateDir = store.journal?.stateDir ?? "";
  const row = loadIndex(stateDir)?.entries.get("a.md");
  expect(row?.text).toBe(row?.racy === true ? readFileSync(fileOf(project), "utf8") : undefined);
  const later = { ...project.open(), host: { ...store.host, now: () => Date.now() + 60_000 } };
  await refreshIndex(later, false);
  expect(loadIndex(stateDir)?.entries.get("a.md")).toMatchObject({ racy: false, text: undefined });
});

function fileOf(project: TempStore): string {
  return path.join(project.tickets, "a.md");
}
