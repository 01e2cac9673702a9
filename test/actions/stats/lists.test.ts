import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { invoke } from "../../../src/actions/input/action.ts";
import { list } from "../../../src/actions/list.ts";
import { stats } from "../../../src/actions/stats/stats.ts";
import { DAY } from "../../../src/ticket/stats/dated.ts";
import { atEndOf, createdIn, doneIn, type Figure, listOf } from "../../../src/ticket/stats/lists.ts";
import { formatTime } from "../../../src/ticket/time.ts";
import { tempStore } from "../../helpers/tempStore.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

const hour = fc.integer({ min: 0, max: 60 * 24 }).map((hours) => formatTime(NOW - hours * 3_600_000));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 3 });
const aTicket = fc.record({
  status: fc.constantFrom("open", "in_progress", "review", "closed", "closed", "cancelled", "failed", "Done", "weird"),
  assignee: maybe(fc.constantFrom("'@a'", "a", "['@A', '@b']", "'Mara Lind'", "'@me'", "none", "'say \"x\"'")),
  project: maybe(fc.constantFrom("web", "Web", "'two words'", "'none'", "'a,b'", "'with \"quotes\"'")),
  type: maybe(fc.constantFrom("bug", "task")),
  created: maybe(fc.oneof(hour, fc.constantFrom("2026-11-20", "nonsense", "2026-10-01T10:00:00.250Z"))),
  started: maybe(hour),
  closed: maybe(fc.oneof(hour, fc.constantFrom("2026-11-21"))),
  deps: maybe(fc.constantFrom("[t-0, t-1]", "[t-2, gone]")),
});
const SCOPES = [
  "",
  "type:bug",
  "project:web OR assignee:@a",
  "status:open,closed -project:none",
  "status:review,weird OR type:task closed:>2026-11-10",
  "assignee:none title-word",
  "created:>2026-11-01 created:<2026-11-25 is:closed",
  '"OR" OR AND',
] as const;

/** Every filter of an answer with the number that it stands for. */
function figuresIn(answer: Awaited<ReturnType<typeof stats.run>>): (readonly [filter: string | null, count: number])[] {
  const { by, forecast, flow } = answer;
  const groups = [...(by?.project ?? []), ...(by?.agent ?? [])];
  return [
    ...groups.flatMap(({ lists, ...group }) =>
      (["total", "open", "inHand", "done"] as const).map((of) => [lists[of], group[of]] as const),
    ),
    ...(by?.column ?? []).map(({ list: filter, count }) => [filter, count] as const),
    [forecast?.list ?? null, forecast?.open ?? -1],
    [flow?.lists.done ?? null, flow?.done ?? -1],
    [flow?.lists.undated ?? null, flow?.undated ?? -1],
  ];
}

test("every number lists the tickets that it counts, in any scope", async () => {
  const store = await tempStore();
  mkdirSync(path.join(store.tickets, "archive/2026-10"), { recursive: true });
  const seed = Number(process.env.AYO_SEED ?? Date.now());
  const tickets = fc.sample(aTicket, { numRuns: 70, seed });
  tickets.forEach((ticket, n) => {
    const lines = Object.entries(ticket).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
    const file = `${n % 4 === 0 ? "archive/2026-10/" : ""}t-${n}.md`;
    writeFileSync(path.join(store.tickets, file), `---\nid: t-${n}\n${lines.join("\n")}\n---\n# Title-word ${n}\n`);
  });
  const open = store.open({ now: () => NOW });
  const counted = async (query: string): Promise<number> =>
    (await invoke(list, open, { all: true, ...(query === "" ? {} : { query }) })).total;
  // All of them in a few runs; with AYO_LONG in each.
  for (const scope of SCOPES.filter((_, n) => process.env.AYO_LONG !== undefined || (n + seed) % 2 === 0)) {
    const asked = { by: ["column", "project", "agent"], forecast: true, flow: true, days: 20 } as const;
    const answer = await invoke(stats, open, {
      ...asked,
      by: [...asked.by],
      ...(scope === "" ? {} : { query: scope }),
    });
    expect(answer.total).toBe(await counted(scope));
    for (const [filter, count] of figuresIn(answer)) {
      if (filter !== null) expect([seed, scope, filter, await counted(filter)]).toEqual([seed, scope, filter, count]);
    }
    await judgeFlow(answer, (figure) => counted(listOf(scope, figure) as string));
  }
});

/** Days and weeks of a chart, each against the filter that lists it. */
async function judgeFlow(
  { since, flow }: Awaited<ReturnType<typeof stats.run>>,
  counted: (figure: Figure) => Promise<number>,
): Promise<void> {
  const days = flow?.days ?? [];
  for (const at of [0, 7, days.length - 1]) {
    const { waiting, working, finished } = atEndOf(Date.parse(since) + at * DAY);
    expect([at, await Promise.all([waiting, working, finished].map(counted))]).toEqual([at, days[at]]);
  }
  const week = flow?.weeks.at(-2);
  const monday = Date.parse(week?.week ?? "");
  expect(await counted(createdIn(monday, monday + 7 * DAY))).toBe(week?.created);
  expect(await counted(doneIn(monday, monday + 7 * DAY))).toBe(week?.done);
}
