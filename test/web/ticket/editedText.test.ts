import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { mergeText } from "../../../src/web/ticket/text/mergeText.ts";
import { shownText } from "../../../src/web/ticket/text/shownText.ts";
import { spliceText } from "../../../src/web/ticket/text/spliceText.ts";
import { withWords } from "../../../src/web/words/say.ts";

beforeAll(() => withWords(Promise.resolve()));

const lines = (...some: string[]): string => some.join("\n");
const NOTES = lines("## Notes", "", "**2026-11-21T03:40:00Z** @x", "", "Works.", "");
const BODY = lines("# Login", "", "With a form.", "", "## Acceptance Criteria", "", "- [ ] It works", "", NOTES);
const DESIGNED = lines(
  "# T",
  "",
  "One.",
  "",
  "## Acceptance Criteria",
  "- [ ] a",
  "",
  "## Design",
  "",
  "Two.",
  "",
  NOTES,
);

function spliced(body: string, text: string): string {
  const made = spliceText(body, text);
  if ("problem" in made) throw new Error(made.problem);
  return made.body;
}

describe("the text of a ticket's page is put back into its body", () => {
  test.for([
    ["what is shown", BODY, "With two forms.", BODY.replace("a form", "two forms")],
    [
      "a text of many lines",
      BODY,
      "A\n\nB\n\n## Design\n\nC",
      BODY.replace("With a form.", "A\n\nB\n\n## Design\n\nC"),
    ],
    ["nothing", BODY, "", BODY.replace("With a form.\n\n", "")],
    ["a text where there was none", `# T\n\n${NOTES}`, "New.", `# T\n\nNew.\n\n${NOTES}`],
    ["a text below a title alone", "# T\n", "New.", "# T\n\nNew.\n"],
    ["a text in an empty body", "", "New.", "New.\n"],
    ["line ends as they were", "# T\r\n\r\nOld.\r\n\r\n## Notes\r\n", "A\nB", "# T\r\n\r\nA\r\nB\r\n\r\n## Notes\r\n"],
    [
      "text above and below the criteria",
      DESIGNED,
      "One!\n\n## Design\n\nTwo!",
      DESIGNED.replace("One.", "One!").replace("Two.", "Two!"),
    ],
    ["a part below that is taken away", DESIGNED, "One.", DESIGNED.replace("## Design\n\nTwo.\n\n", "")],
    ["a heading that is called otherwise", DESIGNED, "One.\n\n## Plan\n\nTwo.", DESIGNED.replace("Design", "Plan")],
    [
      "criteria where there were none",
      "# T\n",
      "## Acceptance Criteria\n\n- [ ] a",
      "# T\n\n## Acceptance Criteria\n\n- [ ] a\n",
    ],
    [
      "headings in a block of code",
      BODY,
      "```\n## Notes\n# X\n```",
      BODY.replace("With a form.", "```\n## Notes\n# X\n```"),
    ],
    [
      "a fence that is never closed",
      `${BODY}\n\`\`\`\nx\n\`\`\`\n`,
      "```\ncode",
      `${BODY}\n\`\`\`\nx\n\`\`\`\n`.replace("With a form.", "```\ncode\n```"),
    ],
  ] as const)("%s", ([, body, text, expected]) => {
    expect(spliced(body, text)).toBe(expected);
  });

  test.for([
    ["notes", BODY, "Text.\n\n## Notes\n\nmine", "begins the notes"],
    [
      "criteria that are there already",
      BODY,
      "Text.\n\n## acceptance criteria\n\n- [ ] b",
      "has acceptance criteria already",
    ],
    ["another title above the title", "Above.\n\n# T\n\nBelow.\n", "# New\n\nAbove.\n\nBelow.", "would be others"],
  ] as const)("is refused where it would be read as %s", ([, body, text, why]) => {
    expect(spliceText(body, text)).toEqual({ problem: expect.stringContaining(why) });
  });

  test("whatever is there and whatever is typed: the same text changes nothing, and another one leaves the rest", () => {
    const line = fc.constantFrom(
      "",
      "a",
      "b",
      "# T",
      "# U",
      "## Notes",
      "## Acceptance Criteria",
      "## Design",
      "```",
      "~~~",
      "- [ ] c",
    );
    const text = fc.array(line, { maxLength: 14 }).map((some) => some.join("\n"));
    const hidden = (body: string): string[] => {
      const shown = shownText(body).split("\n");
      return body.split("\n").filter((one) => one !== "" && !shown.includes(one));
    };
    fc.assert(
      fc.property(text, text, (body, typed) => {
        const same = spliceText(body, shownText(body));
        if ("body" in same) expect(shownText(same.body)).toBe(shownText(body));
        const made = spliceText(body, typed);
        if ("problem" in made) return;
        const left = made.body.split("\n");
        for (const one of hidden(body)) expect(left).toContain(one);
        for (const one of typed.split("\n").filter((some) => some !== "")) expect(left).toContain(one);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("two changes of a text", () => {
  const base = lines("One.", "", "Two.", "", "Three.");
  test.for([
    [
      "of different lines are both taken",
      base.replace("One", "1"),
      base.replace("Three", "3"),
      lines("1.", "", "Two.", "", "3."),
    ],
    ["of neighbouring lines are both taken", "a\nB\nc", "a\nb\nC", "a\nB\nC", "a\nb\nc"],
    ["that are the same are one", base.replace("Two", "2"), base.replace("Two", "2"), base.replace("Two", "2")],
    ["that add at one place both stay", `${base}\n\nMine.`, `${base}\n\nTheirs.`, `${base}\n\nMine.\n\nTheirs.`],
    [
      "of which one takes away and the other adds elsewhere",
      "Two.\n\nThree.",
      `${base}\nFour.`,
      "Two.\n\nThree.\nFour.",
    ],
  ] as const)("%s", ([, mine, theirs, merged, from = base]) => {
    expect(mergeText(mine, from, theirs)).toEqual({ text: merged, both: merged, isClean: true });
  });

  test("of the same line overlap: mine stands, and both are at hand, once", () => {
    const merged = mergeText(base.replace("Two", "Mine"), base, base.replace("Two", "Theirs").replace("One", "1"));
    expect(merged).toEqual({
      isClean: false,
      text: lines("1.", "", "Mine.", "", "Three."),
      both: lines("1.", "", "Mine.", "Theirs.", "", "Three."),
    });
  });
});
