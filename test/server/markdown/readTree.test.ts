import { expect, test } from "vitest";
import { readTree } from "../../../src/server/markdown/readTree.ts";
import type { Piece } from "../../../src/ticket/markup/allowed.ts";

const tree = (text: string): Piece[] => readTree(text).filter((piece) => piece !== "\n");

test("markdown is read as pieces; HTML in it as browsers read it", () => {
  expect(tree("# A\n\nb **c** `d`")).toEqual([
    ["h1", {}, "A"],
    ["p", {}, "b ", ["strong", {}, "c"], " ", ["code", {}, "d"]],
  ]);
  expect(tree("<details open><summary>s</summary>\n\n*in*\n\n</details>")).toEqual([
    ["details", { open: true }, ["summary", {}, "s"], ["p", {}, ["em", {}, "in"]], "\n"],
  ]);
  expect(tree("<b>not *ended*\n\nnext")).toEqual([
    ["p", {}, ["b", {}, "not ", ["em", {}, "ended"]]],
    ["b", {}, "\n", ["p", {}, "next"], "\n"],
  ]);
  expect(readTree("*a* # b ![c](d) [e](f)\n", { isLine: true })).toEqual([
    ["em", {}, "a"],
    " # b  ",
    ["a", { href: "f" }, "e"],
    "\n",
  ]);
});

test("what a text must not be is left out; the words in it stay, but for those of scripts", () => {
  expect(
    tree("<script>x</script><style>y</style><svg><text>z</text></svg>a<!-- b --><form><center>c</center></form>"),
  ).toEqual(["ac"]);
  expect(tree('<p style=a class=t-kwd id=b name=c onclick=d title=e>f <span class="t-kwd">g</span></p>')).toEqual([
    ["p", { title: "e" }, "f g"],
  ]);
  const links = ["javascript:a", "java\tscript:a", "\u0001JaVaScRiPt:a", "data:text/html,a", "vbscript:a", "x:y"];
  for (const href of links) expect(tree(`<a href="${href}">b</a>`), href).toEqual([["p", {}, ["a", {}, "b"]]]);
  expect(tree("[a](mailto:b@c) [d](/e)")).toEqual([
    ["p", {}, ["a", { href: "mailto:b@c" }, "a"], " ", ["a", { href: "/e" }, "d"]],
  ]);
  expect(tree("![a](data:image/png;base64,b)")).toEqual([
    ["p", {}, ["img", { src: "data:image/png;base64,b", alt: "a" }]],
  ]);
});

test("boxes of markdown know their lines, those of HTML do not; where the two readings differ, none does", () => {
  const boxes = (text: string): unknown[] =>
    [...JSON.stringify(readTree(text)).matchAll(/\["input",(.*?)\]/g)].map(([, one = ""]) => JSON.parse(one));
  expect(boxes("- [ ] a\n- [x] b <input type=checkbox checked data-line=9 data-box=1> <input type=text>\n")).toEqual([
    { type: "checkbox", "data-line": 0 },
    { type: "checkbox", checked: true, "data-line": 1 },
    { type: "checkbox", checked: true },
  ]);
  // A paragraph goes on in it; by lines it is an item.
  expect(boxes("- [ ] a\n\n      - [ ] code\n")).toEqual([{ type: "checkbox" }]);
});

test("code has its colours where its language is known", () => {
  expect(tree("```ts\nconst a\n```")).toEqual([
    ["pre", {}, ["code", { "data-lang": "ts" }, ["span", { class: "t-kwd" }, "const"], " a\n"]],
  ]);
  expect(tree("```unknown\n<b>\n```")).toEqual([["pre", {}, ["code", { "data-lang": "unknown" }, "<b>\n"]]]);
  expect(tree("<code class='t-kwd'>a</code>")).toEqual([["p", {}, ["code", {}, "a"]]]);
});

test("what is nested too deeply is no tree", () => {
  expect(() => readTree(">".repeat(10_000))).toThrow(RangeError);
  expect(() => readTree("<b><i>".repeat(200))).toThrow("nested too deeply");
  expect(readTree("> ".repeat(20))).not.toEqual([]);
});
