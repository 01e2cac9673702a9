import { appendFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { processIdentity } from "../../src/processes.ts";
import { runFolder } from "../../src/store/runs/record.ts";
import { eventsAfter, eventsBefore, lastEvents, logEvents } from "../../src/store/runs/runEvents.ts";
import { aRun } from "../helpers/aRun.ts";
import { tempStore } from "../helpers/tempStore.ts";

test("runs are told by agent, project and time, with what they used in all", async () => {
  const store = await tempStore({ project: true });
  const [web, other] = [
    await store.ayo("ticket", "create", "Web", "--project", "web", "-q"),
    await store.ayo("ticket", "create", "Other", "-q"),
  ];
  aRun(store, web, { tokens: 1000, cost: 0.5 });
  aRun(store, web, { tokens: 500, cost: 0.25, agent: "@rex" });
  aRun(store, other, { tokens: 7, at: "2020-01-02T03:04:05Z" });
  const sums = async (...words: string[]) => {
    const { total, tokens, cost } = await store.json<{ total: number; tokens: number; cost: number }>(
      "run",
      "list",
      ...words,
    );
    return [total, tokens, cost];
  };
  expect(await sums()).toEqual([3, 1507, 0.75]);
  expect(await sums("--since", "1d")).toEqual([2, 1500, 0.75]);
  expect(await sums("--project", "web", "--agent", "rex")).toEqual([1, 500, 0.25]);
  expect(await sums(other)).toEqual([1, 7, 0]);
  expect(await store.ayo("run", "list", "--since", "1d")).toContain("2 runs: 1,500 tokens, $0.75");
  expect((await store.here(["run", "list", "--since", "soon"])).stderr).toContain(
    "since 'soon' is neither a time nor a span",
  );
});

test("a run whose dispatcher and program are gone says so before anybody writes down how it ended", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Web", "-q");
  const [here, gone] = [processIdentity(process.pid), { ...processIdentity(process.pid), startTime: "1" }];
  for (const child of [here, gone, undefined])
    aRun(store, id, { state: "running", outcome: undefined as never, ...(child === undefined ? {} : { child }) });
  const rows = (await store.ayo("run", "list")).split("\n").map((line) => line.split(/ {2,}/));
  expect(new Map(rows.map(([run = "", , standing]) => [run.replace(/^.*\//, ""), standing]))).toEqual(
    new Map([
      ["1", "running alone"],
      ["2", "ended, not written yet"],
      ["3", "ended, not written yet"],
    ]),
  );
});

test("a log that is too large is begun anew, and its end is read over both", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "One", "-q");
  const run = aRun(store, id);
  const place = store.open();
  const at = run.at;
  for (let n = 0; n < 30; n++) logEvents(place, run, [{ at, type: "text", text: `event ${n}`, offset: n }], 1_000);
  const texts = lastEvents(place, run, 5).events.map(({ text }) => text);
  expect(texts).toEqual([25, 26, 27, 28, 29].map((n) => `event ${n}`));
  const { size } = lastEvents(place, run, 1);
  expect(size).toBeLessThan(1_200);
  expect(eventsAfter(place, run, 1_000_000).events.at(-1)?.text).toBe("event 29");
});

test("a log is read backwards from its end, a part after the other, over what was put away to its beginning", async () => {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "One", "-q");
  const run = aRun(store, id);
  const place = store.open();
  for (let n = 0; n < 40; n++) logEvents(place, run, [{ at: run.at, type: "text", text: `größe ${n}` }], 1_500);
  const file = path.join(runFolder(place, run), "events.jsonl");
  const kept = lastEvents(place, run, 1_000);
  const told: unknown[] = [];
  let { events, from, hasEarlier } = lastEvents(place, run, 3);
  for (;;) {
    told.unshift(...events.map(({ text }) => text));
    if (!hasEarlier) break;
    ({ events, from, hasEarlier } = eventsBefore(place, run, from, 3));
  }
  expect(told.length).toBeGreaterThan(20);
  expect(told).toEqual(kept.events.map(({ text }) => text));
  expect(from).toBeLessThan(0);
  expect(kept).toMatchObject({ from, hasEarlier: false });
  // A line that is being written is read once it is whole.
  const { size } = lastEvents(place, run, 1);
  appendFileSync(file, '{"at":"now","type":"text",');
  expect(lastEvents(place, run, 2)).toMatchObject({ size, events: [{ text: "größe 38" }, { text: "größe 39" }] });
  appendFileSync(file, '"text":"whole"}\n');
  expect(eventsAfter(place, run, size).events).toMatchObject([{ text: "whole" }]);
  const answer = await store.json<{ events: { text: string }[]; from: number }>("run", "log", id, "-n", "2");
  expect(answer.events.map(({ text }) => text)).toEqual(["größe 39", "whole"]);
});
