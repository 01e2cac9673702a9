import { isDeepStrictEqual } from "node:util";
import { afterComments, blankComments } from "./jsonComments.ts";

/** A value in a JSON text, and where it stands. */
interface Node {
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  /** Of an object or array: its members or items, each from its key's beginning. */
  readonly children?: readonly Child[];
}

interface Child {
  readonly key: string | number;
  readonly start: number;
  readonly node: Node;
}

/** Something to add to a JSON file: a member of the object at `path`, or an item of the array there. */
export interface Addition {
  readonly path: readonly string[];
  /** The member's key; without one `value` is an item of the array. */
  readonly key?: string;
  readonly value: unknown;
  /** What older versions of ayo wrote in its place. */
  readonly formerly?: readonly unknown[];
}

/** What can be said of an addition to a text: it is there, it is not, something else is in its place. */
export type Presence = "there" | "absent" | "other";

/** What a JSON text says, comments or not; undefined where it is none. */
export function readJson(text: string): unknown {
  try {
    return parse(text).value;
  } catch {
    return undefined;
  }
}

/** Whether a JSON text has what would be added. @throws SyntaxError when it is no JSON */
export function presenceOf(text: string, { path, key, value }: Addition): Presence {
  let node = parse(text);
  for (const step of path) {
    if (!isObject(node)) return "other";
    const child = childOf(node, step);
    if (child === undefined) return "absent";
    node = child;
  }
  if (key === undefined) {
    if (!Array.isArray(node.value)) return "other";
    return node.value.some((item) => isDeepStrictEqual(item, value)) ? "there" : "absent";
  }
  if (!isObject(node)) return "other";
  const member = childOf(node, key);
  if (member === undefined) return "absent";
  return isDeepStrictEqual(member.value, value) ? "there" : "other";
}

/** The text with the addition, and not another byte changed. */
export function addTo(text: string, { path, key, value }: Addition): string {
  let node = parse(text);
  for (const [at, step] of path.entries()) {
    const child = childOf(node, step);
    if (child === undefined) {
      const innermost: unknown = key === undefined ? [value] : { [key]: value };
      const wrapped = path.slice(at + 1).reduceRight((inside, name) => ({ [name]: inside }), innermost);
      return insert(text, node, step, wrapped);
    }
    node = child;
  }
  return insert(text, node, key, value);
}

/** The text without the addition, nor the containers that it leaves empty; every other byte stays. */
export function removeFrom(text: string, { path, key, value }: Addition): string {
  const chain = [parse(text)];
  for (const step of path) {
    const child = childOf(chain.at(-1) as Node, step);
    if (child === undefined) return text;
    chain.push(child);
  }
  let at = childrenOf(chain.at(-1)).findIndex((child) =>
    key === undefined ? isDeepStrictEqual(child.node.value, value) : child.key === key,
  );
  if (at < 0) return text;
  let depth = chain.length - 1;
  while (depth > 0 && childrenOf(chain[depth]).length === 1 && !hasComments(text, chain[depth] as Node)) {
    const step = path[depth - 1];
    depth--;
    at = childrenOf(chain[depth]).findIndex((child) => child.key === step);
  }
  return cut(text, chain[depth] as Node, at);
}

function insert(text: string, node: Node, key: string | undefined, value: unknown): string {
  const { start, end } = node;
  const last = childrenOf(node).at(-1);
  const unit = /\n([ \t]+)\S/.exec(blankComments(text))?.[1] ?? "  ";
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1))?.[0] ?? "";
  const indent = outer + unit;
  const isInline = last !== undefined && !text.slice(start, end).includes("\n");
  const json = isInline ? JSON.stringify(value) : JSON.stringify(value, null, unit).replaceAll("\n", `\n${indent}`);
  const member = key === undefined ? json : `${JSON.stringify(key)}: ${json}`;
  if (last === undefined) {
    const inside = text.slice(start + 1, end - 1).trimEnd();
    return `${text.slice(0, start + 1)}${inside}\n${indent}${member}\n${outer}${text.slice(end - 1)}`;
  }
  // A comment at the end of the line belongs to what stands before it.
  const place = afterComments(text, last.node.end);
  const comment = text.slice(last.node.end, place);
  return `${text.slice(0, last.node.end)},${comment}${isInline ? " " : `\n${indent}`}${member}${text.slice(place)}`;
}

function cut(text: string, node: Node, at: number): string {
  const children = childrenOf(node);
  const [before, gone, after] = [children[at - 1], children[at], children[at + 1]];
  if (gone === undefined) return text;
  if (after !== undefined) {
    const comments = between(text, gone.node.end, after.start).trimStart();
    return text.slice(0, gone.start) + comments + text.slice(after.start);
  }
  if (before !== undefined) {
    return (
      text.slice(0, before.node.end) + between(text, before.node.end, gone.start).trimEnd() + text.slice(gone.node.end)
    );
  }
  const left = text.slice(node.start + 1, gone.start).trimEnd();
  const right = text.slice(gone.node.end, node.end - 1);
  return text.slice(0, node.start + 1) + (left + right.trim() === "" ? "" : left + right) + text.slice(node.end - 1);
}

/** What stands between two members, without their comma: nothing but comments. */
function between(text: string, from: number, to: number): string {
  const comma = blankComments(text).indexOf(",", from);
  const comments = text.slice(from, comma) + text.slice(comma + 1, to);
  return comments.trim() === "" ? "" : comments;
}

/** Whether a container has comments of its own, which go with it. */
function hasComments(text: string, { start, end, children = [] }: Node): boolean {
  let from = start;
  const gaps = children.map(({ start: to, node }) => {
    const gap = [from, to] as const;
    from = node.end;
    return gap;
  });
  const blank = blankComments(text);
  return [...gaps, [from, end] as const].some((gap) => text.slice(...gap) !== blank.slice(...gap));
}

function childrenOf(node: Node | undefined): readonly Child[] {
  return node?.children ?? [];
}

function childOf(node: Node, key: string): Node | undefined {
  return childrenOf(node).find((child) => child.key === key)?.node;
}

function isObject({ value }: Node): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON text, maybe with comments, with the places of everything in it. @throws SyntaxError */
function parse(text: string): Node {
  const plain = blankComments(text);
  JSON.parse(plain);
  return readNode(plain, 0);
}

/** The value that begins after `at`, in a text that is known to be JSON. */
function readNode(text: string, at: number): Node {
  const start = skip(text, at);
  const first = text[start];
  if (first !== "{" && first !== "[") {
    const end =
      first === '"' ? stringEnd(text, start) : start + (/^[^\s,\]}]+/.exec(text.slice(start))?.[0] ?? "").length;
    return { value: JSON.parse(text.slice(start, end)), start, end };
  }
  const children: Child[] = [];
  let place = skip(text, start + 1);
  while (text[place] !== "}" && text[place] !== "]") {
    const child =
      first === "{" ? readMember(text, place) : { key: children.length, start: place, node: readNode(text, place) };
    children.push(child);
    place = skip(text, child.node.end);
    if (text[place] === ",") place = skip(text, place + 1);
  }
  return { value: JSON.parse(text.slice(start, place + 1)), start, end: place + 1, children };
}

function readMember(text: string, start: number): Child {
  const end = stringEnd(text, start);
  return { key: JSON.parse(text.slice(start, end)), start, node: readNode(text, skip(text, end) + 1) };
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function skip(text: string, at: number): number {
  let place = at;
  while (/\s/.test(text[place] ?? "")) place++;
  return place;
}
