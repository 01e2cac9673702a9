import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { config } from "../../../src/actions/config/config.ts";
import { setScalar } from "../../../src/actions/config/setScalar.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

const file = (store: TempStore) => path.join(store.tickets, "config.yml");

test("settings with where they come from, and one of them", async () => {
  const store = await tempStore();
  writeFileSync(file(store), "# ours\ntypes: [task, spike]\nclaims:\n  lease: 20m\n");
  const { settings, path: where } = await invoke(config, store.open(), {});
  expect(where).toBe(file(store));
  const bySource = (source: string) =>
    settings.filter((one) => one.source === source).map(({ key, line }) => [key, line]);
  expect(bySource("config.yml")).toEqual([
    ["types", 2],
    ["claims", 3],
  ]);
  expect(bySource("default").map(([key]) => key)).toEqual([
    "prefix",
    "git",
    "board.initial",
    "board.columns",
    "transitions",
    "archive.after",
  ]);
  expect((await invoke(config, store.open(), { key: "claims.lease" })).settings).toMatchObject([{ value: "20m" }]);
  await expect(invoke(config, store.open(), { key: "colour" })).rejects.toMatchObject({ code: "bad_input" });
});

test("setting one changes that value, keeps every other byte, and is a commit", async () => {
  const store = await tempStore();
  const text = "# ours\r\nprefix: 'abc'   # three letters\r\narchive: {after: 30d, other: 1}\r\n";
  writeFileSync(file(store), text);
  const handle = store.open();
  const { changed, commit } = await invoke(config, handle, { key: "archive.after", value: "60d" });
  expect([changed, typeof commit]).toEqual([true, "string"]);
  expect(readFileSync(file(store), "utf8")).toBe(text.replace("30d", "60d"));
  await invoke(config, handle, { key: "prefix", value: "web" });
  expect(readFileSync(file(store), "utf8")).toBe(text.replace("30d", "60d").replace("'abc'", "web"));
  expect(await store.ayo("ticket", "create", "One")).toMatch(/^web-/);
  expect(store.subjects()[1]).toBe("config prefix: web");
  expect((await invoke(config, handle, { key: "prefix", value: "web" })).changed).toBe(false);
  store.judge();
});

test.each([
  ["prefix", "UPPER CASE"],
  ["prefix", ""],
  ["archive.after", "soon"],
  ["git", "inline"],
  ["git", "svn"],
  ["board.columns", "x"],
  ["types", "x"],
])("%s cannot become '%s', and nothing is changed", async (key, value) => {
  const store = await tempStore();
  const before = readFileSync(file(store), "utf8");
  await expect(invoke(config, store.open(), { key, value })).rejects.toMatchObject({ code: "bad_input" });
  expect(readFileSync(file(store), "utf8")).toBe(before);
});

describe("setScalar", () => {
  test.each([
    ["", "prefix", "prefix: new\n"],
    ["", "archive.after", "archive:\n  after: new\n"],
    ["a: 1", "prefix", "a: 1\nprefix: new\n"],
    ["prefix:\n", "prefix", "prefix: new\n"],
    [
      "archive:\n  # when\n  after: 30d # days\nb: 2\n",
      "archive.after",
      "archive:\n  # when\n  after: new # days\nb: 2\n",
    ],
    ["'prefix': \"old\"\n", "prefix", "'prefix': new\n"],
    ["prefix: &x old\n", "prefix", undefined],
    ["prefix: |\n  old\n", "prefix", undefined],
    ["archive: *x\n", "archive.after", undefined],
  ])("in %j", (text, key, result) => {
    expect(setScalar(text, key, "new")).toBe(result);
  });
});
