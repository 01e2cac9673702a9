import { readdirSync } from "node:fs";
import path from "node:path";
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";

const WEB = path.resolve(import.meta.dirname, "../../../src/web");

/** A file of the board, outside of its words. */
export interface Source {
  /** From src/web: `board/laneView.tsx`. */
  readonly name: string;
  readonly file: SourceFile;
}

/** What nodes of these kinds have; the tree has a type for each of hundreds. */
type Parts = Node & {
  readonly name?: Node;
  readonly text?: string;
  readonly expression?: Node;
  readonly openingElement?: { readonly tagName: Node };
};

/** The board's own sources, as TypeScript reads them: its interface for programs is not settled, its version is ours to choose. */
export function readSources(): readonly Source[] {
  const api = new API({ cwd: WEB });
  const project = api.updateSnapshot({ openProjects: [path.join(WEB, "tsconfig.json")] }).getProjects()[0];
  const names = readdirSync(WEB, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("words/"));
  try {
    return names.map((name) => {
      const file = project?.program.getSourceFile(path.join(WEB, name));
      if (file === undefined) throw new Error(`${name} is not in src/web/tsconfig.json`);
      return { name, file };
    });
  } finally {
    api.close();
  }
}

/** A node and all that is in it. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

/** What a node is in, the nearest first. */
export function* around(node: Node): Generator<Node> {
  for (let at = node.parent; at !== undefined; at = at.parent) yield at;
}

/** `page/keys.ts:12`. */
export function placeOf({ name, file }: Source, node: Node): string {
  const before = file.text.slice(0, node.getStart(file));
  return `${name}:${before.split("\n").length}`;
}

/** The name that a node is, or has: of `say.keys` it is `keys`. */
export function nameOf(node: Node | undefined): string {
  const { name, text } = (node ?? {}) as Partial<Parts>;
  return name === undefined ? (text ?? "") : nameOf(name);
}

/** The names behind a node: of `say` in `say.keys.open` these are `keys` and `open`. */
export function namesBehind(node: Node): string[] {
  const names: string[] = [];
  let at = node;
  while (at.parent.kind === SyntaxKind.PropertyAccessExpression && (at.parent as Parts).expression === at) {
    at = at.parent;
    names.push(nameOf(at));
  }
  return names;
}

const STRINGS: readonly SyntaxKind[] = [
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
];
/** Attributes that a reader of the page sees or hears. */
const READ = ["alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "label"];
READ.push("placeholder", "title");
/** What hands on a string as it is. */
const SHOWS: readonly SyntaxKind[] = [
  SyntaxKind.ConditionalExpression,
  SyntaxKind.JsxExpression,
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.TemplateExpression,
  SyntaxKind.TemplateSpan,
];

/** What a node says to a reader, by itself or as one of several: what stands in elements, and in attributes that are read. */
export function saidBy(node: Node): string | undefined {
  const { text = "" } = node as Parts;
  if (node.kind === SyntaxKind.JsxText) return [...around(node)].some(isCode) ? undefined : text;
  if (!STRINGS.includes(node.kind)) return undefined;
  for (const outer of around(node)) {
    if (outer.kind === SyntaxKind.JsxAttribute) return READ.includes(nameOf(outer)) ? text : undefined;
    if (outer.kind === SyntaxKind.JsxExpression && outer.parent.kind !== SyntaxKind.JsxAttribute) return text;
    // What is compared, or asked for by it, is not what is read.
    if (!SHOWS.includes(outer.kind)) return undefined;
  }
  return undefined;
}

/** A command, or a key: what is typed is the same in all languages. */
function isCode(node: Node): boolean {
  const { openingElement } = node as Parts;
  return openingElement !== undefined && ["code", "kbd"].includes(nameOf(openingElement.tagName));
}

/** Strings of these attributes are for the browser. */
const TOLD = ["class", "d", "rel", "style"];

/** A string that may be for readers: none of an import, a selector, a class, a fault of the program. */
export function stringOf(node: Node): string | undefined {
  if (!STRINGS.includes(node.kind)) return undefined;
  for (const outer of around(node)) {
    if (outer.kind === SyntaxKind.ImportDeclaration || outer.kind === SyntaxKind.NewExpression) return undefined;
    if (outer.kind === SyntaxKind.JsxAttribute && TOLD.includes(nameOf(outer))) return undefined;
    if (outer.kind !== SyntaxKind.CallExpression) continue;
    if (/[sS]elector|closest|matches/.test(nameOf((outer as Parts).expression))) return undefined;
  }
  return (node as Parts).text;
}
