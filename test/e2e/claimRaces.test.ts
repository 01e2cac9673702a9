import { describe, expect, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { type Claimers, claimers, holderAt, type Kind, PATIENT, tell } from "../helpers/syncing/claimTeam.ts";
import type { Fault } from "../helpers/syncing/hubs.ts";
import { tipOf } from "../helpers/team.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 7_200_000 : 120_000, hookTimeout: 120_000 });

const KINDS = ["path", "http", "ssh"] as const;
const ROUNDS = Number(process.env.AYO_CLAIM_ROUNDS ?? 1_000);
/** How many rounds, and how many of them by processes of their own: the others run in this one, each its own store. */
const RACES: readonly (readonly [kind: Kind, clones: number, rounds: number, processes: number])[] = LONG
  ? KINDS.flatMap((kind) => [4, 8].map((count) => [kind, count, ROUNDS, ROUNDS / 10] as const))
  : [
      ["path", 4, 10, 2],
      ["http", 4, 2, 0],
      ["ssh", 4, 2, 0],
    ];
/** How many rounds over a line that is cut before, and after, the other side has acted. */
const CUT_ROUNDS = LONG ? { path: 200, http: 200, ssh: 200 } : { path: 1, http: 1, ssh: 1 };

/** As many tickets as the tests of one team need. */
const TITLES = Array.from(
  { length: Math.max(...RACES.map(([, , rounds]) => rounds)) + 2 * Math.max(...Object.values(CUT_ROUNDS)) + 8 },
  (_, at) => `Ticket ${at}`,
);

const cleanUp = laterCleanUp();
/** Teams by way and size; the tests of one go on with its next tickets. */
const teams = new Map<string, Promise<Claimers & { next(count: number): readonly string[] }>>();

function teamOf(kind: Kind, count: number) {
  const known = teams.get(`${kind} ${count}`);
  if (known !== undefined) return known;
  const made = claimers(kind, { count, titles: TITLES, cleanUp }).then((all) => {
    const left = [...all.ids];
    return { ...all, next: (many: number) => left.splice(0, many) };
  });
  teams.set(`${kind} ${count}`, made);
  return made;
}

interface Answer {
  readonly code: number | null;
  readonly confirmed?: readonly string[];
  readonly unconfirmed?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

async function claim(store: TempStore, as: string, id: string, isProcess: boolean): Promise<Answer> {
  // What the first ones claimed is to be theirs still when the last ones have: a thousand rounds take a long time.
  const words = ["ticket", "claim", id, "--as", as, "--lease", "12h", "--json"];
  const { code, stdout, stderr } = await (isProcess
    ? store.run(words, { env: PATIENT, timeoutMs: 120_000 })
    : store.here(words, { env: PATIENT }));
  return { code, ...(JSON.parse(code === 0 ? stdout : stderr) as Omit<Answer, "code">) };
}

/** Has all clones claim a ticket at one moment. Returns the one that has it: all others know that they have not. */
async function race(clones: readonly TempStore[], id: string, isProcess: boolean): Promise<string> {
  const answers = await Promise.all(clones.map((store, who) => claim(store, `@a${who}`, id, isProcess)));
  const won = answers.flatMap(({ code }, who) => (code === 0 ? [`@a${who}`] : []));
  expect([id, won], JSON.stringify(answers)).toEqual([id, [expect.any(String)]]);
  for (const { code, confirmed, error } of answers) {
    if (code === 0) expect(confirmed).toEqual([id]);
    else expect([code, error?.code]).toEqual([1, "claimed"]);
  }
  return won[0] as string;
}

describe.for(RACES)("by %s, %i clones", ([kind, count, rounds, processes]) => {
  test("of all that claim a ticket at one moment exactly one has it, and all know", async () => {
    const { hub, clones, next } = await teamOf(kind, count);
    const ids = next(rounds);
    const winners = new Map<string, string>();
    for (const [at, id] of ids.entries()) {
      const isProcess = processes > 0 && at % Math.ceil(rounds / processes) === 0;
      winners.set(id, await race(clones, id, isProcess));
      expect(holderAt(hub, id)).toBe(winners.get(id));
    }
    // The last to send merges what all did; then everybody brings it.
    for (const store of [...clones, ...clones.slice(0, -1)]) await store.ayo("sync");
    for (const store of clones) {
      expect(tipOf(store)).toBe(tipOf(clones[0] as TempStore));
      store.judge();
      for (const [id, who] of winners) expect(store.text(id)).toContain(`claimed-by: '${who}'`);
    }
    for (const [id, who] of winners) expect(holderAt(hub, id)).toBe(who);
    if (LONG) tell(`${kind}, ${count} clones: ${winners.size} rounds, ${new Set(winners.values()).size} won some`);
  });
});

describe("claims of different tickets at one moment", () => {
  test.each([
    ["in one process", false],
    ["by processes", true],
  ])("%s: one push each, at most two looks or fetches, nobody is refused", async (_, isProcess) => {
    const { hub, clones, next, gits } = await teamOf("path", 4);
    const mine = next(4);
    gits();
    const answers = await Promise.all(
      clones.map((store, who) => claim(store, `@a${who}`, mine[who] as string, isProcess)),
    );
    const run = gits();
    expect(answers).toEqual(mine.map((id) => expect.objectContaining({ code: 0, confirmed: [id] })));
    expect(run.filter((what) => what === "push")).toHaveLength(4);
    expect(run.filter((what) => what !== "push").length).toBeLessThanOrEqual(8);
    for (const [who, id] of mine.entries()) expect(holderAt(hub, id)).toBe(`@a${who}`);
    expect(git(hub, "rev-list", "--count", ...mine.map((id) => `refs/ayo/claims/${id}`))).toBe("4");
  });
});

describe.for(KINDS)("by %s, over a line that is cut", (kind) => {
  test.each(["before", "after"] as const)("%s the other side has acted: nobody believes falsely", async (fault) => {
    const { hub, line, clones, next } = await teamOf(kind, 4);
    if (fault === "before") {
      await (clones[0] as TempStore).ayo("config", "sync.claims", "required");
      for (const store of clones) await store.ayo("sync");
    }
    for (const [at, id] of next(CUT_ROUNDS[kind]).entries()) {
      const answers = await cutRace({ line, clones }, id, { fault, forMs: (100 + at * 67) % 400 });
      const won = answers.flatMap(({ code }, who) => (code === 0 ? [`@a${who}`] : []));
      expect(won.length, JSON.stringify(answers)).toBeLessThanOrEqual(1);
      // What somebody got and never heard of is given back, at the latest when it syncs.
      for (const store of clones) await store.ayo("sync");
      expect([id, holderAt(hub, id)], JSON.stringify(answers)).toEqual([id, won[0]]);
    }
  });
});

/** The same race while the line is cut at first. */
async function cutRace(
  { line, clones }: Pick<Claimers, "line" | "clones">,
  id: string,
  { fault, forMs }: { readonly fault: Fault; readonly forMs: number },
): Promise<Answer[]> {
  line.cut(fault);
  const timer = setTimeout(() => line.cut("none"), forMs);
  const answers = await Promise.all(clones.map((store, who) => claim(store, `@a${who}`, id, false)));
  clearTimeout(timer);
  line.cut("none");
  for (const { code, error } of answers)
    if (code !== 0) expect(["claimed", "unreachable", "remote_refused"]).toContain(error?.code);
  return answers;
}
