import { expect, test } from "vitest";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal } from "../helpers/terminal.ts";

/** So many tickets. */
async function many(count: number) {
  const store = await tempStore();
  const ids = Array.from({ length: count }, (_, at) => `t-${String(at).padStart(4, "0")}`);
  writeTickets(store, Object.fromEntries(ids.map((id) => [id, `Ticket ${id}`])));
  await store.ayo("ticket", "list");
  return store;
}

test("a window that changes its size all the time loses no letter, and ends up drawn whole", async () => {
  const store = await many(30);
  const term = await openTerminal(store.dir, { cols: 100, rows: 30 });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-0001"));
  term.type("c");
  const title = Array.from({ length: 100 }, (_, at) => String.fromCharCode(97 + (at % 26))).join("");
  for (const [at, letter] of [...title].entries()) {
    term.write(letter);
    term.resize(10 + ((at * 37) % 150), 3 + ((at * 11) % 50));
  }
  term.resize(140, 24);
  await term.untilScreen(title);
  term.type("enter");
  await expect.poll(() => store.subjects()[0]).toContain(title);
  term.resize(101, 20);
  // Each frame is that of the size: both ends of its lines are there.
  await term.untilScreen(
    (text) => text.split("\n").filter((line) => line.endsWith("┐") || line.endsWith("┘")).length >= 2,
  );
  const byDifference = term.screen();
  term.type("ctrl+l");
  await term.untilScreen((text) => text.includes("live"));
  await expect.poll(() => term.screen().slice(1, -1)).toEqual(byDifference.slice(1, -1));
  term.type("q");
  expect(await term.code).toBe(0);
});

test("over a slow line no key is lost, and frames are left out rather than waited for", async () => {
  const store = await many(200);
  const term = await openTerminal(store.dir, {
    cols: 100,
    rows: 40,
    args: ["--view", "list"],
    slow: { bytes: 2048, everyMs: 60 },
  });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-0001"));
  const before = term.frames();
  for (let at = 0; at < 150; at++) {
    term.write("j");
    if (at % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await term.untilScreen("151 of 200");
  expect(term.frames() - before).toBeLessThan(100);
  term.type("q");
  expect(await term.code).toBe(0);
});

test("at 300 ms each way keys go ahead of what shows, and nothing is ever wiped to be drawn again", async () => {
  const store = await many(60);
  const term = await openTerminal(store.dir, { cols: 100, rows: 30, args: ["--view", "list"], delayMs: 300 });
  await term.untilScreen((text) => text.includes("live") && text.includes("t-0001"));
  // All of it is typed before anything of it shows.
  for (const key of ["j", "j", "j", "space", "space", "x"]) term.type(key);
  term.type("c");
  term.write("Made far away\r");
  await expect.poll(() => store.subjects()[0]).toMatch(/Made far away/);
  await term.untilScreen((text) => text.includes("Made far away"));
  for (const id of ["t-0003", "t-0004"]) expect(store.text(id)).toContain("status: closed");
  const output = term.output();
  expect(output.split("\u001b[2J")).toHaveLength(2);
  // Whatever is written stands between the marks of a frame: a terminal that knows them never shows half of one.
  const [, ...frames] = output.split("\u001b[?2026h");
  for (const frame of frames) expect(frame.indexOf("\u001b[?2026l")).toBe(frame.length - "\u001b[?2026l".length);
  term.type("q");
  expect(await term.code).toBe(0);
});
