import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

const CODER = ["--as", "coder"];
const REX = ["--as", "rex"];

test("who asked first hears of his answer, also where another asked after him", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
  await store.ayo("ticket", "answer", id, "The red one");
  await store.ayo("ticket", "ask", id, "Which train?", ...REX);
  await store.ayo("ticket", "answer", id, "The last one");
  expect((await inboxOf(store, ...CODER)).items.map(({ text }) => text)).toEqual(["Answer: The red one"]);
  expect((await inboxOf(store, ...REX)).items.map(({ text }) => text)).toEqual(["Answer: The last one"]);
  await store.ayo("ticket", "note", id, "on it", ...CODER);
  expect(await linesOf(store, ...CODER)).toEqual([]);
});

test("messages of an import, or of a file that was added by hand, are told to nobody", async () => {
  const store = await tempStore({ project: true });
  const notes = [{ by: "max", text: "hello", at: "2026-01-01T00:00:00Z" }];
  const row = JSON.stringify({ id: "old-1", title: "Old", assignee: "@coder", notes });
  writeFileSync(path.join(store.dir, "rows.jsonl"), `${row}\n`);
  await store.ayo("import", "rows.jsonl", ...CODER);
  const head = "---\nid: copied\nstatus: open\ncollaborators: ['@coder']\n---\n# Copied\n";
  store.write("copied", `${head}\n## Notes\n\n**2026-01-01T00:00:00Z** Max\n\nhello\n`);
  await store.ayo("ticket", "create", "Another");
  expect(store.text("old-1")).toContain("hello");
  expect(await linesOf(store, ...CODER)).toEqual([]);
});

test("who mentions himself in a description calls nobody", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login", "-d", "@coder does it for @rex", ...CODER);
  expect(await linesOf(store, ...CODER)).toEqual([]);
  expect(await linesOf(store, ...REX)).toEqual([`mention ${id}:text`]);
  for (const text of ["For nobody", "For @rex and @coder"])
    await store.ayo("ticket", "update", id, "--replace", "-d", text, ...CODER);
  expect(await linesOf(store, ...CODER)).toEqual([]);
});

test("what was handed over and waits for another ticket is shown, since it cannot be started", async () => {
  const store = await tempStore({ project: true });
  const first = await store.ayo("ticket", "create", "First");
  const second = await store.ayo("ticket", "create", "Second", "--deps", first, "-a", "@coder");
  const acts = async () => (await inboxOf(store, ...CODER)).items.map(({ act }) => act);
  expect(await acts()).toEqual([`ayo ticket show ${second}`]);
  await store.ayo("ticket", "close", first);
  expect(await acts()).toEqual([`ayo ticket start ${second}`]);
});

test("what another opened anew is handed over again, also where it was put away, or was one's own idea", async () => {
  const store = await tempStore({ project: true });
  const given = await store.ayo("ticket", "create", "Given", "-a", "@coder");
  const own = await store.ayo("ticket", "create", "Own", "-a", "@coder", ...CODER);
  await store.ayo("inbox", "done", given, ...CODER);
  await store.ayo("ticket", "close", given, own);
  expect(await linesOf(store, ...CODER)).toEqual([]);
  await store.ayo("ticket", "reopen", given);
  await store.ayo("ticket", "reopen", own);
  expect((await linesOf(store, ...CODER)).sort()).toEqual([`handed ${given}:handed`, `handed ${own}:handed`].sort());
});

test("however a name is spelled it is one: as with claims, `@Coder` is `@coder`", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login", "-a", "@Coder", "--due", "2026-01-02");
  const lines = [`handed ${id}:handed`, `overdue ${id}:due`];
  expect(await linesOf(store, ...CODER)).toEqual(lines);
  expect(await linesOf(store, "--as", "CODER")).toEqual(lines);
  await store.ayo("ticket", "note", id, "@coder?");
  await store.ayo("ticket", "note", id, "yes", "--as", "CODER");
  expect(await linesOf(store, ...CODER)).toEqual(lines);
});

test("of two people of one first name each hears of it until he himself has written, but not who came later", async () => {
  const store = await tempStore({ project: true });
  const person = (name: string) => ({ env: { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name } });
  const [lind, berg, late] = [person("Mara Lind"), person("Mara Berg"), person("Mara Late")];
  const lines = async (who: typeof lind) => {
    const { stdout } = await store.here(["inbox", "-q"], who);
    return stdout.split("\n").filter(Boolean).length;
  };
  const id = await store.ayo("ticket", "create", "Build login");
  for (const who of [lind, berg]) await store.here(["ticket", "create", "Known"], who);
  await store.ayo("ticket", "note", id, "@mara, which one?", ...CODER);
  expect([await lines(lind), await lines(berg)]).toEqual([1, 1]);
  await store.here(["ticket", "note", id, "I do not know: @mara?"], berg);
  expect([await lines(lind), await lines(berg), await lines(late)]).toEqual([2, 0, 0]);
  await store.here(["ticket", "note", id, "the red one"], lind);
  await store.here(["ticket", "create", "New here"], { ...late, now: () => Date.now() + 60_000 });
  expect([await lines(lind), await lines(berg), await lines(late)]).toEqual([0, 0, 0]);
  await store.ayo("ticket", "note", id, "@mara-berg, and you?", ...CODER);
  expect([await lines(lind), await lines(berg)]).toEqual([0, 1]);
});

test("a long text is cut between two characters, never within one", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  await store.ayo("ticket", "note", id, `@coder ${"x".repeat(191)}${"😀".repeat(9)}`);
  const [item] = (await inboxOf(store, ...CODER)).items;
  expect(item?.text).toBe(`@coder ${"x".repeat(191)}…`);
});
