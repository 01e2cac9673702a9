import { expect, test } from "vitest";
import { withInstead } from "../../../src/cli/table/instead.ts";
import { AyoError } from "../../../src/error.ts";
import { runCli } from "../../helpers/runCli.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const notFound = (id: string, ...near: string[]) => new AyoError("not_found", "no", { data: { id, near } });

test.each([
  ["ayo ticket close a-2 -m done", ["ticket", "close", "a-1", "-m", "done"], notFound("a-1", "a-2", "a-3")],
  ["ayo ticket close a-2", ["ticket", "close", "a-1", "--force", "--yes"], notFound("a-1", "a-2")],
  ["ayo ticket show a-2", ["ticket", "create", "x", "--deps", "a-1,b"], notFound("a-1", "a-2")],
  ["ayo --dir x ticket show a-2", ["--dir", "x", "ticket", "create", "--deps=a-1"], notFound("a-1", "a-2")],
  ["ayo ticket list", ["ticket", "show", "zzz"], notFound("zzz")],
  ["ayo --global ticket list", ["ticket", "show", "zzz", "--global"], notFound("zzz")],
  ["ayo --session=s ticket list", ["--session=s", "ticket", "show", "zzz"], notFound("zzz")],
  [undefined, ["import", "x"], new AyoError("not_found", "x does not exist", { data: { path: "x" } })],
  [undefined, ["ticket", "show", "a-1"], new AyoError("blocked", "no", { data: { id: "a-1", near: ["a-2"] } })],
  ["keep me", ["ticket", "show"], new AyoError("not_found", "no", { try: ["keep", "me"], data: { id: "a" } })],
])("the line to try is '%s'", (line, argv, error) => {
  const helped = withInstead(error, argv);
  expect(helped.try?.join(" ")).toBe(line);
  expect([helped.code, helped.message, helped.data]).toEqual([error.code, error.message, error.data]);
});

test("a mistyped id: the caller's own line with the right one", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  const wrong = `${id.slice(0, -1)}_`;
  const { code, stderr } = await store.run(["ticket", "note", wrong, "seen it"]);
  expect([code, stderr]).toEqual([1, `error: ticket '${wrong}' not found\ntry: ayo ticket note ${id} 'seen it'\n`]);
});

test("more on stdin than a text can be is refused, not cut", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  const input = Buffer.alloc(64 * 1024 * 1024 + 1, "x");
  const { code, stderr } = await runCli(store.dir, ["ticket", "note", id, "-"], { input });
  expect([code, stderr]).toEqual([2, "error: more than 64 MiB on stdin; give a file instead\n"]);
  expect(store.text(id)).not.toContain("xxx");
});

test("the sentence of an update names what became another", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  await store.ayo("ticket", "update", id, "-p", "0", "--add-tag", "a", "--external-ref", "gh-1", "--type", "task");
  await store.ayo("ticket", "update", id, "--title", "Two", "-d", "Text", "-m", "why");
  const other = await store.ayo("ticket", "create", "Other");
  await store.ayo("ticket", "update", id, other, "-p", "3");
  expect(store.subjects().filter((subject) => subject.startsWith("update "))).toEqual([
    "update 2 tickets: priority",
    `update ${id}: title, description, note`,
    `update ${id}: priority, tags, external-ref`,
  ]);
});
