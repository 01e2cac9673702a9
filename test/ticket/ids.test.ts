import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AyoError } from "../../src/error.ts";
import { isValidId, matchId, prefixFor, randomId } from "../../src/ticket/ids.ts";

describe("isValidId", () => {
  test.each(["a", "ayo-x7k2", "1e3", "A.b_c", "0", "x".repeat(64), "config", "console", "com10", "a.mdx"])(
    "%s is one",
    (id) => {
      expect(isValidId(id)).toBe(true);
    },
  );
  test.each([
    "",
    "-a",
    ".a",
    "a/b",
    "a b",
    "a..b",
    "a.",
    "a.md",
    "a.MD",
    "a.lock",
    "con",
    "NUL",
    "com1",
    "lpt9.x",
    "Readme",
    "x".repeat(65),
    "é",
    "a\n",
  ])("%j is none", (id) => {
    expect(isValidId(id)).toBe(false);
  });
});

test.each([
  ["my-web-app", "mwa"],
  ["my_web app", "mwa"],
  ["backend", "bac"],
  ["Ayo", "ayo"],
  ["x", "x"],
  [".dotfiles", "dot"],
  ["日本", "t"],
  ["", "t"],
  ["9-lives", "9l"],
])("the prefix for %j is %s", (name, prefix) => {
  expect(prefixFor(name)).toBe(prefix);
  expect(isValidId(`${prefix}-0000`)).toBe(true);
});

describe("randomId", () => {
  test("uses no byte that would make a digit likelier", () => {
    expect(randomId("a", Uint8Array.of(255, 0, 252, 35, 36, 251))).toBe("a-0z0z");
    expect(() => randomId("a", Uint8Array.of(255, 0, 1, 2))).toThrow(AyoError);
    const counts = new Map<string, number>();
    const every = Uint8Array.from({ length: 256 }, (_, n) => n);
    for (const digit of randomId("", every, 252).slice(1)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect([...new Set(counts.values())]).toEqual([7]);
    expect(counts.size).toBe(36);
  });
});

describe("matchId", () => {
  const ids = ["ayo-x7k2", "ayo-x7", "ayo-9fq1", "web-9fzz", "Big-1"];
  const match = (wanted: string, substring = false) => matchId(wanted, ids, { substring });

  test.each([
    ["ayo-x7", "ayo-x7"],
    [" #ayo-9fq1.md ", "ayo-9fq1"],
    ["AYO-X7", "ayo-x7"],
    ["big-1", "Big-1"],
    ["x7k", "ayo-x7k2"],
    ["7k2", "ayo-x7k2"],
    ["web", "web-9fzz"],
  ])("%j is %s", (wanted, id) => {
    expect(match(wanted)).toBe(id);
  });

  test("a part in the middle only for reads", () => {
    expect(match("fz", true)).toBe("web-9fzz");
    expect(() => match("fz")).toThrow("ticket 'fz' not found");
  });

  test("less than three characters of an id only for reads, a whole id always", () => {
    expect(match("k2", true)).toBe("ayo-x7k2");
    expect(() => match("k2")).toThrow(
      expect.objectContaining({ code: "ambiguous_id", data: { id: "k2", candidates: ["ayo-x7k2"], total: 1 } }),
    );
    expect(matchId("1", ["1", "12", "x-1"], { substring: false })).toBe("1");
    expect(matchId("AB", ["ab", "abc"], { substring: false })).toBe("ab");
  });

  test("ambiguous ones list the candidates", () => {
    expect.assertions(3);
    try {
      match("9f");
    } catch (error) {
      expect(error).toMatchObject({ code: "ambiguous_id", data: { candidates: ["ayo-9fq1", "web-9fzz"], total: 2 } });
      expect((error as AyoError).message).toBe("'9f' fits 2 tickets: ayo-9fq1, web-9fzz");
    }
    const many = Array.from({ length: 30 }, (_, n) => `t-${100 + n}`);
    expect(() => matchId("t", many, { substring: true })).toThrow(/t-119 and 10 more$/);
  });

  test.each(["", "  ", "#", ".md", "zzz"])("%j is not found", (wanted) => {
    expect(() => match(wanted, true)).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("a typo names what is near", () => {
    expect(() => match("ayo-9gq1")).toThrow(
      expect.objectContaining({ code: "not_found", data: { id: "ayo-9gq1", near: ["ayo-9fq1"] } }),
    );
  });

  test("every id is found by itself and answers are always among the ids", () => {
    const id = fc.stringMatching(/^[a-b]{1,2}-[0-1]{1,3}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 1 }),
        fc.stringMatching(/^[ab01-]{1,5}$/),
        fc.boolean(),
        (all, wanted, substring) => {
          for (const one of all) expect(matchId(one, all, { substring })).toBe(one);
          let found: string | undefined;
          try {
            found = matchId(wanted, all, { substring });
          } catch (error) {
            expect(error).toBeInstanceOf(AyoError);
          }
          if (found !== undefined) expect(found.includes(wanted) && all.includes(found)).toBe(true);
        },
      ),
    );
  });
});
