import { formatScalar } from "../../ticket/text/formatScalar.ts";

/** A scalar as people write one: quoted, or a word without what means something in YAML. */
const SCALAR = String.raw`(?:'[^'\n]*'|"[^"\\\n]*"|[^\s'"#&*!|>{}[\],%@\`][^\s#,{}[\]]*)`;

/**
 * The text of config.yml with one value changed and every other byte kept; a key that is not there is added at the
 * end. Undefined where the key is written in a way that a line cannot be changed.
 */
export function setScalar(text: string, key: string, value: string): string | undefined {
  const scalar = formatScalar(value, { flow: true });
  const [top = "", child] = key.split(".");
  const line = new RegExp(`^(["']?)${top}\\1[ \\t]*:.*$`, "m").exec(text);
  if (line === null)
    return append(text, child === undefined ? [`${top}: ${scalar}`] : [`${top}:`, `  ${child}: ${scalar}`]);
  if (child === undefined) return replaceValue(text, line.index, line.index + line[0].length, top, scalar);
  const end = line.index + line[0].length;
  if (/:[ \t]*\{/.test(line[0])) return replaceValue(text, line.index + line[0].indexOf("{"), end, child, scalar);
  return replaceInBlock(text, text[end] === "\r" ? end + 1 : end, child, scalar);
}

/** Replaces the scalar after `key:` between two offsets of one line. */
function replaceValue(text: string, start: number, end: number, key: string, scalar: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s{,])(["']?)${key}\\1[ \\t]*:[ \\t]*`).exec(text.slice(start, end));
  if (found === null) return undefined;
  const at = start + found.index + found[0].length;
  const rest = text.slice(at, end);
  const old = new RegExp(`^${SCALAR}(?=[ \\t]*(?:[,}]|[ \\t]#|\\r?$))`).exec(rest)?.[0];
  if (old !== undefined) return text.slice(0, at) + scalar + text.slice(at + old.length);
  if (!/^\r?$/.test(rest)) return undefined;
  const blank = /[ \t]$/.test(found[0]) ? "" : " ";
  return text.slice(0, at) + blank + scalar + text.slice(at);
}

/** The indented lines below a key, up to the next one that begins at the margin. */
function replaceInBlock(text: string, below: number, key: string, scalar: string): string | undefined {
  const block = /^(?:\n(?:[ \t#][^\n]*|\r?(?=\n|$)))*/.exec(text.slice(below))?.[0] ?? "";
  const line = new RegExp(`\\n[ \\t]+(["']?)${key}\\1[ \\t]*:[^\\n]*`).exec(block);
  if (line === null) return undefined;
  const start = below + line.index + 1;
  return replaceValue(text, start, start + line[0].length - 1, key, scalar);
}

function append(text: string, lines: readonly string[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : eol;
  return text + gap + lines.map((line) => line + eol).join("");
}
