import { expect, test } from "vitest";
import type { VerbName } from "../../../src/actions/verbs.ts";
import type { Context } from "../../../src/cli/table/command.ts";
import { defaultCommand } from "../../../src/cli/table/defaultCommand.ts";
import { parseArgs } from "../../../src/cli/table/parseArgs.ts";
import { tempStore, writeTickets } from "../../helpers/tempStore.ts";

/** Runs the command that the table alone makes of a verb, whether or not another is written by hand. */
async function bench() {
  const store = await tempStore();
  writeTickets(store, { "a-1": "One", "a-2": "Two" });
  const derived = async (name: VerbName, ...words: string[]) => {
    const warned: string[] = [];
    const context = { store: () => store.open(), warn: (line: string) => warned.push(line) } as unknown as Context;
    const command = await defaultCommand(name);
    const args = parseArgs(command, words, words);
    return { ...(await command.run(context, args)), warned };
  };
  return { store, derived };
}

test("tickets are words, all else is a flag, keys and values too; it says what was changed", async () => {
  const { store, derived } = await bench();
  const changed = await derived("update", "a-1", "a-2", "--set", "estimate=3", "--set", "team=core", "-m", "why");
  expect([changed.text, changed.ids]).toEqual(["Changed a-1, a-2", ["a-1", "a-2"]]);
  expect(changed.warned).toEqual(["note: edit 2 tickets by hand: a-1, a-2"]);
  expect(store.text("a-2")).toMatch(/^estimate: 3\nteam: core$/m);
  expect((await derived("update", "a-1", "--set", "estimate=3")).text).toBe("Unchanged a-1");
  const dry = await derived("update", "a-1", "--priority", "0", "--dry-run");
  expect([dry.text, dry.warned]).toEqual(["Would update a-1", ["dry run: nothing was changed"]]);
  await expect(derived("update", "a-1", "--set", "estimate")).rejects.toMatchObject({
    code: "bad_usage",
    message: "--set 'estimate' is not of the form key=value",
  });
  await expect(derived("update")).rejects.toMatchObject({ code: "bad_usage" });
});

test("where there is one ticket, the texts that must be given follow it; numbers are numbers", async () => {
  const { store, derived } = await bench();
  expect((await derived("note", "a-1", "It was tried")).text).toBe("Changed a-1");
  expect(store.text("a-1")).toContain("It was tried");
  expect((await derived("dep add", "a-1", "a-2")).json).toMatchObject({ ticket: { id: "a-1" }, dep: "a-2" });
  const id = await store.ayo("ticket", "create", "Three", "--acceptance", "It works");
  expect((await derived("check", id, "--numbers", "1")).json).toMatchObject({ criteria: [{ n: 1, done: true }] });
  const { positionals } = await defaultCommand("note");
  expect(positionals).toEqual([
    { name: "id", required: true, complete: "id" },
    { name: "text", required: true },
  ]);
});

test("a verb that moves tickets answers as all of them do, and one that reads prints what it read", async () => {
  const { derived } = await bench();
  await derived("dep add", "a-2", "a-1");
  const closed = await derived("close", "a-1");
  expect([closed.text, closed.ids]).toEqual(["Updated a-1 -> closed\nready: a-2 - Two", ["a-1"]]);
  const { text, json } = await derived("stats");
  expect(JSON.parse(text)).toEqual(json);
  expect(json).toMatchObject({ total: 2 });
});
