import { readFields } from "../fields.ts";
import type { Values } from "../jsonValues.ts";
import type { Ticket } from "../ticket.ts";
import { assertSettled } from "./conflictMarkers.ts";
import { countCriteria } from "./criteria.ts";
import type { parseFrontMatter } from "./frontMatter.ts";
import { readPlainFrontMatter } from "./plainFrontMatter.ts";
import { frontOf, splitDocument } from "./splitDocument.ts";
import { titleOf } from "./title.ts";

/** The YAML parser, handed in by those who have loaded it: importing it costs a third of a short command. */
export type FrontMatterParser = typeof parseFrontMatter;

/** Thrown where the plain reader gives up and no parser was handed in: load frontMatter.ts and call again. */
export class NeedsYaml extends Error {
  override readonly name = "NeedsYaml";
}

/**
 * Reads a ticket file; `path` is from the store's directory and `version` the blob id of the file's bytes.
 * @throws NeedsYaml without `frontMatter` for anything but plain `key: value` lines; bad_ticket with path and line,
 * also for a merge conflict that is not settled
 */
export function parseTicket(source: string, path: string, version: string, frontMatter?: FrontMatterParser): Ticket {
  assertSettled(source, path);
  const { fields, extra } = readFields(readValues(source, path, frontMatter));
  const name = fileName(path);
  const body = readBody(source);
  const heading = titleOf(body);
  const { title: key, ...rest } = extra;
  const isTitle = heading === undefined && key !== undefined && key !== null && typeof key !== "object";
  return {
    id: fields.id ?? name,
    path,
    version,
    title: heading ?? (isTitle ? String(key) : name),
    status: fields.status ?? "",
    fields,
    extra: isTitle ? rest : extra,
    criteria: countCriteria(body),
  };
}

/** The text after the front matter, as it is in the file. */
export function readBody(source: string): string {
  return source.slice(splitDocument(source).body);
}

/**
 * The front matter's values as text, lists and objects, by the plain reader where that is enough.
 * @throws NeedsYaml, bad_ticket
 */
export function readValues(source: string, path: string, frontMatter?: FrontMatterParser): Values {
  const { start, end } = frontOf(source, path);
  const yaml = source.slice(start, end);
  const plain = readPlainFrontMatter(yaml);
  if (plain !== undefined) return plain;
  if (frontMatter === undefined) throw new NeedsYaml(`${path} needs the YAML parser`);
  return frontMatter(yaml, { path, firstLine: 2 });
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/i, "");
}
