import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { mappingOf } from "../../../src/trackers/github/mapping.ts";
import { cutMark, withMark } from "../../../src/trackers/github/marker.ts";
import { lineKey, textToRemote } from "../../../src/trackers/github/texts.ts";

const config = { states: {}, people: { "@coder": "jo" } };
const described = {
  columns: DEFAULT_BOARD.columns,
  labels: ["Bug", "good first issue"],
  logins: ["jo", "Mara"],
  config,
};
const ID = "0b7c5e6a-1f52-4c1e-9a55-000000000001";

test("only what is done or cancelled is told; what comes back leaves a status that means the same", () => {
  const { toRemote, toLocal } = mappingOf(described);
  const there = DEFAULT_BOARD.columns.map(({ id }) => `${id} ${toRemote("status", id)}`);
  expect(there.slice(0, 4)).toEqual(["open open", "in_progress open", "blocked open", "in_review open"]);
  expect(there.slice(4)).toEqual(["closed completed", "cancelled not_planned", "failed undefined"]);
  for (const id of ["open", "in_progress", "blocked", "failed"]) expect(toLocal("status", "open", id)).toBe(id);
  expect(toLocal("status", "open", "closed")).toBe("open");
  expect(
    ["completed", "not_planned", "duplicate", "new"].map((state) => toLocal("status", state, "in_review")),
  ).toEqual(["closed", "cancelled", "cancelled", "cancelled"]);
  const other = mappingOf({
    ...described,
    config: { ...config, states: { failed: "not_planned", blocked: "nothing" } },
  });
  expect(["failed", "blocked"].map((id) => other.toRemote("status", id))).toEqual(["not_planned", undefined]);
  expect(other.toLocal("status", "not_planned", "failed")).toBe("failed");
});

test("people by config and by name, labels in any case and as one word, no priority", () => {
  const { toRemote, toLocal, labelToRemote, labelToLocal } = mappingOf(described);
  expect(["@coder", "mara", "stranger", null].map((name) => toRemote("assignee", name))).toEqual([
    "jo",
    "Mara",
    undefined,
    null,
  ]);
  expect(["jo", "Mara", "who"].map((login) => toLocal("assignee", login, null))).toEqual(["@coder", "Mara", "who"]);
  expect(["bug", "good-first-issue", "other"].map(labelToRemote)).toEqual(["Bug", "good first issue", undefined]);
  expect(labelToLocal("good first issue")).toBe("good-first-issue");
  expect([toRemote("priority", 0), toLocal("priority", null, 0), toLocal("priority", null, null)]).toEqual([
    undefined,
    0,
    2,
  ]);
});

test("what would call somebody, or show up in another issue, goes as code and means the same", () => {
  const text = "ask @claude (@codex) about #12, GH-3, acme/web#4\na@b.c `@x` http://x/@y#1 &#39; a#1\n```\n@in #5\n```";
  const sent = textToRemote(text);
  expect(sent).toBe(
    "ask `@claude` (`@codex`) about `#12`, `GH-3`, `acme/web#4`\na@b.c `@x` http://x/@y#1 &#39; a#1\n```\n@in #5\n```",
  );
  const lines = (one: string): string[] => one.split("\n").map(lineKey);
  expect(lines(sent)).toEqual(lines(text));
  expect(textToRemote(sent)).toBe(sent);
});

test("a mark is cut off as it was set, whatever the text", () => {
  const line = fc.constantFrom("", "a", `<!-- ayo:${ID} -->`, "```", "  ", "b\t");
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, isMade) => {
      const text = lines.join("\n");
      const { text: back, made } = cutMark(withMark(text, isMade ? ID : undefined));
      expect(back).toBe(text);
      if (isMade) expect(made).toBe(ID);
      else expect(made).not.toBe(ID);
    }),
  );
  const body = `a\r\n\r\n<!-- ayo:${ID} -->\r\n`;
  expect(cutMark(body)).toEqual({ text: "a", made: ID });
  expect(cutMark(`a\n\n<!-- ayo:${ID} -->\nbelow`)).toEqual({ text: "a\nbelow", made: ID });
});
