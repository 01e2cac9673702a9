import { expect, test } from "vitest";
import { Contents } from "../../../../src/ticket/merge/trees/contents.ts";
import { settleOutputs } from "../../../../src/ticket/merge/trees/settleOutputs.ts";
import type { Content } from "../../../../src/ticket/merge/trees/trees.ts";
import { DEFAULT_BOARD } from "../../../../src/ticket/rules/board.ts";

const [OLD, LEFT, RIGHT] = ["0", "a", "b"].map((digit) => digit.repeat(40)) as [string, string, string];
const file = (blob: string): Content => ({ mode: "100644", blob });
const contents = new Contents({ read: () => new Uint8Array(), at: "", board: DEFAULT_BOARD });

/** What a merge has of outputs, whose tickets were x-1 on both sides and are called and say so now. */
function settled(
  name: string,
  output: string,
  versions: Readonly<Record<"o" | "a" | "b", string | undefined>>,
  merged: string | undefined,
): Record<string, string> {
  const path = "outputs/x-1.json";
  const [o, a, b] = (["o", "a", "b"] as const).map((side) => {
    const blob = versions[side];
    return new Map(blob === undefined ? [] : [[path, file(blob)] as const]);
  }) as [Map<string, Content>, Map<string, Content>, Map<string, Content>];
  const place = { path: "x-1.md", content: file("c".repeat(40)) };
  const text = `---\nid: ${name}\noutput: ${output}\n---\n# One\n\noutput: ${OLD}\n`;
  const files = new Map<string, Content>(merged === undefined ? [] : [[path, file(merged)]]);
  const one = { name, o: place, a: place, b: place, merged: { path: `${name}.md`, content: { mode: "", text } } };
  settleOutputs(files, [one], { o, a, b }, contents);
  return Object.fromEntries([...files].map(([at, content]) => [at, "blob" in content ? content.blob : ""]));
}

test("of two outputs the one stays that the merged ticket names, whole", () => {
  const both = { o: OLD, a: LEFT, b: RIGHT };
  expect(settled("x-1", RIGHT, both, LEFT)).toEqual({ "outputs/x-1.json": RIGHT });
  expect(settled("x-1", `'${LEFT}'`, both, LEFT)).toEqual({ "outputs/x-1.json": LEFT });
});

test("what a side took away, and the ticket still names, is there again; another name has it too", () => {
  expect(settled("x-1", OLD, { o: OLD, a: undefined, b: OLD }, undefined)).toEqual({ "outputs/x-1.json": OLD });
  expect(settled("x-2", LEFT, { o: undefined, a: LEFT, b: undefined }, LEFT)).toEqual({
    "outputs/x-1.json": LEFT,
    "outputs/x-2.json": LEFT,
  });
});

test("what nobody has is made by no merge", () => {
  expect(settled("x-1", RIGHT, { o: OLD, a: LEFT, b: OLD }, LEFT)).toEqual({ "outputs/x-1.json": LEFT });
});
