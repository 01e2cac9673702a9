import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { tempStore } from "../../helpers/tempStore.ts";

const DAY = 24 * 60 * 60_000;

test("what was set aside goes after 90 days, but for the last twenty and for changes that nobody finished", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "A");
  const top = path.join(store.tickets, ".git/ayo/set-aside");
  const at = (days: number): string => String(Date.now() - days * DAY);
  const put = (name: string, file: string): string => {
    mkdirSync(path.dirname(path.join(top, name, file)), { recursive: true });
    writeFileSync(path.join(top, name, file), "kept");
    return name;
  };
  const old = Array.from({ length: 30 }, (_, n) => put(at(100 + n), "x.md"));
  const unfinished = put(at(200), "redo/one.json");
  const young = put(at(80), "x.md");
  store.write(id, store.text(id).replace("links: []", "links: [gone]"));
  await store.run(["doctor", "--fix"]);
  const left = readdirSync(top);
  expect(left).toContain(unfinished);
  expect(left).toContain(young);
  // With the one of this repair, which is counted from the next time on.
  expect(left.filter((name) => old.includes(name)).length).toBe(19);
  expect(left.length).toBe(22);
  expect(existsSync(path.join(top, old[0] as string))).toBe(true);
});
