import { cpSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

/* Two machines have one store, and a person's git joins what each did: see sync-facts.md B7. */

interface Told {
  readonly id: string;
  readonly event: string;
  readonly actor: string;
  readonly ticket: { readonly id: string };
  readonly cause: { readonly commit: string };
}

let here: TempStore;
let there: TempStore;
beforeEach(async () => {
  here = await tempStore();
  writeTickets(here, {
    first: "First",
    second: "Second",
    third: "Third\ndeps: [first, second]",
    fourth: "Fourth",
  });
  await here.ayo("ticket", "note", "fourth", "commits them");
  const other = path.join(tempDir(), "other");
  cpSync(here.dir, other, { recursive: true });
  there = storeIn(other);
});

/** Joins `from`'s work into `into`, as `git pull` does. */
function pull(into: TempStore, from: TempStore): void {
  git(into.tickets, "fetch", "--quiet", from.tickets, "HEAD");
  git(into.tickets, "merge", "--quiet", "--no-edit", "FETCH_HEAD");
}

async function told(store: TempStore, since: string): Promise<Told[]> {
  const text = await store.ayo("watch", "--json", "--since", since, "--until-now");
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as Told);
}

const brief = (events: readonly Told[]) => events.map(({ event, ticket, actor }) => `${event} ${ticket.id} ${actor}`);
const tip = (store: TempStore) => git(store.tickets, "rev-parse", "HEAD");

describe("events over a merge", () => {
  test("of the other side come once, by who made them, for whoever knew one side", async () => {
    await here.ayo("ticket", "note", "fourth", "here", "--as", "@here");
    const lastHere = (await told(here, "1h")).at(-1)?.id ?? "";
    const before = tip(there);
    await there.ayo("ticket", "close", "first", "--as", "@there");
    const fifth = await there.ayo("ticket", "create", "Fifth", "--as", "@there");
    const lastThere = (await told(there, "1h")).at(-1)?.id ?? "";
    pull(here, there);
    pull(there, here);
    expect(tip(there)).toBe(tip(here));
    const ofThere = ["ticket.closed first @there", `ticket.created ${fifth} @there`, `ticket.ready ${fifth} @there`];
    expect(brief(await told(here, lastHere))).toEqual(ofThere);
    expect(brief(await told(there, lastThere))).toEqual(["ticket.noted fourth @here"]);
    // Whoever knew neither is told the same by both, under the same ids.
    const all = await told(here, before);
    expect(await told(there, before)).toEqual(all.map((one) => ({ ...one, store: there.tickets })));
    expect(brief(all).sort()).toEqual([...ofThere, "ticket.noted fourth @here"].sort());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test("that the merge alone brought are the merge's, whichever parent is the first", async () => {
    const before = tip(here);
    await here.ayo("ticket", "close", "first");
    await there.ayo("ticket", "close", "second");
    const [oldHere, oldThere] = [tip(here), tip(there)];
    pull(here, there);
    const merge = tip(here);
    for (const [store, since] of [
      [here, before],
      [here, oldHere],
      [here, oldThere],
    ] as const) {
      const ready = (await told(store, since)).filter(({ event }) => event === "ticket.ready");
      expect(ready.map(({ ticket, cause }) => `${ticket.id} ${cause.commit}`)).toEqual([`third ${merge}`]);
    }
    expect(brief(await told(here, oldHere)).filter((line) => line.includes("closed"))).toEqual([
      "ticket.closed second Test User",
    ]);
  });

  test("the rest of a commit's events comes first, then what is new by whatever parent", async () => {
    const fifth = await here.ayo("ticket", "create", "Fifth");
    const [created, ready] = (await told(here, "1h")).slice(-2);
    expect([created?.event, ready?.event]).toEqual(["ticket.created", "ticket.ready"]);
    await there.ayo("ticket", "note", "fourth", "there");
    pull(here, there);
    expect(brief(await told(here, created?.id ?? ""))).toEqual([
      `ticket.ready ${fifth} Test User`,
      "ticket.noted fourth Test User",
    ]);
  });

  test("an event that the branch never had is refused, not passed over", async () => {
    await there.ayo("ticket", "note", "fourth", "there");
    const [last] = (await told(there, "1h")).slice(-1);
    const { code, stderr } = await here.run(["watch", "--since", last?.id ?? "", "--until-now"]);
    expect(code).toBe(1);
    expect(stderr).toContain("no commit");
  });

  test("history tells each side's change once, by who made it, and nothing of the merge itself", async () => {
    await here.ayo("ticket", "note", "fourth", "here", "--as", "@here");
    await there.ayo("ticket", "close", "fourth", "--as", "@there");
    pull(here, there);
    const history = await here.ayo("ticket", "history", "fourth");
    expect(history.match(/@here/g)?.length).toBe(1);
    expect(history.match(/status open → closed/g)?.length).toBe(1);
    expect(history).not.toContain("by hand) ");
    expect(history).not.toMatch(/Merge/);
  });

  test("of many lines that were merged into each other every commit comes once, after its parents", async () => {
    const before = tip(here);
    for (let round = 0; round < 4; round++) {
      await here.ayo("ticket", "note", "first", `here ${round}`);
      await there.ayo("ticket", "note", "second", `there ${round}`);
      pull(here, there);
      if (round % 2 === 0) pull(there, here);
    }
    const commits = git(here.tickets, "rev-list", "--no-merges", `${before}..`).split("\n");
    const causes = (await told(here, before)).map(({ cause }) => cause.commit);
    expect([...causes].sort()).toEqual([...commits].sort());
    for (const [at, oid] of causes.entries()) {
      const later = causes.slice(at + 1);
      const below = git(here.tickets, "rev-list", oid).split("\n");
      expect(later.filter((one) => below.includes(one))).toEqual([]);
    }
  });
});
