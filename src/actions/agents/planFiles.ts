import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { type Addition, addTo, presenceOf, removeFrom } from "./jsonText.ts";
import type { Part, Piece } from "./piece.ts";
import { addBlock, blockText, cutBlock, findBlock, standingOf } from "./signed.ts";
import { definesTable } from "./tomlKeys.ts";

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

/** `isNoJson`: a comma too many, say; then `kept` is what would have been added or taken away. */
type Step =
  | { readonly text: string | null; readonly what: string; readonly kept?: string }
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
  const unreadable: string[] = [];
  for (const piece of pieces) {
    const step = change(piece, text);
    if (step.kept !== undefined) ("isNoJson" in step ? unreadable : kept).push(step.kept);
    if ("text" in step && step.text !== text) {
      text = step.text;
      done.push(step.what);
    }
  }
  if (unreadable.length > 0) kept.push(`is no JSON, so by hand: ${unreadable.join(", ")}`);
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

function putBlock({ parts, comment }: PieceOf<"block">, text: string | null): Step {
  const found = text === null ? undefined : findBlock(text);
  if (found?.standing === "edited") return { kept: EDITED_BLOCK };
  const rest = text === null || found === undefined ? (text ?? "") : cutBlock(text, found);
  const clashing = parts.filter(({ table }) => table !== undefined && definesTable(rest, table));
  const fitting = parts.filter((part) => !clashing.includes(part));
  const kept = clashing.map(byHand).join("; ");
  if (fitting.length === 0) return { kept };
  const block = blockText(fitting.map((part) => part.text.trim()).join("\n\n"), comment);
  const isThere = text !== null && found !== undefined && text.replaceAll("\r\n", "\n").includes(block);
  return { text: isThere ? text : addBlock(rest, block), what: "a marked block", ...(kept === "" ? {} : { kept }) };
}

/** A table that the file has already cannot be written a second time. */
function byHand({ table = [], text }: Part): string {
  const lines = text.split("\n").filter((line) => line !== "" && !/^[#[]/.test(line));
  return `has its own [${table.join(".")}]; by hand into it: ${lines.join(" ").replace(/\s+/g, " ")}`;
}

function putAddition({ addition }: PieceOf<"json">, before: string | null): Step {
  const what = wordsFor(addition);
  try {
    const text = before === null ? null : withoutFormer(before, addition);
    const presence = presenceOf(text ?? "{}", addition);
    if (presence === "other") return { kept: `has another ${what}` };
    return { text: presence === "there" ? text : addTo(text ?? "{}\n", addition), what };
  } catch {
    return { kept: what, isNoJson: true };
  }
}

/** The text without what an older version of ayo wrote in the place of an addition. */
function withoutFormer(text: string, { formerly = [], ...addition }: Addition): string {
  const former = formerly.find((value) => presenceOf(text, { ...addition, value }) === "there");
  return former === undefined ? text : removeFrom(text, { ...addition, value: former });
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
    const now = withoutFormer(text, addition);
    const rest = presenceOf(now, addition) === "there" ? removeFrom(now, addition) : now;
    if (rest === text) return { text, what };
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
