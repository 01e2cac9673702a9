import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { archive } from "../../../src/actions/archive.ts";
import { create } from "../../../src/actions/create.ts";
import { invoke } from "../../../src/actions/input/action.ts";
import { stats } from "../../../src/actions/stats/stats.ts";
import { status } from "../../../src/actions/status.ts";
import { aRun } from "../../helpers/aRun.ts";
import { type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-10-01T10:00:00Z");
const at = (store: TempStore, day: number) => store.open({ now: () => START + day * DAY });

async function made(store: TempStore, title: string, day: number): Promise<string> {
  const { ticket } = await invoke(create, at(store, day), { title });
  return ticket.id;
}

async function move(store: TempStore, id: string, ...moves: readonly (readonly [day: number, column: string])[]) {
  for (const [day, column] of moves) await invoke(status, at(store, day), { ids: [id], column, force: true });
}

test("a column's time is that of every stay that ended, also of what was there before, came twice, or is archived", async () => {
  const store = await tempStore();
  const one = await made(store, "One", 0);
  const two = await made(store, "Two", 1);
  await move(store, one, [2, "in_progress"], [5, "in_review"], [6, "in_progress"], [10, "closed"]);
  await move(store, two, [31, "in_progress"], [36, "closed"]);
  await invoke(archive, at(store, 60), {});
  const stays = async (days: number) => {
    const { by } = await invoke(stats, at(store, 61), { by: ["column"], days });
    return Object.fromEntries(
      (by?.column ?? []).flatMap(({ id, stays: { longest } }) =>
        longest.length === 0 ? [] : [[id, longest.map(({ id: ticket, seconds }) => [ticket, seconds / 86_400])]],
      ),
    );
  };
  expect(await stays(0)).toEqual({
    open: [
      [two, 30],
      [one, 2],
    ],
    in_progress: [
      [two, 5],
      [one, 4],
      [one, 3],
    ],
    in_review: [[one, 1]],
  });
  // Its stay began before the time that is looked at, and ended in it.
  expect(await stays(31)).toEqual({ open: [[two, 30]], in_progress: [[two, 5]] });
  writeFileSync(path.join(store.repo, ".git/ayo/statuses.table"), "torn line\nffff");
  expect(await stays(31)).toEqual({ open: [[two, 30]], in_progress: [[two, 5]] });
});

test("what runs cost, by agent, project and week; what no run told is unknown, and never nothing", async () => {
  const store = await tempStore();
  writeTickets(store, { "a-1": "One\nproject: web", "a-2": "Two" });
  const now = Date.now();
  const ran = (ticket: string, agent: string, cost?: number) =>
    aRun(store, ticket, {
      agent,
      at: new Date(now).toISOString(),
      ...(cost === undefined ? {} : { cost, tokens: 10 }),
    });
  ran("a-1", "@coder", 1.5);
  ran("a-1", "@coder");
  ran("a-2", "@tester");
  ran("gone", "@coder", 0);
  aRun(store, "a-2", { state: "running", cost: 9 });
  aRun(store, "a-1", { cost: 7, at: new Date(now - 90 * DAY).toISOString() });
  const { cost } = await invoke(stats, store.open(), { cost: true });
  expect(cost).toMatchObject({ runs: 4, cost: 1.5, unknown: 2, tokens: 20 });
  expect(cost?.agents).toEqual([
    { name: "@coder", runs: 3, cost: 1.5, unknown: 1, tokens: 20, tickets: ["a-1", "gone"] },
    { name: "@tester", runs: 1, cost: null, unknown: 1, tokens: null, tickets: ["a-2"] },
  ]);
  expect(cost?.projects.map(({ name, runs, cost: sum }) => [name, runs, sum])).toEqual([
    ["web", 2, 1.5],
    [null, 2, 0],
  ]);
  expect(cost?.weeks.map(({ runs }) => runs)).toEqual([4]);
  const text = await store.ayo("ticket", "stats", "--cost", "project:web");
  expect(text).toContain("$1.50 for 2 runs; 1 did not tell what they cost");
});
