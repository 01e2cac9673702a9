import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { listTickets } from "../../../src/index.ts";
import { loadIndex } from "../../../src/store/disk/cache.ts";
import { forgeIndex } from "../../helpers/forgeIndex.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** Changes the text of a cache, which may hold bytes that are no text. */
function rewrite(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "latin1");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after, "latin1");
}

test("a cache of a build that did not know a field is not believed", async () => {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login", "--project", "web");
  const index = path.join(project.tickets, ".git", "ayo", "index");
  // An hour later no file is so new that it is read in any case.
  const now = () => Date.now() + 3_600_000;
  const found = async () => (await listTickets(project.open({ now }), { query: "project:web" })).tickets;

  // The whole index in one file, as a build wrote it to which `project` was somebody's own key.
  rmSync(index);
  expect(await found()).toHaveLength(1);
  forgeIndex(index, (text) => text.replace('"fields":{"project":"web"}', '"extra": {"project":"web"}'));
  // The cache is believed: without this the rest of the test says nothing.
  expect(await found()).toEqual([]);
  forgeIndex(index, (text) => text.replace(" project:text", ""));
  expect((await found()).map((ticket) => ticket.id)).toEqual([id]);
});

test("what a change learned of the archive is known to the next one, also while the cache is only added to", async () => {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login");
  const stateDir = path.join(project.tickets, ".git", "ayo");
  const now = () => Date.now() + 3_600_000;
  // As in a clone: whoever only reads does not look into the archive.
  rmSync(path.join(stateDir, "index"));
  await listTickets(project.open({ now }), {});
  const base = readFileSync(path.join(stateDir, "index"));
  expect(loadIndex(stateDir)).toMatchObject({ archiveTree: undefined });
  await project.ayo("ticket", "note", id, "hello");
  expect(loadIndex(stateDir)?.archiveTree).toBe("");
  expect(readFileSync(path.join(stateDir, "index")).equals(base)).toBe(true);
});

test("a search index of a build that did not search a field is made anew", async () => {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login", "--project", "quagmire");
  const found = () => project.ayo("ticket", "search", "quagmire", "--type", "keyword", "--quiet");
  expect(await found()).toBe(id);
  const file = path.join(project.tickets, ".git", "ayo", "search", "keyword.bin");
  rewrite(file, (text) => text.replace(/("version":"\d+) project/, "$1"));
  const before = readFileSync(file);
  expect(await found()).toBe(id);
  expect(readFileSync(file).equals(before)).toBe(false);
});
