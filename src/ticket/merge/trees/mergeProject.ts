import { splitDocument } from "../../text/splitDocument.ts";
import { mergeText } from "../mergeText.ts";
import { pickQuietly, type Which } from "../sides.ts";
import { mergeConfig } from "./mergeConfig.ts";

/** A project's file of two sides as one, and what of the losing side gave way. */
export interface MergedProject {
  readonly text: string;
  /** Keys of which both made something else. */
  readonly lost: readonly string[];
  /** Lines of the description that both changed: the winner's stand. */
  readonly lostLines: boolean;
}

/** Whether a path in the store is a project's file. */
export function isProjectPath(path: string): boolean {
  return /^projects\/[^/.][^/]*\.md$/.test(path);
}

/**
 * Merges a project's file: the front matter by key, the description by line. Undefined where a side cannot be read by
 * key.
 */
export function mergeProject(base: string | undefined, a: string, b: string, winner: Which): MergedProject | undefined {
  const [o, x, y] = [base, a, b].map((text) => (text === undefined ? undefined : partsOf(text)));
  if (x === undefined || y === undefined) return undefined;
  const front = mergeConfig(o?.front ?? "", x.front, y.front, winner);
  if (front === undefined) return undefined;
  const body = mergeText(o?.body ?? [""], x.body, y.body, winner);
  const hasFront = x.hasFront || y.hasFront;
  const text = `${hasFront ? `---\n${front.text}---\n` : ""}${body.lines.join("\n")}`;
  const isCrlf = pickQuietly(o?.isCrlf, x.isCrlf, y.isCrlf, "a") === true;
  return {
    text: isCrlf ? text.replaceAll("\n", "\r\n") : text,
    lost: front.lost,
    lostLines: body.lost.some((lines) => lines.some((line) => line.trim() !== "")),
  };
}

/** A file taken apart, with `\n` as line ends; undefined where its front matter has no end. */
function partsOf(source: string) {
  const isCrlf = source.includes("\r\n") && !/(?<!\r)\n/.test(source);
  const text = (isCrlf ? source.replaceAll("\r\n", "\n") : source).replace(/^\uFEFF/, "");
  const { front, body } = splitDocument(text);
  if (front === null && text.startsWith("---")) return undefined;
  const yaml = front === null ? "" : text.slice(front.start, front.end);
  return { isCrlf, hasFront: front !== null, front: yaml, body: text.slice(body).split("\n") };
}
