import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { addNote, createTicket } from "../../../src/index.ts";
import { transaction } from "../../../src/store/change/transaction.ts";
import { readStore } from "../../../src/store/disk/view.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const ACTOR = { name: "Ann", email: "ann@example.com", agent: false } as const;

test("who reads while a change waits for the end of somebody's save sees all of the change or nothing of it", async () => {
  const project = await tempStore();
  const store = project.open();
  const ids: string[] = [];
  for (const title of ["One", "Two", "Three"])
    ids.push((await createTicket(store, { title, description: "A first line.\n\nA second line." })).ticket.id);
  ids.sort();
  const last = path.join(store.dir, `${ids.at(-1)}.md`);
  const whole = readFileSync(last, "utf8");
  let isMade = false;
  const change = transaction(store, { actor: ACTOR }, async (draft) => {
    for (const id of ids) await draft.patch(await draft.find(id), { priority: "0" });
    // An editor has begun to save the last one, so that it is put in place some time after the others.
    writeFileSync(last, whole.slice(0, whole.indexOf("second")));
    return { sentence: { subject: "all at once", tickets: ids }, result: null };
  }).finally(() => {
    isMade = true;
  });
  const changedOnDisk = (): number => ids.filter((id) => /^priority: 0$/m.test(project.text(id))).length;
  const seen = async (): Promise<string> => {
    const { tickets } = await readStore(store);
    return `${tickets.filter(({ fields }) => fields.priority === 0).length} of ${tickets.length}`;
  };
  while (changedOnDisk() < 2 && !isMade) await new Promise((resolve) => setImmediate(resolve));
  expect(changedOnDisk()).toBe(2);
  // It is not waited for: the editor ends only after it has begun.
  const inTheMidst = seen();
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(last, whole);
  expect(["0 of 3", "3 of 3"]).toContain(await inTheMidst);
  await change;
  expect(await seen()).toBe("3 of 3");
  project.judge();
});

test.each([
  ["within what it was", 500, 600],
  ["at the end of a page", 700, 4096],
])("half of a save, cut off %s, is no edit of anybody's: its end is waited for", async (_, lines, length) => {
  const project = await tempStore();
  const store = project.open();
  const { ticket } = await createTicket(store, { title: "One", description: "A line.\n".repeat(400) });
  const file = path.join(store.dir, `${ticket.id}.md`);
  const text = Buffer.from(
    `${project.text(ticket.id)}${(length > 600 ? "Another line.\n" : "A line.\n").repeat(lines)}`,
  );
  writeFileSync(file, text.subarray(0, length));
  let isMade = false;
  const note = addNote(store, { id: ticket.id, text: "A note." }).finally(() => {
    isMade = true;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while (!existsSync(path.join(project.repo, ".git/ayo/lock"))) await turn();
  for (let turns = 0; turns < 500 && !isMade; turns++) await turn();
  writeFileSync(file, text);
  await note;
  const [, edit = ""] = git(project.repo, "log", "--format=%H").split("\n");
  expect(git(project.repo, "show", `${edit}:${ticket.id}.md`)).toBe(text.toString().trimEnd());
  expect(project.text(ticket.id)).toMatch(/A note\.\n$/);
  project.judge();
});
