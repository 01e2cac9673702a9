import { cpSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { allowedPipeline, allTickets, begun, putPipeline, runsOf } from "../helpers/pipelines.ts";
import { copyClone } from "../helpers/syncing/copies.ts";
import { sharingTeam } from "../helpers/team.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";
import { startWatch } from "../helpers/watchProcess.ts";

const PRELOAD = path.resolve(import.meta.dirname, "../helpers/crashAt.cjs");
const LONG = process.env.AYO_LONG === "1";

/** Hundreds of processes take their time where others work too. */
vi.setConfig({ testTimeout: LONG ? 3_600_000 : 300_000 });

/** Two tickets, a note, and a third ticket when the first two are done. */
const STEPS = `on: ticket.closed
steps:
  - id: one
    create: {title: 'One of {{ticket.title}}'}
  - id: two
    create: {title: 'Two of {{ticket.title}}'}
  - id: say
    note: 'begun: {{run.id}}'
  - id: last
    create: {title: 'Last of {{ticket.title}}'}
    deps: [one, two]
`;

/** Runs a command that is killed at its `at`-th change of the disk; true if it was. */
async function killed(store: TempStore, at: number, args: readonly string[]): Promise<boolean> {
  const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_CRASH_AT: String(at) };
  const { code, stderr } = await store.run(args, { env });
  if (code !== null && code !== 0) throw new Error(`${args.join(" ")} at ${at}: exit ${code}\n${stderr}`);
  return code === null;
}

async function titles(store: TempStore): Promise<string[]> {
  return (await allTickets(store)).map(({ title }) => title).sort();
}

describe("a command that is killed while pipelines go on", () => {
  let template: TempStore;
  beforeAll(async () => {
    const removals: (() => void)[] = [];
    template = await tempStore({ at: tempDir((remove) => removals.push(remove)) });
    putPipeline(template, "after", STEPS);
    template.write("t-1", "---\nid: t-1\nstatus: open\n---\n# Work\n");
    await template.ayo("ticket", "create", "Other");
    return () => {
      for (const remove of removals) remove();
    };
  });

  test("at whatever change of the disk: the next command has done each step once", async () => {
    const stride = LONG ? 1 : 90;
    let next = 1 + Math.floor(Math.random() * stride);
    let last = Number.POSITIVE_INFINITY;
    const runner = async (): Promise<void> => {
      while (next < last) {
        const at = next;
        next += stride;
        const dir = path.join(tempDir(), "copy");
        cpSync(template.dir, dir, { recursive: true, preserveTimestamps: true });
        const store = storeIn(dir);
        await store.ayo("allow", "pipeline", "after");
        if (!(await killed(store, at, ["ticket", "close", "t-1"]))) last = Math.min(last, at);
        await store.ayo("ticket", "close", "t-1");
        expect([at, await titles(store)]).toEqual([
          at,
          ["One of Work", "Other", "Run of pipeline after: Work", "Two of Work", "Work"],
        ]);
        expect([at, (await runsOf(store, "after"))[0]?.pipelineSteps]).toEqual([at, ["one", "two", "say"]]);
        expect([at, store.text("t-1").match(/^begun: /gm)?.length, begun(store).length]).toEqual([at, 1, 1]);
        store.judge();
      }
    };
    await Promise.all([runner(), runner()]);
    expect(last).toBeGreaterThan(40);
  });
});

/** Two clones in which a pipeline is allowed, and a third that closes tickets and has none allowed. */
async function machines(names: readonly string[], pipelines: Readonly<Record<string, string>>) {
  const { ann, bob, ids } = await sharingTeam(names);
  for (const [name, text] of Object.entries(pipelines)) putPipeline(ann, name, text);
  await ann.ayo("ticket", "note", ids[0] ?? "", "pipelines are in");
  await ann.ayo("sync");
  await bob.ayo("sync");
  const carol = copyClone(bob, path.join(tempDir(), "carol"));
  for (const one of [bob, carol])
    await one.ayo("allow", ...Object.keys(pipelines).map((name) => `pipelines/${name}.yml`));
  return { ann, bob, carol, ids };
}

async function settle(...stores: readonly TempStore[]): Promise<void> {
  for (let turn = 0; turn < 2; turn++) for (const one of stores) await one.ayo("sync");
}

test("two machines that hear of the same events at the same time make the same runs and tickets, each once", async () => {
  const { ann, bob, carol, ids } = await machines(["A", "B"], { after: STEPS });
  await ann.ayo("ticket", "close", ...ids);
  expect(await runsOf(ann, "after")).toEqual([]);
  await ann.ayo("sync");
  // Each acts before it hears of the other.
  await Promise.all([bob.ayo("sync"), carol.ayo("sync")]);
  const made = (store: TempStore) =>
    allTickets(store).then((all) => all.map(({ id, title }) => `${id} ${title}`).sort());
  expect(await made(carol)).toEqual(await made(bob));
  expect(await runsOf(bob, "after")).toHaveLength(2);
  await settle(bob, carol, ann);
  expect(await made(carol)).toEqual(await made(bob));
  expect(await made(ann)).toEqual(await made(bob));
  expect(await made(bob)).toHaveLength(8);
  for (const id of ids) expect(bob.text(id).match(/^begun: /gm)).toHaveLength(1);
  // The parts of one run are finished on two machines at once.
  const part = async (title: string) => (await allTickets(bob)).find((one) => one.title === title)?.id ?? "";
  const [one, two] = [await part("One of A"), await part("Two of A")];
  await Promise.all([bob.ayo("ticket", "close", one), carol.ayo("ticket", "close", two)]);
  await settle(bob, carol);
  expect((await titles(bob)).filter((title) => title.startsWith("Last of"))).toEqual(["Last of A"]);
  expect(await made(carol)).toEqual(await made(bob));
  await bob.ayo("pipeline", "show", (await runsOf(bob, "after"))[0]?.id ?? "");
  for (const store of [ann, bob, carol]) store.judge();
});

test("many events through many pipelines, commands that are killed, and two machines that merge: every trigger once", async () => {
  const [events, count, every] = LONG ? [1000, 20, 3] : [4, 3, 4];
  const pipelines = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `p${n}`,
      `on: {event: ticket.closed, where: 'tag:g${n % 10}'}\nmax-runs: 10000\nsteps:\n  - create: {title: 'p${n} of {{ticket.title}}', tags: [made]}\n`,
    ]),
  );
  const { bob, carol } = await machines(["A"], pipelines);
  const ids: string[][] = [];
  for (const store of [bob, carol]) {
    const lines = Array.from({ length: events / 2 }, (_, n) =>
      JSON.stringify({ op: "create", title: `${store === bob ? "B" : "C"}${n}`, tags: [`g${n % 10}`] }),
    );
    expect(await store.here(["ticket", "batch"], { input: lines.join("\n") })).toMatchObject({ code: 0 });
    const letter = store === bob ? "B" : "C";
    const made = (await allTickets(store)).filter(({ title }) => /^[BC]\d+$/.test(title) && title.startsWith(letter));
    ids.push(made.map(({ id }) => id));
  }
  const work = async (store: TempStore, own: readonly string[]): Promise<void> => {
    for (const [n, id] of own.entries()) {
      if (n % every === 1) await killed(store, 1 + Math.floor(Math.random() * 150), ["ticket", "close", id]);
      await store.ayo("ticket", "close", id);
      if (n % 50 === 49) await store.ayo("sync");
    }
  };
  await Promise.all([work(bob, ids[0] ?? []), work(carol, ids[1] ?? [])]);
  await settle(bob, carol);
  const all = await allTickets(bob);
  const heard = (title: string, n: number): boolean => Number(title.slice(1)) % 10 === n % 10;
  const sources = all.filter(({ title }) => /^[BC]\d+$/.test(title));
  const wanted = sources.flatMap(({ title }) =>
    Array.from({ length: count }, (_, n) => n)
      .filter((n) => heard(title, n))
      .map((n) => `p${n} of ${title}`),
  );
  expect(sources).toHaveLength(events);
  expect(all.flatMap(({ title }) => (/^p\d+ of /.test(title) ? [title] : [])).sort()).toEqual(wanted.sort());
  expect(new Set(begun(bob)).size).toBe(wanted.length);
  expect((await allTickets(carol)).map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  for (const store of [bob, carol]) store.judge();
});

test("what a watcher commits, and what fails: neither needs a command, nor turns success into failure", async () => {
  const project = await tempStore();
  await allowedPipeline(project, "after", STEPS);
  putPipeline(project, "broken", "on: [\n");
  const id = await project.ayo("ticket", "create", "Work");
  expect(await project.here(["ticket", "close", id])).toMatchObject({ code: 0, stdout: `Updated ${id} -> closed\n` });
  expect(await runsOf(project, "after")).toHaveLength(1);
  const other = await project.ayo("ticket", "create", "By hand");
  const watch = await startWatch(project.dir);
  project.write(other, project.text(other).replace(/^status: .*/m, "status: closed"));
  await watch.until("closed", other);
  const made = async () => (await titles(project)).filter((title) => title.endsWith("of By hand"));
  await vi.waitFor(async () => expect(await made()).toEqual(["One of By hand", "Two of By hand"]), 20_000);
  expect(await runsOf(project, "after")).toHaveLength(2);
});
