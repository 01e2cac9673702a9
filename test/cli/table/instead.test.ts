import { expect, test } from "vitest";
import { withInstead } from "../../../src/cli/table/instead.ts";
import { AyoError } from "../../../src/error.ts";
import { runCli } from "../../helpers/runCli.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const notFound = (id: string, ...near: string[]) => new AyoError("not_found", "no", { data: { id, near } });

test.each([
  ["ayo ticket history a-2 -n 1", ["ticket", "history", "a-1", "-n", "1"], notFound("a-1", "a-2", "a-3")],
  ["ayo ticket show a-2", ["ticket", "create", "x", "--deps", "a-1,b"], notFound("a-1", "a-2")],
  ["ayo --dir x ticket show a-2", ["--dir", "x", "ticket", "create", "--deps=a-1"], notFound("a-1", "a-2")],
  ["ayo ticket list", ["ticket", "show", "zzz"], notFound("zzz")],
  ["ayo --global ticket list", ["ticket", "show", "zzz", "--global"], notFound("zzz")],
  ["ayo --session=s ticket list", ["--session=s", "ticket", "show", "zzz"], notFound("zzz")],
  [undefined, ["import", "x"], new AyoError("not_found", "x does not exist", { data: { path: "x" } })],
  [undefined, ["ticket", "show", "a-1"], new AyoError("blocked", "no", { data: { id: "a-1", near: ["a-2"] } })],
  ["keep me", ["ticket", "show"], new AyoError("not_found", "no", { try: ["keep", "me"], data: { id: "a" } })],
])("the line to try is '%s'", (line, argv, error) => {
  const helped = withInstead(error, argv, false);
  expect(helped.try?.join(" ")).toBe(line);
  expect([helped.code, helped.message, helped.data]).toEqual([error.code, error.message, error.data]);
});

test.each([
  ["ayo ticket show a-2", ["ticket", "close", "a-1", "-m", "done"], notFound("a-1", "a-2", "a-3")],
  ["ayo --dir x ticket show a-2", ["--dir", "x", "ticket", "delete", "a-1", "--yes"], notFound("a-1", "a-2")],
  ["ayo ticket list", ["ticket", "close", "zzz"], notFound("zzz")],
])("of a verb that writes it is '%s'", (line, argv, error) => {
  expect(withInstead(error, argv, true).try?.join(" ")).toBe(line);
});

test("a mistyped id: a verb that reads is offered for the right one, one that writes never is", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  const wrong = `${id.slice(0, -1)}_`;
  const other = await store.ayo("ticket", "create", "Other");
  const read = await store.run(["ticket", "show", wrong]);
  expect([read.code, read.stderr]).toEqual([1, `error: ticket '${wrong}' not found\ntry: ayo ticket show ${id}\n`]);
  const lines = [
    "close ID",
    "cancel ID -m x",
    "delete ID --yes",
    "note ID text",
    "update ID -p 0",
    "edit ID",
    "undo ID",
  ];
  lines.push("dep add ID OTHER", "undep OTHER ID", "link OTHER ID", "check ID 1", "assign ID x", "status ID closed");
  for (const line of lines.map((one) => one.replace("ID", wrong).replace("OTHER", other))) {
    const words = line.startsWith("undo") ? line.split(" ") : ["ticket", ...line.split(" ")];
    const { code, stderr } = await store.here(words);
    expect([code, /^try: ayo ticket (?:show|list|history) ?/m.test(stderr) || !stderr.includes("try:")], line).toEqual([
      1,
      true,
    ]);
  }
});

test("a verb that writes needs three characters of an id, or all of it; one that reads needs one", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "One");
  const end = id.slice(-2);
  expect(await store.ayo("ticket", "show", end, "-q")).toBe(id);
  for (const line of ["close", "cancel", "edit", "undo"]) {
    const { code, stderr } = await store.here(line === "undo" ? [line, end] : ["ticket", line, end], {
      env: { EDITOR: "true" },
    });
    expect([code, stderr], line).toEqual([
      1,
      `error: '${end}' is too short: a command that changes something needs three characters of an id, or all of it ` +
        `(it fits ${id})\ntry: ayo ticket show ${id}\n`,
    ]);
  }
  expect(await store.ayo("ticket", "close", id.slice(-3), "-q")).toBe(id);
  store.write("x", store.text(id).replace(`id: ${id}`, "id: x").replace("status: closed", "status: open"));
  expect(await store.ayo("ticket", "close", "x", "-q")).toBe("x");
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
