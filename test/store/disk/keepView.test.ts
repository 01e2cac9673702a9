import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket, updateTickets } from "../../../src/index.ts";
import { HEARD } from "../../../src/store/disk/heard.ts";
import { keepView } from "../../../src/store/disk/keepView.ts";
import { isSameState } from "../../../src/store/disk/sameState.ts";
import { readFresh, readStore } from "../../../src/store/disk/view.ts";
import { kept as runtime } from "../../../src/store/open/runtime.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const SECOND = 1000;

/** A kept store with one ticket and a clock that stands still until it is moved. */
async function kept() {
  const project = await tempStore();
  const id = await project.ayo("ticket", "create", "Build login");
  let later = 0;
  // Its file was left alone for longer than the system's clock ticks: else it is looked into once more.
  const start = Date.now() + SECOND;
  const open = project.open();
  const store: Store = { ...open, host: { ...open.host, now: () => start + later } };
  keepView(store);
  // The system begins to tell a moment later.
  await readStore(store);
  await expect.poll(() => runtime(store, HEARD)?.isSure(), { timeout: 60_000 }).toBe(true);
  const wait = (ms: number) => {
    later += ms;
  };
  const titles = async () => (await readStore(store)).tickets.map(({ title }) => title).sort();
  return { project, id, store, wait, titles, file: path.join(store.dir, `${id}.md`) };
}

test("a process that keeps a store and reads nothing hears of its changes all the same", async () => {
  const store = (await tempStore()).open();
  keepView(store);
  await expect.poll(() => runtime(store, HEARD)?.isSure(), { timeout: 60_000 }).toBe(true);
});

test("a store that is gone can be kept, and its first read says so", async () => {
  const store = (await tempStore()).open();
  rmSync(store.dir, { recursive: true });
  keepView(store);
  await expect(readStore(store)).rejects.toMatchObject({ code: "no_store" });
});

describe("reads of a kept store", () => {
  test("share what was read while nothing changes, at the moment of each", async () => {
    const { store, wait } = await kept();
    const first = await readStore(store);
    wait(2 * SECOND);
    const second = await readStore(store);
    expect(second.tickets).toBe(first.tickets);
    expect(second.now - first.now).toBe(2 * SECOND);
    // Then everything is looked at, and is as it was.
    wait(9 * SECOND);
    const third = await readStore(store);
    expect(third.state).toBe(first.state);
    expect([third.tickets === first.tickets, third.now - first.now]).toEqual([true, 11 * SECOND]);
  });

  test("what was read again and is otherwise is another state", async () => {
    const { store, id } = await kept();
    const [first, same] = [await readFresh(store), await readFresh(store)];
    expect(isSameState(first, same)).toBe(true);
    await updateTickets(store, { ids: [id], tags: ["new"] });
    const second = await readFresh(store);
    expect([isSameState(first, second), isSameState(second, await readFresh(store))]).toEqual([false, true]);
    writeFileSync(path.join(store.dir, "broken.md"), "---\nid: [\n");
    expect(isSameState(second, await readFresh(store))).toBe(false);
    rmSync(path.join(store.dir, "broken.md"));
    const third = await readFresh(store);
    writeFileSync(
      path.join(store.dir, "config.yml"),
      "board:\n  columns: [open, {id: doing, category: active}, closed]\n",
    );
    expect(isSameState(third, await readFresh(store))).toBe(false);
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
