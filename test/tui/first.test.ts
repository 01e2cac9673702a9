import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../helpers/tempDir.ts";
import { tempStore, writeTickets } from "../helpers/tempStore.ts";
import { openTerminal } from "../helpers/terminal.ts";

test("the first frame shows what was known, by its own code from V8's cache; what changed since comes after it", async () => {
  const store = await tempStore();
  const ids = Array.from({ length: 30 }, (_, at) => `t-${String(at).padStart(4, "0")}`);
  writeTickets(store, Object.fromEntries(ids.map((id) => [id, `Ticket ${id}`])));
  // What was written just now is not remembered before it is a moment old.
  const index = path.join(store.tickets, ".git/ayo/index");
  const isKnown = async (): Promise<boolean> => {
    await store.ayo("ticket", "list");
    return existsSync(index) && readFileSync(index, "latin1").includes("t-0029");
  };
  await expect.poll(isKnown, { timeout: 60_000 }).toBe(true);
  store.write("t-0003", store.text("t-0003").replace("Ticket t-0003", "Renamed since"));
  const report = path.join(tempDir(), "first.json");
  const term = await openTerminal(store.dir, {
    cols: 90,
    rows: 30,
    args: ["--view", "list"],
    env: {
      NODE_OPTIONS: `--require ${path.join(import.meta.dirname, "../helpers/firstFrame.cjs")}`,
      FIRST_TEXT: "t-0003",
      FIRST_REPORT: report,
    },
  });
  await term.untilScreen("Renamed since");
  expect(existsSync(report)).toBe(true);
  expect(JSON.parse(readFileSync(report, "utf8"))).toEqual({ packs: ["reads", "tui"], isWarm: true, looks: 0 });
  term.type("q");
  expect(await term.code).toBe(0);
});
