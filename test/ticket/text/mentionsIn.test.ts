import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mentionsIn } from "../../../src/ticket/text/mentionsIn.ts";

describe("who is mentioned", () => {
  test.each<[string, string[]]>([
    ["@coder", ["@coder"]],
    ["Look at it, @coder.", ["@coder"]],
    ["@coder, @tester: and (@rex)!", ["@coder", "@tester", "@rex"]],
    ["@coder's work and **@mara** and _@tester_ and ~~@rex~~", ["@coder", "@mara", "@tester", "@rex"]],
    ["@Coder and @coder again", ["@Coder"]],
    ["@coder-3 @a.b @a_b @3d", ["@coder-3", "@a.b", "@a_b", "@3d"]],
    ["@coder... @tester-- @rex_", ["@coder", "@tester", "@rex"]],
    ["@mara/@coder", ["@mara", "@coder"]],
    ["@mara+@coder @x.@y", ["@mara", "@coder", "@x", "@y"]],
    ["# For @coder\n\n- [ ] @tester checks\n  1. then @rex\n\n| a | @mara |", ["@coder", "@tester", "@rex", "@mara"]],
    ["[@coder](https://x.y/@nobody) and [x](<@nobody> '@nobody') @tester", ["@coder", "@tester"]],
    ["a](b @coder c)", ["@coder"]],
    ["[x]: @nobody\n\n[x]: it is @coder who knows", ["@coder"]],
    ["<@coder> cc:@tester", ["@coder", "@tester"]],
    ["お願い@coderさん、@田中 さん", ["@coder", "@田中さん".slice(0, 3)]],
    ["@Zoë and @Владимир", ["@Zoë", "@Владимир"]],
    ["> they said @nobody\nwhat of it, @coder?", ["@coder"]],
    ["- one\n\n    two @coder", ["@coder"]],
    ["a line\n    and @coder, not code", ["@coder"]],
    ["* a\n  > @nobody\n* @coder", ["@coder"]],
    ["``a`b @nobody`` @coder `", ["@coder"]],
    ["an unclosed ` @coder", ["@coder"]],
    ["\\`@coder`", ["@coder"]],
    ["\\\\@coder", ["@coder"]],
    ["~~~\n@nobody\n```\n@nobody\n~~~\n@coder", ["@coder"]],
    ["- ```\n  @nobody\n@coder", ["@coder"]],
    ["<!-- @nobody\n\n@nobody --> @nobody\n\n@coder <!-- @nobody --> @tester", ["@coder", "@tester"]],
    ["a < b, @coder > c", ["@coder"]],
  ])("%j: %j", (text, names) => {
    expect(mentionsIn(text)).toEqual(names);
  });
});

describe("nobody is mentioned", () => {
  test.each([
    "",
    "@",
    "@@coder",
    "@ coder",
    "mail a@coder.org or <a@coder.org>, first.last@coder, x+y@coder, x-@coder",
    "\\@coder",
    "a word@coder",
    "`@coder`",
    "`` @coder ` @coder ``",
    "`over\n@coder\nlines`",
    "```\n@coder\n```",
    "```sh\n@coder",
    "~~~~\n~~~\n@coder\n~~~~~",
    "   ```\n@coder\n   ```",
    "    @coder",
    "\t@coder",
    "text\n\n    @coder\n\n    @coder",
    "- a\n\n      @coder",
    "1. ```\n   @coder\n   ```",
    "> @coder",
    ">@coder\n> > @coder\n> ```\n> @coder",
    "[x](https://a.b/@coder) ![x](@coder) [x](a(b)@coder)",
    "https://medium.com/@coder, https://a.b/?q=@coder http://@coder/",
    "--as=@coder",
    "@types/node and @a/b/c",
    "@coder@example.org",
    "<a title='@coder'>",
    "<pre>\n@coder\n\n@coder\n</pre>",
    "<code>@coder</code>",
    "<!-- @coder",
    "@me and @Me",
    `@${"x".repeat(101)}`,
    "＠coder",
  ])("%j", (text) => {
    expect(mentionsIn(text)).toEqual([]);
  });

  test("a name that only looks like another is that other one", () => {
    expect(mentionsIn("@cоder @ｃｏｄｅｒ @co\u200bder")).toEqual(["@cоder", "@ｃｏｄｅｒ", "@co"]);
  });
});

describe("hostile texts", () => {
  const SIZE = 300_000;
  const times = (text: string): string => text.repeat(Math.ceil(SIZE / text.length));

  test.each([
    "@",
    "@a",
    "@a ",
    "@a.",
    ".@",
    "@a/",
    "](",
    "](a",
    "](a)",
    "]((",
    "[a](",
    "`",
    "``` `",
    "` `` ``` ",
    "<",
    "<a",
    "<a ",
    "<!--",
    "<code>",
    "<code ",
    "\\",
    "\\@",
    ":",
    "://",
    "a://@b ",
    "- ",
    "1. ",
    "> ",
    "```\n",
    "~~~\n",
    "- a\n",
    " -\n",
    "\t",
    "[a]: x\n",
    "\n",
    "_@",
    "@田",
  ])("300,000 characters of %j are read in no time", (text) => {
    for (const whole of [times(text), `@x ${times(text)}`, `${times(text)}b`, `@a${times(text)}b`]) {
      const before = process.cpuUsage();
      mentionsIn(whole);
      // In microseconds of this process: what is not linear takes minutes.
      expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
    }
  });

  test("`@a....b`, nested lists and growing fences", () => {
    const dots = `@a${".".repeat(SIZE)}b`;
    const lists = Array.from({ length: 1_400 }, (_, n) => `${" ".repeat(n)}- @a`).join("\n");
    const fences = Array.from({ length: 1_400 }, (_, n) => `${"`".repeat(n + 3)}\n@a`).join("\n");
    const spans = Array.from({ length: 1_400 }, (_, n) => `${"`".repeat(n + 1)} @a `).join("");
    const titles = `[a]: ${'"'.repeat(SIZE)}\u2028`;
    for (const whole of [dots, lists, fences, spans, titles]) {
      const before = process.cpuUsage();
      mentionsIn(whole);
      // In microseconds of this process: what is not linear takes minutes.
      expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
    }
  });

  test("whatever the text, it ends, and its names are in it", () => {
    const part = fc.constantFrom(
      "@",
      "@a",
      "a",
      " ",
      "\n",
      "`",
      "```",
      "~~~",
      "> ",
      "- ",
      "    ",
      "\\",
      "](",
      ")",
      "<",
      ">",
      "<!--",
      "-->",
      "://",
      "é",
      "😀",
      "田",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        for (const name of mentionsIn(text)) expect(text).toContain(name);
      }),
      { numRuns: 2_000 },
    );
  });
});
