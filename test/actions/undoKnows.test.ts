import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { applyBatch, createTicket, redoChange, undoChange, updateTickets } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

async function withNote(inline = false): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore({ inline });
  const id = await store.ayo("ticket", "create", "First");
  await store.ayo("ticket", "note", id, "before");
  return { ...store, id };
}

describe("undo knows every change that ayo made", () => {
  test.each([false, true])("a batch of different operations (inline: %s)", async (inline) => {
    const { id, ...store } = await withNote(inline);
    const before = store.text(id);
    const operations = [
      { op: "create", title: "Of the batch" },
      { op: "note", id, text: "of the batch" },
    ];
    await applyBatch(store.open(), { operations });
    const undone = await undoChange(store.open(), {});
    expect(undone.undone.subject).toMatch(/^batch: 1 create, 1 note: /);
    expect(undone.tickets.map(({ kind }) => kind).sort()).toEqual(["changed", "deleted"]);
    expect(store.text(id)).toBe(before);
    const again = await redoChange(store.open(), { what: id });
    expect(again.undone.subject).toMatch(/^undo batch: /);
    expect(store.text(id)).toContain("of the batch");
    store.judge();
  });

  test("a setting", async () => {
    const { id, ...store } = await withNote();
    const config = path.join(store.tickets, "config.yml");
    const before = readFileSync(config, "utf8");
    await store.ayo("config", "prefix", "zz");
    expect(await store.ayo("undo")).toContain("config prefix: zz");
    expect(readFileSync(config, "utf8")).toBe(before);
    expect(store.text(id)).toContain("before");
  });

  test("an import", async () => {
    const { id, ...store } = await withNote();
    await store.run(["import", "-", "--from", "jsonl"], {
      input: '{"id":"a-1","title":"A"}\n{"id":"a-2","title":"B"}\n',
    });
    expect((await undoChange(store.open(), {})).tickets).toHaveLength(2);
    expect(store.files()).toEqual([`${id}.md`]);
  });
});

describe("a dry run of undo foretells the real one, also where something was edited by hand and is not committed yet", () => {
  const foretold = async ({ open }: TempStore, what: string | undefined): Promise<void> => {
    const input = what === undefined ? {} : { what };
    const {
      undone: would,
      commit: _____,
      dryRun,
      wouldChange,
      notices: _,
      ...dry
    } = await undoChange(open(), { ...input, dryRun: true });
    const { undone: did, commit: __, notices: ___, ...real } = await undoChange(open(), input);
    expect([dryRun, wouldChange]).toEqual([true, true]);
    expect([would.commit, would.subject, would.byHand]).toEqual([null, did.subject, true]);
    expect(dry).toEqual(real);
  };
  const edit = ({ text, write, id }: TempStore & { readonly id: string }): void => {
    write(id, text(id).replace("priority: 2", "priority: 0"));
  };

  test("the last change", async () => {
    const store = await withNote();
    edit(store);
    await foretold(store, undefined);
    store.judge();
  });

  test("the last change of a ticket, and not that of another", async () => {
    const store = await withNote();
    const { ticket: other } = await createTicket(store.open(), { title: "Other" });
    edit(store);
    const { undone } = await undoChange(store.open(), { what: other.id, dryRun: true });
    expect(undone.subject).toBe(`create ${other.id}: Other`);
    await foretold(store, store.id);
  });

  test("a deletion, and a file that got another name", async () => {
    const store = await withNote();
    const file = path.join(store.tickets, `${store.id}.md`);
    rmSync(file);
    await foretold(store, undefined);
    renameSync(file, path.join(store.tickets, "login.md"));
    await foretold(store, undefined);
    store.judge();
  });

  test("what was edited since a commit is named with who did it", async () => {
    const store = await withNote();
    await updateTickets(store.open(), { ids: [store.id], priority: "1" });
    const commit = git(store.repo, "rev-parse", "HEAD");
    store.write(store.id, store.text(store.id).replace("priority: 1", "priority: 3"));
    const dry = await undoChange(store.open(), { what: commit, dryRun: true }).catch((error: Error) => error.message);
    const real = await undoChange(store.open(), { what: commit }).catch((error: Error) => error.message);
    expect(dry).toEqual(real);
    expect(real).toContain("priority changed since by");
  });

  test("on the command line", async () => {
    const store = await withNote();
    edit(store);
    expect(await store.ayo("undo", "--dry-run")).toMatch(/^Would undo the uncommitted edit of Test User, /);
  });
});
