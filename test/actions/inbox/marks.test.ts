import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readInbox } from "../../../src/index.ts";
import { hookStore } from "../../helpers/hookStore.ts";
import { ROOT } from "../../helpers/pages.ts";
import { CLI } from "../../helpers/runCli.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

const CODER = ["--as", "coder"];

async function withNotes(count: number): Promise<{ store: TempStore; id: string }> {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  for (let n = 0; n < count; n++) await store.ayo("ticket", "note", id, `@coder ${n}`);
  return { store, id };
}

async function keys(store: TempStore, ...flags: string[]): Promise<string[]> {
  return (await inboxOf(store, ...flags)).items.map(({ key }) => key);
}

describe("what is put away", () => {
  test("does not show any more, for whom it was put away, in no other words than by its key or its ticket", async () => {
    const { store, id } = await withNotes(3);
    const [first = "", second = ""] = await keys(store, ...CODER);
    expect(await store.ayo("inbox", "done", first, ...CODER)).toBe(`${first} done`);
    const [head = "", note = ""] = second.split(" ");
    expect(await store.ayo("inbox", "done", head, note, ...CODER)).toBe(`${second} done`);
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
    expect(await store.ayo("inbox", "done", first, ...CODER)).toBe("nothing to change");
    await store.ayo("ticket", "assign", id, "@coder");
    expect((await store.ayo("inbox", "done", id.slice(-4), ...CODER)).split("\n")).toHaveLength(2);
    expect(await linesOf(store, ...CODER)).toEqual([]);
    const all = await inboxOf(store, "--all", ...CODER);
    expect(all.items.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    expect(await store.ayo("inbox", "done", first, "--undo", ...CODER)).toBe(`${first} back`);
    expect(await keys(store, ...CODER)).toEqual([first]);
    store.judge();
  });

  test("for a while is back then; a time that is over or none is refused", async () => {
    const { store } = await withNotes(1);
    const [key = ""] = await keys(store, ...CODER);
    await store.ayo("inbox", "snooze", key, "--until", "2h", ...CODER);
    expect(await keys(store, ...CODER)).toEqual([]);
    expect(await inboxOf(store, "--all", ...CODER)).toMatchObject({ items: [{ state: "snoozed" }] });
    const later = store.open({ now: () => Date.now() + 2 * 3_600_000 + 1000 });
    expect(await readInbox(later, { as: "@coder" })).toMatchObject({ total: 1 });
    const monday = Date.parse("2026-11-30T09:00:00Z");
    const flags = ["inbox", "snooze", key, "--until", "monday", "--json", ...CODER];
    const { stdout } = await store.here(flags, { now: () => monday });
    expect(new Date(JSON.parse(stdout).until).getTime() - monday).toBeGreaterThan(5 * 24 * 3_600_000);
    for (const until of ["2020-01-01", "soon", "9999999d", "99999999999d"]) {
      const { code, stderr } = await store.here(["inbox", "snooze", key, "--until", until, ...CODER]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("until")]);
    }
  });

  test("a note that was edited stays away; a new one of the same ticket does not", async () => {
    const { store, id } = await withNotes(1);
    await store.ayo("inbox", "done", id, ...CODER);
    store.write(id, store.text(id).replace("@coder 0", "@coder nought"));
    expect(await keys(store, ...CODER)).toEqual([]);
    await store.here(["ticket", "note", id, "@coder 1"], { now: () => Date.now() + 2_000 });
    expect(await linesOf(store, ...CODER)).toEqual([`mention ${id}:note`]);
  });

  test("what is no line is named; what was settled meanwhile is no error", async () => {
    const { store, id } = await withNotes(1);
    const wrong = await store.here(["inbox", "done", "nope:q", ...CODER]);
    expect([wrong.code, wrong.stderr]).toEqual([1, "error: there is no line 'nope:q'\ntry: ayo inbox\n"]);
    const settled = await store.here(["inbox", "done", `${id}:q`, ...CODER]);
    expect([settled.code, settled.stderr]).toEqual([0, `note: ${id}:q: nothing of it is in your inbox\n`]);
  });

  test("a ticket without lines is not one whose id begins in the same way", async () => {
    const store = await tempStore({ project: true });
    const rows = ["old-1", "old-10"].map((id) => JSON.stringify({ id, title: id }));
    writeFileSync(path.join(store.dir, "rows.jsonl"), `${rows.join("\n")}\n`);
    await store.ayo("import", "rows.jsonl");
    await store.ayo("ticket", "note", "old-10", "@coder?");
    const { code, stderr } = await store.here(["inbox", "done", "old-1", ...CODER]);
    expect([code, stderr]).toEqual([0, "note: old-1: nothing of it is in your inbox\n"]);
    expect(await linesOf(store, ...CODER)).toEqual(["mention old-10:note"]);
  });

  test("an agent puts nothing of another's away", async () => {
    const { store, id } = await withNotes(1);
    const env = { AYO_AGENT: "@rex" };
    const { code, stderr } = await store.here(["inbox", "done", id, ...CODER], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("you are @rex")]);
    expect(await keys(store, ...CODER)).toHaveLength(1);
  });
});

describe("what nobody was told of", () => {
  test("is told once, also to two who ask at the same moment, and stays in the inbox", async () => {
    const { store } = await withNotes(4);
    const runs = await Promise.all(Array.from({ length: 4 }, () => store.run(["inbox", "--new", "--json", ...CODER])));
    const told = runs.map(({ stdout }) => JSON.parse(stdout).total as number);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(4);
    expect(await keys(store, ...CODER)).toHaveLength(4);
    expect(await inboxOf(store, "--new", ...CODER)).toMatchObject({ items: [], total: 0 });
  });

  test("of the person, where an agent's process asks for him", async () => {
    const store = await tempStore({ project: true });
    const id = await store.ayo("ticket", "create", "Build login");
    await store.ayo("ticket", "ask", id, "Which bus?", ...CODER);
    const { stdout } = await store.here(["inbox", "--person", "--new", "-q"], { env: { AYO_AGENT: "@coder" } });
    expect(stdout.trim()).toBe(`${id}:q`);
  });
});

describe("what was put away lies in AYO_HOME", () => {
  const homeOf = (home: string): string => {
    const [store = ""] = readdirSync(path.join(home, "inbox"));
    const [file = ""] = readdirSync(path.join(home, "inbox", store)).filter((name) => name.endsWith(".json"));
    return path.join(home, "inbox", store, file);
  };

  test("by many at once nothing is lost", async () => {
    const { store } = await withNotes(6);
    const all = await keys(store, ...CODER);
    await Promise.all(all.map((key) => store.run(["inbox", "done", key, ...CODER])));
    expect(await keys(store, ...CODER)).toEqual([]);
    store.judge();
  });

  test("each machine has its own; what settles a line settles it on all", async () => {
    const { store, id } = await withNotes(1);
    const [one, other] = [{ AYO_HOME: tempDir() }, { AYO_HOME: tempDir() }];
    const lines = async (env: { readonly AYO_HOME: string }) =>
      (await store.here(["inbox", "-q", ...CODER], { env })).stdout.split("\n").length - 1;
    await store.here(["inbox", "done", id, ...CODER], { env: one });
    expect([await lines(one), await lines(other)]).toEqual([0, 1]);
    await store.here(["inbox", "snooze", id, ...CODER], { env: other });
    await store.here(["inbox", "done", id, "--undo", ...CODER], { env: one });
    expect([await lines(one), await lines(other)]).toEqual([1, 0]);
    await store.ayo("ticket", "note", id, "seen", ...CODER);
    expect([await lines(one), (await store.here(["inbox", "--all", "-q", ...CODER], { env: other })).stdout]).toEqual([
      0,
      "",
    ]);
  });

  test("where it cannot be read that is told, and everything shows", async () => {
    const { store, id } = await withNotes(1);
    const env = { AYO_HOME: tempDir() };
    await store.here(["inbox", "done", id, ...CODER], { env });
    const file = homeOf(env.AYO_HOME);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ schema: 1, name: "@coder" });
    writeFileSync(file, "torn");
    const { stdout, stderr, code } = await store.here(["inbox", "-q", ...CODER], { env });
    expect([code, stdout.split(":")[0], stderr]).toEqual([0, id, expect.stringContaining("is not as ayo writes it")]);
    const done = await store.here(["inbox", "done", id, ...CODER], { env });
    expect([done.code, readFileSync(file, "utf8")]).toEqual([2, "torn"]);
    const told = await store.here(["inbox", "--new", ...CODER], { env });
    expect([told.code, readFileSync(file, "utf8")]).toEqual([2, "torn"]);
  });

  test("where it cannot be written that is an error, and reading goes on", async () => {
    const { store, id } = await withNotes(1);
    const env = { AYO_HOME: path.join(tempDir(), "file") };
    writeFileSync(env.AYO_HOME, "");
    const { code, stderr } = await store.here(["inbox", "done", id, ...CODER], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(env.AYO_HOME)]);
    expect((await store.here(["inbox", "-q", ...CODER], { env })).stdout).toContain(`${id}:note`);
  });
});

test("the hook that notifies tells a person of each thing once, whoever's command fires it", async () => {
  const bin = tempDir();
  const told = path.join(bin, "told");
  const put = (name: string, text: string) => writeFileSync(path.join(bin, name), text, { mode: 0o755 });
  put("ayo", `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  put("notify-send", `#!/bin/sh\nprintf '%s | %s\\n' "$1" "$2" >> '${told}'\n`);
  const store = await hookStore({ PATH: `${bin}:${process.env.PATH}` });
  const notify = readFileSync(path.join(ROOT, "templates/hooks/notify"), "utf8");
  for (const event of ["asked", "noted", "mentioned"]) store.put(`ticket.${event}.d/10-notify`, notify);
  await store.ayo("allow", "--all");
  const id = await store.ayo("ticket", "create", "Build login");
  await store.cli("ticket", "ask", id, "Which bus?", ...CODER);
  await store.cli("ticket", "note", id, "-- $(touch gone) `x` \u001b[2J", "--as", "max");
  await store.cli("ticket", "note", id, "@user, look", ...CODER);
  await store.cli("ticket", "note", id, "still", ...CODER);
  expect(readFileSync(told, "utf8").trimEnd().split("\n")).toEqual([
    `ayo: question ${id} | @coder Which bus? Build login`,
    `ayo: mention ${id} | @coder @user, look Build login`,
  ]);
});
