import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { invoke } from "../../src/actions/input/action.ts";
import { list } from "../../src/actions/list.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("a view that config.yml names chooses and orders; what is given besides holds too", async () => {
  const store = await tempStore();
  for (const [title, ...more] of [
    ["b bug", "-t", "bug"],
    ["a bug", "-t", "bug", "-p", "0"],
    ["a task", "-p", "0"],
  ])
    await store.ayo("ticket", "create", title as string, ...more);
  await store.ayo("config", "views.bugs", "{filter: 'type:bug', sort: title}");
  await store.ayo("config", "views.all of it", "is:open");
  const titles = async (...words: string[]): Promise<string[]> =>
    (await store.json<{ tickets: { title: string }[] }>("ticket", "list", ...words)).tickets.map(({ title }) => title);
  expect(await titles("--view", "bugs")).toEqual(["a bug", "b bug"]);
  expect(await titles("--view", "bugs", "--sort", "id", "priority:0")).toEqual(["a bug"]);
  expect(await titles("--view", "all of it")).toHaveLength(3);
  const none = await store.run(["ticket", "list", "--view", "nope"]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("there is no view 'nope'; bugs, all of it")]);
  const words = (await store.run(["completion", "--words", "--", "ticket", "list", "--view", ""])).stdout;
  expect(words).toContain("bugs");
  store.judge();
});

test.each([
  ["views: [a]", "views must be a mapping of names to filters"],
  ["views: {a: [b]}", "views.a must be a filter, or a mapping"],
  ["views: {a: {filter: 'x', colour: red}}", "views.a.colour is not known; there are filter, sort, group, lanes"],
  ["views: {a: {filter: 'x', sort: up}}", "views.a.sort must be one of"],
  ["views: {a: {}}", "views.a.filter must be a filter on one line"],
  ["views: {a: 'prioriti:1'}", "views.a.filter"],
  ["views: {'../a': x}", "must have a name of letters"],
])("%s is told with its place, where it is used and where it is set", async (yaml, said) => {
  const store = await tempStore();
  const file = path.join(store.tickets, "config.yml");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, `${before}${yaml}\n`);
  const { code, stderr } = await store.run(["ticket", "list", "--view", "a"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  // What asks for no view goes on.
  expect((await invoke(list, store.open(), {})).tickets).toEqual([]);
  writeFileSync(file, before);
  const value = yaml.replace("views: ", "");
  const set = await store.run(["config", "views", value]);
  expect([set.code, readFileSync(file, "utf8")]).toEqual([2, before]);
});
