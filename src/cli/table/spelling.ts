import { FIELDS } from "../../ticket/ticket.ts";
import type { Command, Flag } from "./command.ts";

type Table = Readonly<Record<string, Flag>>;

/** No argument can hold a NUL, so it can stand before what only looks like a flag: "- a list", -tag:ui, and - for stdin. */
const SHIELD = "\0";

/** `externalRef` as it is typed: `external-ref`; one letter stays. */
export function kebab(name: string): string {
  return name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `--title`, or `-p` for a single letter. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** The flag that is typed so, without its dashes, by its name in the table. */
export function flagNamed(bare: string, table: Table): string | undefined {
  return Object.keys(table).find((name) => kebab(name) === bare || table[name]?.alias?.includes(bare));
}

/**
 * The words of a line as the parser takes them: values that are attached to a letter stand apart (`-tbug`, `-p1`), what
 * only looks like a flag is shielded, and gh's `--json id,title` is `--json --fields id,title`.
 */
export function spelled(rest: readonly string[], command: Command, table: Table): string[] {
  const end = rest.indexOf("--");
  const words: string[] = [];
  const hasTexts = command.positionals.some(({ complete }) => complete !== "id");
  let isValue = false;
  for (const word of end < 0 ? rest : rest.slice(0, end)) {
    const parts: readonly string[] = isValue ? [valueWord(word)] : wordParts(word, command, table, hasTexts);
    const last: string = parts.at(-1) ?? "";
    const flag = flagNamed(last.replace(/^--?/, ""), table);
    isValue = !isValue && /^-[^\0]/.test(last) && flag !== undefined && table[flag]?.type !== "boolean";
    if (words.at(-1) === "--json" && isFields(word, command)) words.push("--fields");
    words.push(...parts);
  }
  return end < 0 ? words : [...words, ...rest.slice(end)];
}

/** A value may begin with a minus where it can be no flag: a number, a text of several words, a filter. */
function valueWord(word: string): string {
  return /^-(?:\d|$)/.test(word) || isText(word) ? SHIELD + word : word;
}

function wordParts(word: string, command: Command, table: Table, hasTexts: boolean): string[] {
  const fields = word.startsWith("--json=") ? word.slice("--json=".length) : "";
  if (isFields(fields, command)) return ["--json", "--fields", fields];
  const apart = letterParts(word, table);
  const mayBeFilter = command.positionals.some(({ name }) => name.startsWith("filter") || name.startsWith("query"));
  const isAttached = apart.at(-1)?.startsWith(SHIELD) === true && !(mayBeFilter && isFilter(word));
  if (word === "-" || (hasTexts && !isAttached && isText(word))) return [SHIELD + word];
  return apart;
}

/** `-qtbug` as `-q -t bug`: letters up to the first that takes a value, which is the rest, whatever is in it. */
function letterParts(word: string, table: Table): string[] {
  const parts: string[] = [];
  for (let left = word; ; ) {
    // No value begins with a blank: "-a good idea" is a text.
    const [, letter = "", value = ""] = /^-([A-Za-z])(\S.*)$/s.exec(left) ?? [];
    const name = letter === "" ? undefined : flagNamed(letter, table);
    if (name === undefined) return [...parts, left];
    parts.push(`-${letter}`);
    if (table[name]?.type !== "boolean") return [...parts, SHIELD + value.replace(/^=/, "")];
    left = `-${value}`;
  }
}

/** "- a list", "-5 degrees", and the filter -tag:ui. */
function isText(word: string): boolean {
  const isLine = /^-.*\s/s.test(word) && !/^--?[\w-]+=/.test(word);
  return isLine || isFilter(word);
}

function isFilter(word: string): boolean {
  return /^-[a-z]{2,}(?:-[a-z]+)*:\S/.test(word);
}

/** What stands after `--json` and names fields: several always, one where it can be no text that must be there. */
function isFields(word: string, { positionals }: Command): boolean {
  if (/^[a-z]\w*(?:,[a-z]\w*)+$/i.test(word)) return true;
  const [first] = positionals;
  return !(first?.required && first.many) && (word === "title" || Object.hasOwn(FIELDS, word));
}

/** What the parser read, as it was typed. */
export function unshield(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshield);
  return typeof value === "string" && value.startsWith(SHIELD) ? value.slice(1) : value;
}
