import { describe, expect, test } from "vitest";
import { begunAt, offerNames, offerTickets } from "../../../src/web/writing/completion.ts";

const begun = (text: string) => {
  const found = begunAt(text, text.length);
  return found === undefined ? undefined : `${found.kind} ${text.slice(found.from)}`;
};

describe("the word before the caret", () => {
  test.each([
    ["@", "name @"],
    ["ask @Mara-L", "name @Mara-L"],
    ["(@co", "name @co"],
    ["see #", "ticket #"],
    ["see #login", "ticket #login"],
    ["#log", "ticket #log"],
    ["after sho-w5", "ticket sho-w5"],
    ["sho-", "ticket sho-"],
    ["bd-a1b2.1", "ticket bd-a1b2.1"],
  ])("%j is %j", (text, wanted) => {
    expect(begun(text)).toBe(wanted);
  });

  test.each(["", "words", "mara@example.com", "# ", "#", "a\n#", "##", "a#b", "@two words", "- ", "2026"])(
    "%j is nothing to complete",
    (text) => {
      expect(begun(text)).toBeUndefined();
    },
  );

  test("it is looked for close by, however long the text is", () => {
    expect(begun(`${"x".repeat(500_000)} @a`)).toBe("name @a");
  });
});

describe("what is offered", () => {
  const names = [
    { name: "@coder", hint: "agent" },
    { name: "Mara Lind", hint: "you" },
    { name: "Linus", hint: "" },
  ];

  test("names by the beginning of any of their words, as a mention is written", () => {
    const offered = (word: string) => offerNames(word, names).map(({ insert }) => insert);
    expect(offered("")).toEqual(["@coder", "@Mara-Lind", "@Linus"]);
    expect(offered("LIN")).toEqual(["@Linus", "@Mara-Lind"]);
    expect(offered("mara-l")).toEqual(["@Mara-Lind"]);
    expect(offered("nobody")).toEqual([]);
  });

  const tickets = [
    { id: "sho-w5xa", title: "Done login", isFinished: true },
    { id: "sho-e7q4", title: "Build the login", isFinished: false },
    { id: "sho-w5zz", title: "", isFinished: false },
    { id: "bd-a1b2.1", title: "Part", isFinished: false },
  ];
  const offered = (word: string, isMarked: boolean) =>
    offerTickets({ word }, isMarked, tickets).map(({ insert, text }) => `${insert} ${text}`);

  test("tickets by the beginning of an id, those that are not finished first", () => {
    expect(offered("sho-w", false)).toEqual(["sho-w5zz sho-w5zz", "sho-w5xa Done login"]);
    expect(offered("SHO-E", false)).toEqual(["sho-e7q4 Build the login"]);
    // A word with a hyphen that is the beginning of none.
    expect(offered("well-known", false)).toEqual([]);
    // Whoever has written it whole wants no other.
    expect(offered("sho-e7q4", false)).toEqual([]);
  });

  test("after # by words of the title, and by the end of the id alone", () => {
    expect(offered("login", true)).toEqual(["sho-e7q4 Build the login", "sho-w5xa Done login"]);
    expect(offered("e7", true)).toEqual(["sho-e7q4 Build the login"]);
    expect(offered("", true)).toHaveLength(4);
    expect(offered("sho-e7q4", true)).toEqual(["sho-e7q4 Build the login"]);
  });

  test("of thousands only a few", () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ id: `x-${n}`, title: `T ${n}`, isFinished: false }));
    expect(offerTickets({ word: "x-" }, false, many)).toHaveLength(8);
  });
});
