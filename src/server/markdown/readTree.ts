import { randomUUID } from "node:crypto";
import { Marked } from "marked";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { type Attributes, allowedOf, isAllowed, type Piece } from "../../ticket/markup/allowed.ts";
import { boxesIn } from "../../ticket/markup/boxes.ts";
import { colour } from "./colour.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** How a text is read. */
export interface Reading {
  /** Words and links alone, nothing that stands apart. */
  readonly isLine?: boolean;
  /** Whether a block of code, counted from 0, gets its colours; asked before it does. */
  readonly hasColours?: (block: number) => boolean;
}

/** A tree that is deeper, or has more pieces, is none: the text is shown as it is written. */
const MOST_DEEP = 100;
const MOST_PIECES = 100_000;

/** Tells the boxes that markdown makes from what a text writes in HTML, which cannot know it. */
const OURS = randomUUID();
const BOX = "data-box";

const marked = new Marked({ gfm: true, breaks: false, async: false });
marked.use({
  renderer: {
    checkbox: ({ checked }) => `<input type="checkbox" ${BOX}="${OURS}"${checked ? " checked" : ""} disabled> `,
  },
});

const IN_LINE = new Set("a b code del em i ins kbd mark q s samp strong sub sup var".split(" "));
/** What goes with all that is in it; of other elements that are not allowed what is in them stays. */
const WHOLE = new Set(
  "audio colgroup head iframe math noembed noframes noscript plaintext script style svg template title video xmp".split(
    " ",
  ),
);

/**
 * Markdown as a tree of what is allowed in a text; HTML in it is read as browsers read it.
 * @throws RangeError where it is nested too deeply, or is too much
 */
export function readTree(text: string, { isLine = false, hasColours = () => true }: Reading = {}): Piece[] {
  const html = (isLine ? marked.parseInline(text) : marked.parse(text)) as string;
  const page = parse(`<!doctype html>${html}`, { scriptingEnabled: false }).childNodes.find(isElement);
  const body = page?.childNodes.find((node): node is Element => isElement(node) && node.nodeName === "body");
  const boxes = isLine ? [] : boxesIn(text);
  const inputs: Record<string, unknown>[] = [];
  const tree = pieces(body?.childNodes ?? [], {
    count: 0,
    depth: 0,
    blocks: 0,
    isAllowed: isLine ? (name) => IN_LINE.has(name) : isAllowed,
    hasColours,
    box: (attributes) => inputs.push(attributes),
  });
  // Where the text is read otherwise than by lines, no box can be ticked.
  if (inputs.length === boxes.length && inputs.every(({ checked = false }, n) => checked === boxes[n]?.isDone))
    for (const [n, input] of inputs.entries()) input["data-line"] = boxes[n]?.line;
  return tree;
}

interface Walk {
  count: number;
  depth: number;
  /** Blocks of code that were met. */
  blocks: number;
  readonly isAllowed: (name: string) => boolean;
  readonly hasColours: (block: number) => boolean;
  /** Hears of each box that markdown made. */
  readonly box: (attributes: Record<string, unknown>) => void;
}

function pieces(nodes: readonly Node[], walk: Walk): Piece[] {
  walk.depth++;
  if (walk.depth > MOST_DEEP) throw new RangeError("nested too deeply");
  const found: Piece[] = [];
  for (const piece of nodes.flatMap((node) => piecesOf(node, walk))) {
    const before = found.at(-1);
    // Words around what was left out are one piece.
    if (typeof piece === "string" && typeof before === "string") found[found.length - 1] = before + piece;
    else found.push(piece);
  }
  walk.depth--;
  return found;
}

function piecesOf(node: Node, walk: Walk): Piece[] {
  walk.count++;
  if (walk.count > MOST_PIECES) throw new RangeError("too many pieces");
  if (node.nodeName === "#text") return [(node as DefaultTreeAdapterTypes.TextNode).value];
  if (!isElement(node) || WHOLE.has(node.nodeName)) return [];
  const { nodeName: name } = node;
  if (!walk.isAllowed(name) || name === "span") return pieces(node.childNodes, walk);
  const attributes = attributesOf(node);
  if (name === "input") return inputOf(node, attributes, walk);
  const inner = name === "pre" ? code(node, walk) : pieces(node.childNodes, walk);
  return [[name, attributes, ...inner]];
}

function isElement(node: Node): node is Element {
  return "tagName" in node;
}

/** What is only there or not is true. */
const FLAGS = new Set(["checked", "disabled", "open"]);

function attributesOf({ nodeName, attrs }: Element): Record<string, string | number | boolean> {
  const given: Attributes = Object.fromEntries(
    attrs.map(({ name, value }) => [name, FLAGS.has(name) ? true : value] as const),
  );
  const { "data-lang": _, "data-line": __, class: ___, ...own } = allowedOf(nodeName, given);
  // What markdown names the language of a block by; no other class may stand in a text.
  const language = nodeName === "code" ? /^language-(\S{1,20})$/.exec(String(given.class))?.[1] : undefined;
  return language === undefined ? own : { ...own, "data-lang": language };
}

/** A box that is ticked or not; other fields are left out. */
function inputOf({ attrs }: Element, { checked }: Attributes, walk: Walk): Piece[] {
  const given = (name: string): string | undefined => attrs.find((one) => one.name === name)?.value;
  if (given("type")?.toLowerCase() !== "checkbox") return [];
  const attributes = { type: "checkbox", ...(checked === undefined ? {} : { checked }) };
  if (given(BOX) === OURS) walk.box(attributes);
  return [["input", attributes]];
}

/** What stands in a block: code gets its colours. */
function code(block: Element, walk: Walk): Piece[] {
  return pieces(block.childNodes, walk).map((piece) => {
    if (typeof piece === "string" || piece[0] !== "code") return piece;
    const [name, attributes, ...inner] = piece;
    if (inner.some((one) => typeof one !== "string") || !walk.hasColours(walk.blocks++)) return piece;
    return [name, attributes, ...colour(inner.join(""), String(attributes["data-lang"]))];
  });
}
