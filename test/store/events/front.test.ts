import { cpSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

interface Line {
  readonly id: string;
  readonly position?: string;
}

async function told(store: TempStore, since: string): Promise<Line[]> {
  const text = await store.ayo("watch", "--json", "--since", since, "--until-now");
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as Line);
}

test("whoever stops anywhere between the lines of merges goes on at the position of the last line, and gets the rest once", async () => {
  const here = await tempStore();
  writeTickets(here, { one: "One", two: "Two" });
  await here.ayo("ticket", "note", "one", "commits them");
  const dir = path.join(tempDir(), "other");
  cpSync(here.dir, dir, { recursive: true });
  const there = storeIn(dir);
  const before = git(here.tickets, "rev-parse", "HEAD");
  const pull = (into: TempStore, from: TempStore): void => {
    git(into.tickets, "fetch", "--quiet", from.tickets, "HEAD");
    git(into.tickets, "merge", "--quiet", "--no-edit", "FETCH_HEAD");
  };
  for (const round of ["first", "second"]) {
    await here.ayo("ticket", "note", "one", `here ${round}`, "--as", "@here");
    await here.ayo("ticket", "close", "one", "--as", "@here");
    await there.ayo("ticket", "note", "two", `there ${round}`, "--as", "@there");
    await there.ayo("ticket", "create", `There ${round}`, "--as", "@there");
    pull(here, there);
    await here.ayo("ticket", "reopen", "one", "--as", "@here");
    pull(there, here);
  }
  const all = await told(here, before);
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all.filter(({ position }) => position !== undefined).length).toBeGreaterThan(2);
  for (const [at, { id, position }] of all.entries()) {
    expect((await told(here, position ?? id)).map((one) => one.id)).toEqual(ids.slice(at + 1));
  }
}, 60_000);
