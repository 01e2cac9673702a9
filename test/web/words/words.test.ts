import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { afterAll, describe, expect, test } from "vitest";
import { de } from "../../../src/web/words/de.ts";
import { en } from "../../../src/web/words/en.ts";
import { writeAs } from "../../../src/web/words/forms.ts";
import { leavesOf, textWith } from "./leaves.ts";
import { around, nodesIn, placeOf, readSources } from "./sources.ts";

afterAll(() => writeAs("en"));

const SOURCES = readSources();
const NODES = SOURCES.flatMap((source) => [...nodesIn(source.file)].map((node) => ({ source, node })));

/** Words that are the same in German. */
const SAME: readonly string[] = [
  "direction",
  "filter",
  "header.board",
  "header.graph",
  "keyNames.Esc",
  "times.within",
  "dialogs.tagsHint",
  "picker.label",
  "days.inWord",
  "days.day.0",
  "days.week.0",
  "inbox.said",
  "stats.burndown",
  "stats.point",
];

type Named = Node & { readonly name?: Node; readonly text?: string; readonly expression?: Node };

const nameOf = (node: Node | undefined): string => (node as Named | undefined)?.text ?? "";

/** Of the board and the ticket, which follow. */
const LATER_WORDS = /^(add|save|keys|did.started|did.closed)/;

function textOf(node: Node | undefined): string {
  return nameOf((node as Named | undefined)?.name ?? node);
}

/** `say.keys.open`, as far as names go; undefined where it is not the whole of what is asked for. */
function pathOf(node: Node): string[] {
  const names: string[] = [];
  let at = node;
  while (at.parent.kind === SyntaxKind.PropertyAccessExpression && (at.parent as Named).expression === at) {
    at = at.parent;
    names.push(textOf(at));
  }
  return names;
}

const SAID = NODES.filter(
  ({ node }) =>
    node.kind === SyntaxKind.Identifier && nameOf(node) === "say" && node.parent.kind !== SyntaxKind.ImportSpecifier,
);

describe("words of the board", () => {
  test("are asked for when something is drawn, not when a file is loaded: its language is not there yet", () => {
    const functions = [SyntaxKind.FunctionDeclaration, SyntaxKind.ArrowFunction, SyntaxKind.FunctionExpression];
    functions.push(SyntaxKind.MethodDeclaration, SyntaxKind.Constructor, SyntaxKind.GetAccessor);
    const early = SAID.filter(({ node }) => ![...around(node)].some(({ kind }) => functions.includes(kind)));
    expect(early.map(({ source, node }) => placeOf(source, node))).toEqual([]);
  });

  test("are all used", () => {
    const used = new Set(
      SAID.flatMap(({ node }) => {
        const path = pathOf(node);
        return path.map((_, n) => path.slice(0, n + 1).join("."));
      }),
    );
    const whole = new Set(SAID.map(({ node }) => pathOf(node).join(".")));
    const isUsed = (path: string): boolean => {
      const names = path.split(".");
      return used.has(path) || names.some((_, n) => whole.has(names.slice(0, n + 1).join(".")));
    };
    expect(leavesOf(en).flatMap(([path]) => (isUsed(path) || LATER_WORDS.test(path) ? [] : [path]))).toEqual([]);
  });

  test("use all that is put into them, in each language", () => {
    const unused = [...leavesOf(en), ...leavesOf(de)].flatMap(([path, word]) => {
      if (typeof word === "string") return [];
      const parts = Array.from({ length: word.length }, () => 3);
      return parts.flatMap((_, n) => {
        const others = parts.with(n, 1);
        return textWith(word, parts) === textWith(word, others) ? [`${path} ${n}`] : [];
      });
    });
    expect(unused).toEqual([]);
    const takes = (words: unknown) =>
      leavesOf(words).flatMap(([path, word]) => (typeof word === "string" ? [] : [[path, word.length]]));
    expect(takes(de)).toEqual(takes(en));
  });

  test("are other words in German, but for a few", () => {
    const german = new Map(leavesOf(de));
    const same = leavesOf(en).flatMap(([path, word]) => {
      const parts = [3, 5, 7];
      return textWith(word, parts) === textWith(german.get(path) ?? "", parts) ? [path] : [];
    });
    expect(same).toEqual(SAME);
  });
});
