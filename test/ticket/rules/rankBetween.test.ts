import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparePlaced, isRank, type Placed } from "../../../src/ticket/rank.ts";
import { ranksFor } from "../../../src/ticket/rules/rankBetween.ts";

/** `a:a0` is a ticket with a rank, `b` one without; in the order in which they were made. */
const tickets = (words: string): Placed[] =>
  words.split(" ").map((word, at) => {
    const [id = "", rank] = word.split(":");
    return { id, rank, created: `2026-11-20T10:00:${String(at).padStart(2, "0")}Z` };
  });

/** The tickets with `moved` put before `beside` (or last), and the ranks that this takes. */
function put(all: readonly Placed[], moved: readonly string[], beside?: string) {
  const sorted = [...all].sort(comparePlaced);
  const others = sorted.filter(({ id }) => !moved.includes(id));
  const at = beside === undefined ? others.length : others.findIndex(({ id }) => id === beside);
  const own = moved.map((id) => sorted.find((one) => one.id === id) as Placed);
  const order = [...others.slice(0, at), ...own, ...others.slice(at)];
  const changes = ranksFor(order, new Set(moved));
  const after = all.map((one) => (changes.has(one.id) ? { ...one, rank: changes.get(one.id) ?? undefined } : one));
  return { wanted: order.map(({ id }) => id), changes: Object.fromEntries(changes), after };
}

describe("what a ticket and its neighbours get for a place", () => {
  test.for([
    ["before the first that has none: only itself", "a b c", "c", "a", { c: "a0" }],
    ["after others without a rank: those before it, too", "a b c d", "d", "c", { a: "a0", b: "a1", d: "a2" }],
    ["between two that have ranks: only itself", "a:a0 b:a1 c", "c", "b", { c: "a0V" }],
    ["behind those that have ranks: a rank after theirs", "a:a0 b c", "c", "b", { c: "a1" }],
    ["at the end of those without: its own goes", "a b c:a0", "c", undefined, { c: null }],
    ["where it is already: nothing", "a:a0 b:a1 c", "a", "b", {}],
    ["between two that have the same: one of them makes room", "a:a0 b:a0 c:a1 d", "d", "b", { d: "a0G", b: "a0V" }],
    ["where no room is left: all get new ones", "a:a0 b:a1 c", "c", "a", { c: "Zz" }],
  ] as const)("%s", ([, words, moved, beside, changes]) => {
    const made = put(tickets(words), [moved], beside);
    expect(made.changes).toEqual(changes);
    expect([...made.after].sort(comparePlaced).map(({ id }) => id)).toEqual(made.wanted);
  });

  test("where two ranks leave no room for a short one all with a rank get new ones", () => {
    const tight = `a0${"0".repeat(61)}1`;
    const made = put(tickets(`a:a0 b:${tight} c d`), ["c"], "b");
    expect(made.changes).toEqual({ c: "a1", b: "a2" });
    expect(put(tickets(`a:A${"0".repeat(25)}1 b`), ["b"], "a").changes).toEqual({ b: "a0", a: "a1" });
  });

  test("any tickets of any ranks come to stand as they were put, by ranks that can be read", () => {
    const rank = fc.option(fc.constantFrom("a0", "a0V", "a0k", "a1", "Zz", "b00", `a0${"z".repeat(60)}`), {
      nil: undefined,
    });
    const some = fc.array(fc.record({ rank, second: fc.nat({ max: 9 }) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(some, fc.nat(), fc.nat(), fc.nat({ max: 2 }), (made, from, to, more) => {
        const all = made.map(
          ({ rank: own, second }, at): Placed => ({
            id: `t${at}`,
            rank: own,
            created: `2026-11-20T10:00:0${second}Z`,
          }),
        );
        const moved = all.slice(from % all.length, (from % all.length) + more + 1).map(({ id }) => id);
        const others = all.filter(({ id }) => !moved.includes(id));
        const { wanted, after, changes } = put(all, moved, others[to % (others.length + 1)]?.id);
        expect([...after].sort(comparePlaced).map(({ id }) => id)).toEqual(wanted);
        expect(Object.values(changes).filter((value) => value !== null && !isRank(value))).toEqual([]);
      }),
    );
  });
});

test.for([
  ["a0", true],
  ["a0V", true],
  ["Zz", true],
  ["b00", true],
  ["Yzz1", true],
  ["a00", false],
  ["a", false],
  ["b0", false],
  ["5", false],
  ["", false],
  ["a0-", false],
  ["a0 ", false],
  ["ä0", false],
  [`a0${"1".repeat(63)}`, false],
  [`A${"0".repeat(26)}`, false],
] as const)("%o is a rank: %o", ([text, is]) => {
  expect(isRank(text)).toBe(is);
});
