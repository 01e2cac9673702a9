import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket } from "../../../src/index.ts";
import { keepView } from "../../../src/store/disk/keepView.ts";
import { readStore } from "../../../src/store/disk/view.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SECOND = 1000;

/** A kept store with one ticket and a clock that stands still until it is moved. */
async function kept() {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login");
  let later = 0;
  const start = Date.now();
  const open = project.open();
  const store: Store = { ...open, host: { ...open.host, now: () => start + later } };
  keepView(store);
  // The system begins to tell a moment after the first read.
  const isShared = async () => {
    const { tickets } = await readStore(store);
    return (await readStore(store)).tickets === tickets;
  };
  await expect.poll(isShared, { timeout: 60_000 }).toBe(true);
  const wait = (ms: number) => {
    later += ms;
  };
  const titles = async () => (await readStore(store)).tickets.map(({ title }) => title).sort();
  return { project, id, store, wait, titles, file: path.join(store.dir, `${id}.md`) };
}

describe("reads of a kept store", () => {
  test("share what was read while nothing changes, at the moment of each", async () => {
    const { store, wait } = await kept();
    const first = await readStore(store);
    wait(2 * SECOND);
    const second = await readStore(store);
    expect(second.tickets).toBe(first.tickets);
    expect(second.now - first.now).toBe(2 * SECOND);
    wait(9 * SECOND);
    expect((await readStore(store)).tickets).not.toBe(first.tickets);
  });

  test("see every change at once: in place, by renaming, by other processes, by this one", async () => {
    const { project, id, store, titles, file } = await kept();
    expect(await titles()).toEqual(["Build login"]);
    writeFileSync(file, project.text(id).replace("Build login", "Build logic"));
    expect(await titles()).toEqual(["Build logic"]);
    appendFileSync(file, "\nmore\n");
    expect((await readStore(store)).byId.get(id)?.version).toBe(git(store.dir, "hash-object", file).trim());
    writeFileSync(`${file}~`, project.text(id).replace("Build logic", "Build logs"));
    renameSync(`${file}~`, file);
    expect(await titles()).toEqual(["Build logs"]);
    const other = await project.ayo("ticket", "create", "From elsewhere");
    expect(await titles()).toEqual(["Build logs", "From elsewhere"]);
    await createTicket(store, { title: "From here" });
    expect(await titles()).toEqual(["Build logs", "From elsewhere", "From here"]);
    rmSync(path.join(store.dir, `${other}.md`));
    expect(await titles()).toEqual(["Build logs", "From here"]);
    writeFileSync(path.join(store.dir, "config.yml"), "board: 1\n");
    await expect(readStore(store)).rejects.toMatchObject({ code: "bad_config" });
    rmSync(path.join(store.dir, "config.yml"));
    expect(await titles()).toHaveLength(2);
  });

  test("a lease that runs out makes its ticket ready without a change", async () => {
    const { project, id, store, wait } = await kept();
    await project.ayo("ticket", "claim", id, "--lease", "5s", "--as", "@amy");
    const isReady = async () => {
      const view = await readStore(store);
      return view.tickets.map((ticket) => view.isReady(ticket));
    };
    expect(await isReady()).toEqual([false]);
    wait(8 * SECOND);
    expect(await isReady()).toEqual([true]);
  });

  test("a folder that is replaced is watched anew, one that is gone is no store", async () => {
    const { store, titles, file } = await kept();
    expect(await titles()).toEqual(["Build login"]);
    const aside = `${store.dir}-aside`;
    renameSync(store.dir, aside);
    await expect(readStore(store)).rejects.toMatchObject({ code: "no_store" });
    renameSync(aside, store.dir);
    expect(await titles()).toEqual(["Build login"]);
    appendFileSync(file, "\n# Second heading\n");
    writeFileSync(file, "---\nstatus: open\n---\n# Other\n");
    expect(await titles()).toEqual(["Other"]);
  });
});
