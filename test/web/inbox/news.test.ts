import { describe, expect, test } from "vitest";
import type { Line } from "../../../src/web/data/shapes.ts";
import { newsIn, tellOf } from "../../../src/web/inbox/news.ts";

const line = (key: string, more: Partial<Line> = {}): Line => ({
  key,
  kind: "review",
  id: key.split(":")[0] ?? "",
  title: `Title of ${key}`,
  by: "@coder",
  at: null,
  text: "",
  act: "",
  ...more,
});
const words = { many: (count: number) => `${count} new things`, kind: (kind: string) => `kind ${kind}` };

describe("what is new", () => {
  test("is a line that was not known, or another question of the same ticket; what left may come again", () => {
    const review = line("a:review");
    const asked = line("b:q", { kind: "question", text: "Which bus?" });
    const first = newsIn([review, asked], new Set());
    expect(first.fresh).toEqual([review, asked]);
    expect(newsIn([review, asked], first.now).fresh).toEqual([]);
    const other = { ...asked, text: "Which train?" };
    expect(newsIn([review, other], first.now).fresh).toEqual([other]);
    const without = newsIn([asked], first.now);
    expect(newsIn([review, asked], without.now).fresh).toEqual([review]);
    // How long something lasts is no news.
    const idle = line("c:idle", { kind: "off_track", text: "held for 16m" });
    expect(newsIn([{ ...idle, text: "held for 17m" }], newsIn([idle], new Set()).now).fresh).toEqual([]);
  });
});

describe("what is told", () => {
  test("names who and what, and what kind it is where nothing was said", () => {
    const told = tellOf([line("a:q", { kind: "question", text: "Which bus?" }), line("b:review", { by: null })], words);
    expect(told).toEqual([
      { title: "Title of a:q", body: "@coder: Which bus?", key: "a:q" },
      { title: "Title of b:review", body: "kind review", key: "b:review" },
    ]);
  });

  test("is one for many", () => {
    const told = tellOf(
      [1, 2, 3, 4, 5].map((n) => line(`t-${n}:review`)),
      words,
    );
    expect(told).toEqual([
      {
        title: "5 new things",
        body: `${[1, 2, 3].map((n) => `Title of t-${n}:review: @coder: kind review\n`).join("")}…`,
        key: "",
      },
    ]);
    expect(tellOf([], words)).toEqual([]);
  });

  test("is plain text of one line, however a ticket is called", () => {
    const [told] = tellOf(
      [line("a:q", { title: "<b>x</b>\n\u001b[31m\u202Egpj", by: "@c", text: `a\r\n${"😀".repeat(400)}` })],
      words,
    );
    expect(told?.title).toBe("<b>x</b> [31mgpj");
    expect([...(told?.body ?? "")].length).toBe(160);
    expect(told?.body).toMatch(/^@c: a 😀+…$/u);
  });
});
