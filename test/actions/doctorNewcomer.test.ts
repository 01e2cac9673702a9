import { copyFileSync, renameSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { examine } from "../helpers/examine.ts";
import { type TempStore, tempStore, writeTickets } from "../helpers/tempStore.ts";

const CREATED = "created: 2026-01-05T08:00:00Z";

/** A store with the ticket `t-a`, and one that waits for it. */
async function storeWithOne(): Promise<TempStore> {
  const store = await tempStore();
  writeTickets(store, { "t-a": `The old one\n${CREATED}`, "t-ref": `Refers\ndeps: [t-a]\nlinks: [t-a]` });
  await store.ayo("ticket", "note", "t-ref", "seen");
  return store;
}

const at = ({ tickets }: TempStore, file: string) => path.join(tickets, file);
const copy = (store: TempStore, from: string, to: string) => copyFileSync(at(store, from), at(store, to));

/** Puts the old ticket under another name, and a fresh one with its id under the old. */
function changePlaces(store: TempStore): void {
  renameSync(at(store, "t-a.md"), at(store, "kept.md"));
  writeTickets(store, { "t-a": "Fresh\ncreated: 2020-01-01T00:00:00Z" });
}

/** Every ticket's title by its id, and by its file. */
async function outcome(store: TempStore) {
  const { tickets } = await store.json<{ tickets: { id: string; title: string; path: string }[] }>("ticket", "list");
  const waits = await store.ayo("ticket", "show", "t-ref");
  return { tickets: tickets.map(({ id, title, path: file }) => ({ id, title, file })), waits };
}

/** Each once right after it was made, and once when another command has committed it. */
const TIMES: readonly (readonly [string, (store: TempStore) => Promise<unknown>])[] = [
  ["before it is committed", async () => {}],
  ["when it is committed", (store) => store.ayo("ticket", "note", "t-ref", "on")],
  [
    "when much was committed since",
    async (store) => {
      for (const text of ["one", "two", "three"]) await store.ayo("ticket", "note", "t-ref", text);
      store.write("t-ref", `${store.text("t-ref")}\nmore\n`);
      await store.ayo("ticket", "note", "t-ref", "four");
    },
  ],
];

describe.each(TIMES)("two files with one id, %s", (_, wait) => {
  test("a copy gets the id of its name", async () => {
    const store = await storeWithOne();
    copy(store, "t-a.md", "a-copy.md");
    await wait(store);
    const mended = await examine(store, true);
    expect([mended.findings, mended.fixed.map(({ path: file, fix }) => `${file} ${fix}`)]).toEqual([
      [],
      ["a-copy.md gets the id a-copy"],
    ]);
    expect((await outcome(store)).tickets.map(({ id, file }) => `${id} ${file}`).sort()).toEqual([
      "a-copy a-copy.md",
      "t-a t-a.md",
      "t-ref t-ref.md",
    ]);
  });

  test("a copy that lost its place to a conflict, and was changed, is the newcomer", async () => {
    const store = await storeWithOne();
    copy(store, "t-a.md", "t-a (conflicted copy).md");
    store.write("t-a (conflicted copy)", store.text("t-a").replace("The old one", "Theirs"));
    await wait(store);
    expect((await examine(store, true)).findings).toEqual([]);
    const { tickets } = await outcome(store);
    expect(tickets).toContainEqual({ id: "t-a", title: "The old one", file: "t-a.md" });
    expect(tickets.find(({ title }) => title === "Theirs")?.file).not.toContain("copy");
  });

  test("the old ticket under another name keeps its id, and a fresh file under the old name gets another", async () => {
    const store = await storeWithOne();
    changePlaces(store);
    await wait(store);
    const { findings, fixed } = await examine(store, true);
    expect([findings, fixed.map(({ code, path: file }) => `${code} ${file}`).sort()]).toEqual([
      [],
      ["duplicate_id t-a.md", "id_mismatch kept.md"],
    ]);
    const { tickets, waits } = await outcome(store);
    expect(tickets).toContainEqual({ id: "t-a", title: "The old one", file: "t-a.md" });
    const fresh = tickets.find(({ title }) => title === "Fresh");
    expect(fresh?.file).toBe(`${fresh?.id}.md`);
    expect(fresh?.id).not.toBe("t-a");
    expect(waits).toContain("The old one");
    store.judge();
  });

  test("of two copies of a ticket whose own file is gone one keeps the id", async () => {
    const store = await storeWithOne();
    copy(store, "t-a.md", "b.md");
    renameSync(at(store, "t-a.md"), at(store, "c.md"));
    await wait(store);
    expect((await examine(store, true)).findings).toEqual([]);
    expect((await outcome(store)).tickets.filter(({ id }) => id === "t-a")).toHaveLength(1);
    expect((await outcome(store)).waits).toContain("The old one");
  });
});

test("an older file that was brought in later is the newcomer: what counts is who had the id", async () => {
  const store = await storeWithOne();
  store.write("a-first", store.text("t-a").replace(CREATED, "created: 2001-01-01T00:00:00Z").replace("old", "older"));
  expect((await examine(store)).findings).toEqual([
    expect.objectContaining({ code: "duplicate_id", path: "a-first.md", fix: "gets the id a-first" }),
  ]);
});

test("where the history knows of no first one, the file's name decides, then who was created first", async () => {
  const store = await tempStore();
  const text = (created: string) => `---\nid: t-a\nstatus: open\ncreated: ${created}\n---\n# T\n`;
  store.write("x", text("2026-01-05T08:00:00Z"));
  store.write("y", text("2026-01-04T08:00:00Z"));
  store.write("z", text("2026-01-06T08:00:00Z"));
  const newcomers = async () =>
    (await examine(store)).findings.flatMap(({ code, path: file }) => (code === "duplicate_id" ? file : [])).sort();
  expect(await newcomers()).toEqual(["x.md", "z.md"]);
  renameSync(at(store, "z.md"), at(store, "t-a.md"));
  expect(await newcomers()).toEqual(["x.md", "y.md"]);
});

test("ids that differ in capitals: who names the one that goes, goes on meaning it", async () => {
  const store = await storeWithOne();
  writeTickets(store, { "T-A": "Capitals", "t-cap": "Means capitals\ndeps: [T-A, t-a]\nlinks: [T-A]" });
  const [finding] = (await examine(store)).findings;
  expect(finding).toMatchObject({ code: "duplicate_id", path: "T-A.md" });
  expect(finding?.message).toMatch(/tickets that name t-a go on meaning t-a\.md, and those that name T-A this one$/);
  expect((await examine(store, true)).findings).toEqual([]);
  const { tickets } = await outcome(store);
  const renamed = tickets.find(({ title }) => title === "Capitals")?.id;
  expect(store.text("t-cap")).toContain(`deps: [${renamed}, t-a]`);
  expect(store.text("t-cap")).toContain(`links: [${renamed}]`);
  expect(store.text("t-ref")).toContain("deps: [t-a]");
});
