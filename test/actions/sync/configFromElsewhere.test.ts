import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { sharingTeam, type Team, team, tipAt, tipOf } from "../../helpers/team.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

let shared: Team & { readonly ann: TempStore; readonly bob: TempStore };
let ann: TempStore;
let bob: TempStore;
let id: string;
beforeEach(async () => {
  shared = await sharingTeam();
  ({ ann, bob } = shared);
  id = ann.files()[0]?.slice(0, -".md".length) as string;
});

const fileOf = (store: TempStore): string => path.join(store.tickets, "config.yml");
const config = (store: TempStore): string => readFileSync(fileOf(store), "utf8");

/** Commits and pushes a config.yml with git, as somebody whose ayo knows more than ours, or who has none. */
function pushConfig(store: TempStore, text: string): void {
  writeFileSync(fileOf(store), text);
  git(store.tickets, "commit", "--quiet", "--all", "--message=by git");
  git(store.tickets, "push", "--quiet", "--force", shared.hub, "HEAD:ayo/tickets");
}

test("one that makes no sense here comes, is told, and the next sync brings the one that is mended", async () => {
  const good = config(bob);
  pushConfig(bob, `${good}board: {columns: 7}\n`);
  await ann.ayo("sync");
  expect(config(ann)).toContain("columns: 7");
  expect((await ann.here(["ticket", "note", id, "x"])).stderr).toContain("board.columns must be a list");
  const again = await ann.here(["sync"]);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("the last one that made sense holds")]);
  expect((await ann.here(["sync", "--dry-run"])).code).toBe(0);
  expect(await ann.json("sync", "status")).toMatchObject({ shared: true, ahead: 0, behind: 0 });
  pushConfig(bob, good);
  await ann.ayo("sync");
  expect(config(ann)).toBe(good);
  await ann.ayo("ticket", "note", id, "again");
  await ann.ayo("sync");
  expect(tipAt(shared.hub)).toBe(tipOf(ann));
  ann.judge();
});

test("a clone joins a store whose one makes no sense here, and gets the one that is mended", async () => {
  const good = config(bob);
  pushConfig(bob, `${good}board: {columns: 7}\n`);
  const carl = shared.clone("carl");
  expect((await carl.here(["init"])).code).toBe(0);
  pushConfig(bob, good);
  await carl.ayo("sync");
  expect(await carl.ayo("ticket", "list", "-q")).toBe(id);
});

test("one that is broken here by hand is no part of a sync: who has made it mends it", async () => {
  const good = config(ann);
  writeFileSync(fileOf(ann), `${good}board: {columns: 7}\n`);
  const { code, stderr } = await ann.here(["sync"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("board.columns must be a list")]);
  writeFileSync(fileOf(ann), good);
  await ann.ayo("sync");
});

test("what was changed here meanwhile is merged, sent, and comes back whole with the mended one", async () => {
  const good = config(bob);
  await ann.ayo("ticket", "note", id, "of Ann");
  pushConfig(bob, `${good}board: [\n`);
  await ann.ayo("sync");
  expect(git(shared.hub, "show", `ayo/tickets:${id}.md`)).toContain("of Ann");
  git(bob.tickets, "pull", "--quiet", shared.hub, "ayo/tickets");
  pushConfig(bob, good);
  await ann.ayo("sync");
  expect(config(ann)).toBe(good);
  expect(ann.text(id)).toContain("of Ann");
  ann.judge();
});

test("the rules of the last one that made sense hold while a sync works", async () => {
  await bob.ayo("config", "sync.ref", "refs/heads/ayo/other");
  await bob.ayo("sync");
  await ann.ayo("sync");
  await ann.ayo("sync");
  const tip = tipAt(shared.hub, "refs/heads/ayo/other");
  expect(tip).toBe(tipOf(ann));
  writeFileSync(fileOf(bob), "board: {columns: 7}\n");
  git(bob.tickets, "commit", "--quiet", "--all", "--message=by git");
  git(bob.tickets, "push", "--quiet", shared.hub, "HEAD:ayo/other");
  await ann.ayo("sync");
  expect(await ann.json("sync", "status")).toMatchObject({ ref: "refs/heads/ayo/other", shared: true });
  expect(tipOf(ann)).toBe(tipAt(shared.hub, "refs/heads/ayo/other"));
});

test("a ref that nobody here understands is the one where the tickets were last; without such a one a sync refuses", async () => {
  await bob.ayo("config", "sync.ref", "refs/heads/ayo/other");
  await bob.ayo("sync");
  writeFileSync(fileOf(bob), config(bob).replace("refs/heads/ayo/other", "refs/heads/main"));
  const main = tipAt(shared.hub, "refs/heads/main");
  await bob.ayo("ticket", "note", id, "of Bob");
  await bob.ayo("sync");
  expect(tipAt(shared.hub, "refs/heads/ayo/other")).toBe(tipOf(bob));
  expect(tipAt(shared.hub, "refs/heads/main")).toBe(main);
  const carl = team().clone("carl");
  await carl.ayo("ticket", "create", "Of Carl");
  writeFileSync(fileOf(carl), `${config(carl)}sync: {ref: refs/heads/main}\n`);
  const { code, stderr } = await carl.here(["sync", "--yes"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("sync.ref must be a ref of ayo's own")]);
});
