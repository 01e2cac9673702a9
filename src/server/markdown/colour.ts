import type { Piece } from "../../ticket/markup/allowed.ts";
import { tokensOf } from "./languages.ts";

/** What people call the languages, by the names that they have here. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bash: "bash sh shell zsh console shell-session",
    css: "css scss less",
    diff: "diff patch",
    go: "go golang",
    html: "html xml svg vue",
    js: "js javascript jsx mjs cjs",
    json: "json jsonc json5 jsonl",
    md: "md markdown",
    py: "py python python3",
    rs: "rs rust",
    sql: "sql",
    ts: "ts typescript tsx mts",
    yaml: "yaml yml",
  }).flatMap(([name, words]) => words.split(" ").map((word) => [word, name] as const)),
);
/** Longer code stays as it is, in characters. */
const MOST = 50_000;

/** Code in its colours, where its language is known. */
export function colour(text: string, language: string): Piece[] {
  const name = NAMES.get(language.toLowerCase());
  if (name === undefined || text.length > MOST) return [text];
  return tokensOf(text, name).map(([words, type]) => (type === "" ? words : ["span", { class: `t-${type}` }, words]));
}
