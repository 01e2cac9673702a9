import { describe, expect, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import { countCriteria, parseCriteria, tickCriterion } from "../../../src/ticket/text/criteria.ts";

const SOURCE =
  "---\nid: a\n---\n# T\n\n- [ ] not here\n\n## Acceptance criteria\n\n- [ ] one\r\n  * [X] nested\n1. [ ] two\n2) [x]\n```\n- [ ] code\n```\n- [] no box\n\n### Sub\n\n+ [ ] three\n\n## Design\n\n- [ ] not here\n";

describe("criteria", () => {
  test("are the boxes of their section outside code", () => {
    expect(parseCriteria(SOURCE)).toEqual([
      { n: 1, done: false, text: "one" },
      { n: 2, done: true, text: "nested" },
      { n: 3, done: false, text: "two" },
      { n: 4, done: true, text: "" },
      { n: 5, done: false, text: "three" },
    ]);
    expect(countCriteria(SOURCE)).toEqual({ done: 2, total: 5 });
  });

  test("ticking changes one character", () => {
    expect(tickCriterion(SOURCE, 3, true)).toBe(SOURCE.replace("1. [ ] two", "1. [x] two"));
    expect(tickCriterion(SOURCE, 2, false)).toBe(SOURCE.replace("[X]", "[ ]"));
    expect(tickCriterion(SOURCE, 2, true)).toBe(SOURCE);
  });

  test.each([0, 6, -1, 1.5, Number.NaN])("there is no criterion %d", (n) => {
    expect(() => tickCriterion(SOURCE, n, true)).toThrow(AyoError);
    expect(() => tickCriterion(SOURCE, n, true)).toThrow(/the ticket has 5 acceptance criteria/);
  });
});
