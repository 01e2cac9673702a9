import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { batch } from "../../../src/actions/batch/batch.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { seeLanded } from "../../../src/store/codeCommits/landed/seeLanded.ts";
import { readFresh } from "../../../src/store/disk/view.ts";
import { git } from "../../helpers/git.ts";
import { tempStore } from "../../helpers/tempStore.ts";

/** Numbers that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WAYS = ["merge", "squash", "edited squash", "rebase", "fast-forward"] as const;

/**
 * A plan of tickets that wait for each other, worked on whenever one is ready, and merged later, in any way and order;
 * now and then a merge is reverted, and there is talk of both. Nothing may be ready before what it waits for is on the branch, by what the merger
 * did and not by what ayo thinks; and in the end everything is done.
 */
async function runPlan(count: number, seed: number): Promise<void> {
  const below = random(seed);
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const lines = Array.from({ length: count }, (_, n) => ({
    op: "create",
    name: `t${n}`,
    title: `Part ${n}`,
    deps: [...new Set([below(n), below(n)])].filter((dep) => n > 0 && dep < n).map((dep) => `$t${dep}`),
  }));
  const open = store.open();
  const { names } = await invoke(batch, open, { operations: lines });
  const ids = lines.map(({ name }) => names[name] as string);
  const deps = new Map(lines.map(({ deps: own }, n) => [ids[n], own.map((one) => names[one.slice(1)] as string)]));
  const [begun, onBase, waiting] = [new Set<string>(), new Set<string>(), [] as string[]];
  const mergedAs = new Map<string, { readonly oid: string; readonly way: string }>();
  const ready = async (): Promise<string[]> => {
    await seeLanded(open);
    const view = await readFresh(open);
    return ids.filter((id) => view.isReady(view.byId.get(id) ?? expect.fail(id)));
  };
  const check = async (): Promise<string[]> => {
    const found = await ready();
    for (const id of found)
      for (const dep of deps.get(id) ?? []) expect(onBase.has(dep), `${id} is ready before ${dep} is there`).toBe(true);
    return found;
  };
  const work = async (id: string): Promise<void> => {
    git(dir, "checkout", "--quiet", "-b", `ayo/work/${id}`, "main");
    const parts = 1 + below(3);
    for (let part = 0; part < parts; part++) {
      writeFileSync(path.join(dir, `${id}-${part}`), `${id} ${part}\n`);
      git(dir, "add", ".");
      git(dir, "commit", "--quiet", "--message", below(2) === 0 ? `part ${part}` : `part ${part} TICKET: ${id}`);
    }
    git(dir, "checkout", "--quiet", "main");
    await store.ayo("ticket", "close", id);
    begun.add(id);
    waiting.push(id);
  };
  const merge = (id: string): void => {
    const branch = `ayo/work/${id}`;
    const way = WAYS[below(WAYS.length)] as (typeof WAYS)[number];
    if (way === "merge") git(dir, "merge", "--quiet", "--no-ff", "--message=merge", branch);
    else if (way === "rebase" || way === "fast-forward") {
      git(dir, "checkout", "--quiet", "-b", "copy", branch);
      git(dir, "rebase", "--quiet", "--force-rebase", "main");
      git(dir, "checkout", "--quiet", "main");
      git(dir, "merge", "--quiet", "--ff-only", "copy");
      git(dir, "branch", "--quiet", "-D", "copy");
    } else {
      git(dir, "merge", "--quiet", "--squash", branch);
      if (way === "edited squash") writeFileSync(path.join(dir, `${id}-0`), "edited\n");
      git(dir, "add", ".");
      git(dir, "commit", "--quiet", "--message", way === "squash" ? `(#${below(99)})` : `TICKET: ${id} (edited)`);
    }
    mergedAs.set(id, { oid: git(dir, "rev-parse", "HEAD"), way });
    onBase.add(id);
    if (below(3) === 0) git(dir, "branch", "--quiet", "-D", branch);
  };
  /** Names tickets whose work is not there, and quotes reverts that nobody made. */
  const talk = (): void => {
    const [id, [, merged] = []] = [waiting[below(waiting.length + 1)], [...mergedAs][below(mergedAs.size + 1)] ?? []];
    const quoted = `As "This reverts commit ${merged?.oid}." says\n\n> This reverts commit ${merged?.oid}.`;
    const message = `Talk${id === undefined ? "" : ` TICKET: ${id}`}\n\n${merged === undefined ? "" : quoted}`;
    if (below(2) === 0) writeFileSync(path.join(dir, "talk"), `${below(1e9)}\n`);
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  };
  while (onBase.size < count) {
    if (below(3) === 0) talk();
    const found = (await check()).filter((id) => !begun.has(id));
    const next = found[below(found.length)];
    if (next !== undefined && (waiting.length === 0 || below(2) === 0)) await work(next);
    else {
      const [id] = waiting.splice(below(waiting.length), 1);
      expect(id, "something waits that nothing can free").toBeDefined();
      merge(id as string);
      if (below(6) === 0) await revertOne(id as string);
    }
  }
  expect((await ready()).filter((id) => !begun.has(id))).toEqual([]);

  /** What nobody waits for any more is taken back and comes again: what waits for it meanwhile is not ready. */
  async function revertOne(id: string): Promise<void> {
    const { oid, way } = mergedAs.get(id) ?? expect.fail();
    if (way === "rebase" || way === "fast-forward") return;
    await check();
    git(dir, "revert", "--no-edit", ...(way === "merge" ? ["-m", "1"] : []), oid);
    onBase.delete(id);
    await check();
    git(dir, "revert", "--no-edit", "HEAD");
    onBase.add(id);
  }
}

test("nothing is ready before what it waits for has landed, however it is merged", async () => {
  await runPlan(process.env.AYO_LONG === "1" ? 200 : 8, 7);
}, 1_200_000);
