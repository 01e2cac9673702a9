import { fieldName, keyOf, readField, UNFIT } from "../fields.ts";
import { CLAIM_FIELDS } from "../rules/claim.ts";
import { QUESTION_FIELDS } from "../rules/questions.ts";
import { type FrontMatterParser, readValues } from "../text/parseTicket.ts";
import { asPlainLines } from "../text/plainLines.ts";
import { type Entry, scanFrontMatter } from "../text/scanFrontMatter.ts";
import { frontOf } from "../text/splitDocument.ts";
import { FIELDS, type FieldName } from "../ticket.ts";

/** A key of a front matter with its lines, or a comment or blank line between keys. */
export interface FrontItem {
  readonly field: FieldName | undefined;
  /** What a reader finds: that of its field, where it has one and fits it. */
  readonly value: unknown;
  /** Its lines as they are written. */
  readonly raw: string;
}

/** A front matter by key, spelled as ayo spells it; comments and blank lines are keys that begin with a line break. */
export type Front = ReadonlyMap<string, FrontItem>;

/** A front matter of the base and of both sides. */
export interface Fronts {
  readonly base: Front;
  readonly a: Front;
  readonly b: Front;
}

const CLAIM_KEYS: readonly string[] = CLAIM_FIELDS.map((name) => FIELDS[name].key);

/** Whether a key is a part of a claim, which is merged as one value. */
export function isClaimKey(key: string): boolean {
  return CLAIM_KEYS.includes(key);
}

const QUESTION_KEYS: readonly string[] = QUESTION_FIELDS.map((name) => FIELDS[name].key);

/** Whether a key is a part of a question, which is merged as one value. */
export function isQuestionKey(key: string): boolean {
  return QUESTION_KEYS.includes(key);
}

/** The name under which a key's changes are stamped. */
export function stampKey(key: string): string {
  if (isQuestionKey(key)) return FIELDS.question.key;
  return isClaimKey(key) ? "claim" : key;
}

/**
 * Reads a front matter for merging.
 * @throws NeedsYaml, bad_ticket
 */
export function readFront(source: string, path: string, frontMatter?: FrontMatterParser): Front {
  const values = readValues(source, path, frontMatter);
  const { yaml, entries } = scan(source, path, frontMatter);
  const keys = Object.keys(values);
  const items = new Map<string, FrontItem>();
  let at = 0;
  for (const entry of entries) {
    addGap(items, yaml.slice(at, entry.start));
    const name = fieldName(entry.key);
    const field = name !== undefined && keyOf(name, keys) === entry.key ? name : undefined;
    const value = field === undefined ? values[entry.key] : fieldValue(field, values[entry.key]);
    items.set(field === undefined ? entry.key : FIELDS[field].key, {
      field,
      value,
      raw: yaml.slice(entry.start, entry.end),
    });
    at = entry.end;
  }
  addGap(items, yaml.slice(at));
  return items;
}

/** The keys with their lines; a front matter in a form of its own is first written one key a line. */
function scan(source: string, path: string, frontMatter: FrontMatterParser | undefined) {
  const read = (text: string): { yaml: string; entries: Entry[] | undefined } => {
    const { start, end } = frontOf(text, path);
    const yaml = text.slice(start, end);
    return { yaml, entries: scanFrontMatter(yaml) };
  };
  const { yaml, entries } = read(source);
  if (entries?.every(({ marked }) => !marked)) return { yaml, entries };
  const plain = read(asPlainLines(source, path, frontMatter));
  return { yaml: plain.yaml, entries: plain.entries ?? [] };
}

function fieldValue(field: FieldName, value: unknown): unknown {
  const read = readField(field, value);
  return read === UNFIT ? value : read;
}

function addGap(items: Map<string, FrontItem>, gap: string): void {
  for (const raw of gap.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    let key = `\n${raw.trim()}`;
    while (items.has(key)) key += "\n";
    items.set(key, { field: undefined, value: raw.trim(), raw: raw.endsWith("\n") ? raw : `${raw}\n` });
  }
}
