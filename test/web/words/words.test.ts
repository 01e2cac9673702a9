import { SyntaxKind } from "typescript/unstable/ast";
import { afterAll, describe, expect, test } from "vitest";
import { number, plural, writeAs } from "../../../src/web/words/forms.ts";
import { de, en } from "./all.ts";
import { leavesOf, textWith } from "./leaves.ts";
import { around, nameOf, namesBehind, nodesIn, placeOf, readSources, saidBy, stringOf } from "./sources.ts";

afterAll(() => writeAs("en"));

/** A word, and two of them as sentences have them. */
const WORD = /\p{L}{2,}/u;
const WORDS = /\p{L}{2,}[,;:]? \p{L}{2,}/u;
/** The name of the program. */
const NAME = "ayo";
/** Keys: `keyText` names them as keyboards of the language do. */
const KEYS = ["Alt", "Ctrl", "End", "Enter", "Esc", "Home", "PgDn", "PgUp", "Shift", "Space", "Tab", "or"];
const isKey = (word: string): boolean => KEYS.includes(word) || [...word].length < 2;
/** Words that no reader sees as they are: of filters, whose language is one, of files, fonts, media and the server. */
const NONE = [
  "board/listView.tsx priority assignee tags due",
  "data/answers/kept.ts ayo kept ",
  "data/filter/filter.ts no ticket",
  "data/filter/filter.ts several tickets: ",
  "graph/paint.ts 12px system-ui, sans-serif",
  "inbox/lineView.tsx ayo ticket ",
  "inbox/notify.ts ayo looked at",
  "inbox/notify.ts ayo notify ",
  "inbox/useActs.ts .snoozes button",
  "page/theme.ts (prefers-color-scheme: dark)",
  "page/theme.ts not all",
  "ticket/actions.tsx waits for an answer",
  "ticket/attachments/attachments.tsx noopener noreferrer",
  "ticket/changes/parseDiff.ts rename from ",
  "ticket/changes/parseDiff.ts rename to ",
  "ticket/text/spliceText.ts acceptance criteria",
  "worker/serviceWorker.ts ayo files ",
  "writing/pieces.ts noopener noreferrer nofollow",
];
/** Words that are the same in German. */
const SAME: readonly string[] = [
  "direction",
  "filter",
  "header.board",
  "header.graph",
  "header.pipelines",
  "keyNames.Esc",
  "times.within",
  "picker.label",
  "days.inWord",
  "days.day.0",
  "days.week.0",
  "inbox.said",
  "agents.facts.agent",
  "stats.burndown",
  "stats.point",
  "projects.name",
  "pipelines.partOf",
  "sync.remote",
  "board.tickets",
  "board.ticket",
  "ticket.text",
];

const NODES = readSources().flatMap((source) => [...nodesIn(source.file)].map((node) => ({ source, node })));
const SAID = NODES.filter(
  ({ node }) =>
    node.kind === SyntaxKind.Identifier && nameOf(node) === "say" && node.parent.kind !== SyntaxKind.ImportSpecifier,
);
const FUNCTIONS: readonly SyntaxKind[] = [
  SyntaxKind.ArrowFunction,
  SyntaxKind.Constructor,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.GetAccessor,
  SyntaxKind.MethodDeclaration,
];

describe("words of the board", () => {
  test("none stand outside of src/web/words where they are seen or read out", () => {
    const found = NODES.flatMap(({ source, node }) => {
      const text = saidBy(node)?.trim() ?? "";
      return WORD.test(text) && text !== NAME ? [`${placeOf(source, node)} ${text}`] : [];
    });
    expect(found).toEqual([]);
  });

  test("nor sentences anywhere else", () => {
    const found = NODES.flatMap(({ source, node }) => {
      const text = stringOf(node) ?? "";
      return WORDS.test(text) && !text.split(/[\s,]+/).every(isKey) ? [`${source.name} ${text}`] : [];
    });
    expect([...new Set(found)].sort()).toEqual(NONE);
  });

  test("are asked for when something is drawn, not when a file is loaded: its language is not there yet", () => {
    const early = SAID.filter(({ node }) => ![...around(node)].some(({ kind }) => FUNCTIONS.includes(kind)));
    expect(early.map(({ source, node }) => placeOf(source, node))).toEqual([]);
  });

  test("are all used", () => {
    // Of a group that is asked for by a name that comes from elsewhere all are.
    const used = new Set(SAID.map(({ node }) => namesBehind(node).join(".")));
    const isUsed = (path: string): boolean => {
      const names = path.split(".");
      // What is asked of a word itself, such as its length, says no less that it is used.
      return (
        names.some((_, n) => used.has(names.slice(0, n + 1).join("."))) ||
        [...used].some((one) => one.startsWith(`${path}.`))
      );
    };
    expect(leavesOf(en).flatMap(([path]) => (isUsed(path) ? [] : [path]))).toEqual([]);
  });

  test("use all that is put into them, in each language", () => {
    const unused = [...leavesOf(en), ...leavesOf(de)].flatMap(([path, word]) => {
      if (typeof word === "string") return [];
      const parts = Array.from({ length: word.length }, () => 3);
      return parts.flatMap((_, n) =>
        textWith(word, parts) === textWith(word, parts.with(n, 1)) ? [`${path} ${n}`] : [],
      );
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
    expect(same.sort()).toEqual([...SAME].sort());
  });
});

test("small numbers are written as the browser's own rules would, though those are not asked", () => {
  for (const tag of ["en", "en-GB", "de", "de-AT"]) {
    writeAs(tag);
    const rules = new Intl.PluralRules(tag);
    for (const n of [0, 1, 2, 10, 21, 999, 1000, 1234.5, 0.5, 1.5, -1, -3]) {
      const forms = { one: "one #", other: "other #" };
      const form = rules.select(n) === "one" ? "one" : "other";
      expect([tag, number(n)]).toEqual([tag, n.toLocaleString(tag)]);
      if (n >= 0) expect([tag, plural(n, forms)]).toEqual([tag, `${form} ${n.toLocaleString(tag)}`]);
    }
  }
});
