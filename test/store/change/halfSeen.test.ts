import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createTicket } from "../../../src/index.ts";
import { transaction } from "../../../src/store/change/transaction.ts";
import { readStore } from "../../../src/store/disk/view.ts";
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
