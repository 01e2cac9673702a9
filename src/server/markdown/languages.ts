import bash from "@speed-highlight/core/languages/bash.js";
import css from "@speed-highlight/core/languages/css.js";
import diff from "@speed-highlight/core/languages/diff.js";
import go from "@speed-highlight/core/languages/go.js";
import html from "@speed-highlight/core/languages/html.js";
import js from "@speed-highlight/core/languages/js.js";
import jsdoc from "@speed-highlight/core/languages/jsdoc.js";
import json from "@speed-highlight/core/languages/json.js";
import md from "@speed-highlight/core/languages/md.js";
import py from "@speed-highlight/core/languages/py.js";
import regex from "@speed-highlight/core/languages/regex.js";
import rs from "@speed-highlight/core/languages/rs.js";
import sql from "@speed-highlight/core/languages/sql.js";
import todo from "@speed-highlight/core/languages/todo.js";
import ts from "@speed-highlight/core/languages/ts.js";
import yaml from "@speed-highlight/core/languages/yaml.js";
import { type ShjLanguageData, tokenizeWith } from "@speed-highlight/core/tokenize";

/** A piece of code and what it is: `kwd`, `str`, `cmnt`, …; "" for anything else. */
export type Token = readonly [text: string, type: string];

/** Its own types know no fields that are undefined. */
const LANGUAGES = {
  bash,
  css,
  diff,
  go,
  html,
  js,
  jsdoc,
  json,
  md,
  py,
  regex,
  rs,
  sql,
  todo,
  ts,
  yaml,
} as unknown as Readonly<Record<string, ShjLanguageData>>;

/** The pieces of code in one of {@link LANGUAGES}; together they are the code. */
export function tokensOf(code: string, language: string): Token[] {
  const tokens: Token[] = [];
  const known = LANGUAGES[language];
  if (known === undefined) return [[code, ""]];
  tokenizeWith(code, known, (text, type = "" as never) => text !== "" && tokens.push([text, type]), {
    languages: LANGUAGES,
  });
  return tokens;
}
