import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { type Addition, addTo, presenceOf, removeFrom } from "./jsonText.ts";
import type { Piece } from "./pieces.ts";
import { addBlock, blockText, cutBlock, findBlock, standingOf } from "./signed.ts";

/** What becomes of one file. */
export interface PlannedFile {
  /** From the project's top. */
  readonly path: string;
  /** `kept`: left alone, wholly, for the reason that `what` gives. */
  readonly action: "create" | "update" | "remove" | "unchanged" | "kept";
  /** What is written or taken away, in words, and what of it could not be and why. */
  readonly what: string;
  /** The text afterwards; null: no file. */
  readonly text: string | null;
}

/** `isNoJson`: comments, say; then `kept` is what would have been added or taken away. */
type Step =
  | { readonly text: string | null; readonly what: string }
  | { readonly kept: string; readonly isNoJson?: true };
type PieceOf<K extends Piece["kind"]> = Extract<Piece, { readonly kind: K }>;

/** What writing (or taking away) the pieces would do to each file; nothing is changed. */
export function planFiles(root: string, pieces: readonly Piece[], uninstall: boolean): PlannedFile[] {
  const paths = [...new Set(pieces.map((piece) => piece.path))];
  return paths.map((file) => {
    const ofFile = pieces.filter((piece) => piece.path === file);
    const outside = leadsOutside(root, file);
    if (outside !== undefined) return { path: file, action: "kept", what: outside, text: null };
    return planFile(file, readText(path.join(root, file)), ofFile, uninstall ? takeAway : putIn);
  });
}

function planFile(
  file: string,
  before: string | null,
  pieces: readonly Piece[],
  change: (piece: Piece, text: string | null) => Step,
): PlannedFile {
  let text = before;
  const done: string[] = [];
  const kept: string[] = [];
  const byHand: string[] = [];
  for (const piece of pieces) {
    const step = change(piece, text);
    if ("kept" in step) (step.isNoJson ? byHand : kept).push(step.kept);
    else if (step.text !== text) {
      text = step.text;
      done.push(step.what);
    }
  }
  if (byHand.length > 0) kept.push(`is no plain JSON, so by hand: ${byHand.join(", ")}`);
  return { path: file, action: actionFor(before, text, kept.length > 0), what: [...done, ...kept].join("; "), text };
}

function actionFor(before: string | null, after: string | null, isKept: boolean): PlannedFile["action"] {
  if (before === after) return isKept ? "kept" : "unchanged";
  if (before === null) return "create";
  return after === null ? "remove" : "update";
}

const EDITED_FILE = "was edited, or is not ours";
const EDITED_BLOCK = "our block was edited";

function putIn(piece: Piece, text: string | null): Step {
  if (piece.kind === "json") return putAddition(piece, text);
  if (piece.kind === "block") return putBlock(piece, text);
  if (text !== null && standingOf(text) !== "ours") return { kept: EDITED_FILE };
  return { text: piece.text, what: "the whole file" };
}

function putBlock(piece: PieceOf<"block">, text: string | null): Step {
  const block = blockText(piece.text, piece.comment);
  const found = text === null ? undefined : findBlock(text);
  if (found?.standing === "edited") return { kept: EDITED_BLOCK };
  const rest = text === null || found === undefined ? (text ?? "") : cutBlock(text, found);
  const clash = piece.excludes?.find((pattern) => pattern.test(rest));
  if (clash !== undefined) return { kept: `has its own ${clash.exec(rest)?.[0].trim()}` };
  if (text !== null && found !== undefined && text.replaceAll("\r\n", "\n").includes(block)) return { text, what: "" };
  return { text: addBlock(rest, block), what: "a marked block" };
}

function putAddition({ addition }: PieceOf<"json">, text: string | null): Step {
  const what = wordsFor(addition);
  try {
    const presence = presenceOf(text ?? "{}", addition);
    if (presence === "other") return { kept: `has another ${what}` };
    return { text: presence === "there" ? text : addTo(text ?? "{}\n", addition), what };
  } catch {
    return { kept: what, isNoJson: true };
  }
}

function takeAway(piece: Piece, text: string | null): Step {
  if (text === null) return { text, what: "" };
  if (piece.kind === "json") return takeAddition(piece, text);
  if (piece.kind === "file") {
    return standingOf(text) === "ours" ? { text: null, what: "the whole file" } : { kept: EDITED_FILE };
  }
  const found = findBlock(text);
  if (found === undefined) return { text, what: "" };
  if (found.standing === "edited") return { kept: EDITED_BLOCK };
  const rest = cutBlock(text, found);
  return { text: rest.trim() === "" ? null : rest, what: "the marked block" };
}

function takeAddition({ addition }: PieceOf<"json">, text: string): Step {
  const what = wordsFor(addition);
  try {
    if (presenceOf(text, addition) !== "there") return { text, what };
    const rest = removeFrom(text, addition);
    return { text: /^\s*\{\s*\}\s*$/.test(rest) ? null : rest, what };
  } catch {
    return { kept: what, isNoJson: true };
  }
}

function wordsFor({ path: at, key, value }: Addition): string {
  if (key !== undefined) return [...at, key].join(".");
  return typeof value === "string" ? `${at.join(".")} ${value}` : at.join(".");
}

/** A link on the way could have us write into somebody's home. */
function leadsOutside(root: string, file: string): string | undefined {
  let existing = path.join(root, file);
  while (!existsSync(existing)) existing = path.dirname(existing);
  const real = realpathSync(existing);
  const relative = path.relative(realpathSync(root), real);
  return relative.startsWith("..") || path.isAbsolute(relative) ? `leads outside the project, to ${real}` : undefined;
}

function readText(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
