import { formatKey, formatList, formatScalar } from "./formatScalar.ts";
import { type FrontMatterParser, readValues } from "./parseTicket.ts";
import { frontOf, splitDocument } from "./splitDocument.ts";

/**
 * A ticket's text with its front matter written anew, one `key: value` a line, where it is in a form that
 * {@link patchFields} leaves to people (a flow mapping, `? key`, anchors); the text below keeps its bytes.
 * @throws NeedsYaml as parseTicket does; bad_ticket
 */
export function asPlainLines(source: string, path: string, frontMatter?: FrontMatterParser): string {
  const values = readValues(source, path, frontMatter);
  const { start, end } = frontOf(source, path);
  const { eol } = splitDocument(source);
  const lines = Object.entries(values).map(([key, value]) => `${formatKey(key)}: ${plain(value)}${eol}`);
  return source.slice(0, start) + lines.join("") + source.slice(end);
}

/** Every scalar is read as the text it is; what is no list of texts is JSON, which is YAML too. */
function plain(value: unknown): string {
  if (typeof value === "string") return isWord(value) ? value : formatScalar(value, { time: true });
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return formatList(value);
  return JSON.stringify(value) ?? "";
}

/** What needs no quotes to be the same for other readers: a number, a boolean. */
function isWord(value: string): boolean {
  return /^(?:true|false|-?(?:0|[1-9]\d{0,14}))$/.test(value);
}
