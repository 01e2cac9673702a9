import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { closeTickets, createTicket, updateTickets } from "../../../src/index.ts";
import { refreshIndex } from "../../../src/store/disk/refresh.ts";
import { changedAmong } from "../../../src/store/disk/scan/scan.ts";
import { removeCaches } from "../../../src/store/repair/cacheDrift.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

test("of many outputs a write looks closely at those alone that changed, and takes in each edit", async () => {
  const project = await tempStore();
  const store = project.open();
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) {
    const { id } = (await createTicket(store, { title: `${n}` })).ticket;
    await closeTickets(store, { ids: [id], output: n });
    ids.push(id);
  }
  const files = ids.map((id) => `outputs/${id}.json`).sort();
  const [edited = "", saved = "", gone = ""] = files;
  const at = (file: string): string => path.join(project.tickets, file);
  await new Promise((resolve) => setTimeout(resolve, 50));
  // As a process finds it that begins: with a table that is saved anew.
  if (store.journal === undefined) throw new Error("no journal");
  removeCaches(store, store.journal);
  await refreshIndex(project.open(), true);
  const index = await refreshIndex(project.open(), false);
  expect(changedAmong(index, project.tickets, files)).toEqual([]);
  writeFileSync(at(edited), "10\n");
  writeFileSync(at("saved"), "11\n");
  renameSync(at("saved"), at(saved));
  rmSync(at(gone));
  expect(changedAmong(index, project.tickets, files)).toEqual([edited, saved, gone]);
  await updateTickets(project.open(), { ids: ids.slice(0, 1), priority: 1 });
  expect(git(project.tickets, "show", `HEAD:${edited}`)).toBe("10");
  expect(git(project.tickets, "ls-tree", "--name-only", "HEAD", "outputs/").split("\n")).toEqual(
    files.filter((file) => file !== gone),
  );
  project.judge();
});
