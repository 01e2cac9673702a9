import { stampKey } from "./frontItems.ts";
import { readParts } from "./readParts.ts";
import { compareStamps, type MergeContext, type Stamp, type Stamps } from "./sides.ts";

/** A ticket's file after a commit, and who changed what of it since the base. */
export interface Stamped {
  /** Undefined where the ticket was not there. */
  readonly text: string | undefined;
  readonly stamps: Stamps;
}

type Reading = Pick<MergeContext, "path" | "frontMatter" | "parts">;

/**
 * Who changed which field since the base, after one more commit: what that commit changed is its author's; a merge
 * takes over who wrote the value that stayed, and is itself the author of nothing that a parent has.
 * @throws NeedsYaml without a parser that is needed
 */
export function stampsAfter(parents: readonly Stamped[], text: string, own: Stamp, reading: Reading): Stamps {
  const values = valuesOf(text, reading);
  const before = parents.map((parent) => ({ values: valuesOf(parent.text, reading), stamps: parent.stamps }));
  const fields = [values, ...before.map((parent) => parent.values)].flatMap((known) => [...known.keys()]);
  const stamps: Record<string, Stamp> = {};
  for (const field of new Set([...fields, ...before.flatMap((parent) => Object.keys(parent.stamps))])) {
    const same = before.filter((parent) => parent.values.get(field) === values.get(field));
    const from = same.length > 0 ? same : before.filter(() => parents.length > 1);
    const known = from.flatMap((parent) => parent.stamps[field] ?? []).sort(compareStamps);
    const stamp = known.at(-1) ?? (same.length > 0 ? undefined : own);
    if (stamp !== undefined) stamps[field] = stamp;
  }
  return stamps;
}

/** What a file says, by the names that stamps have. */
function valuesOf(text: string | undefined, reading: Reading): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const read = text === undefined || reading.parts === undefined ? readParts(text, reading) : reading.parts(text);
  if (read === undefined) return text === undefined ? values : values.set("file", text);
  for (const [key, { value }] of read.front) {
    const name = stampKey(key);
    values.set(name, `${values.get(name) ?? ""}${key} ${JSON.stringify(value)}\n`);
  }
  const { title, text: lines, parts } = read.body;
  values.set("title", title ?? "");
  values.set("description", lines.join("\n"));
  for (const { name, lines } of parts.values()) {
    values.set(name, `${values.get(name) ?? ""}${lines.map(({ raw }) => raw).join("\n")}\n`);
  }
  return values;
}
