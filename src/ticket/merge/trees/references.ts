import { parseFrontMatter } from "../../text/frontMatter.ts";
import type { FieldChanges } from "../../text/patchTicket.ts";
import { patchSurely } from "../patchSurely.ts";
import type { Contents, Facts } from "./contents.ts";
import type { Identity, Place } from "./identities.ts";
import { nameIn } from "./trees.ts";

/** New names of tickets by those that a side knows them by. */
type Names = ReadonlyMap<string, string>;

/** The tickets with references that a side made to one which has another name now in that name. */
export function withNewNames(all: readonly Identity[], contents: Contents): Identity[] {
  const [a, b] = (["a", "b"] as const).map((side) => namesOf(all, side)) as [Names, Names];
  if (a.size === 0 && b.size === 0) return [...all];
  return all.map((one) => ({
    ...one,
    ...(one.a === undefined ? {} : { a: rewritten(one.a, one.o, a, contents) }),
    ...(one.b === undefined ? {} : { b: rewritten(one.b, one.o, b, contents) }),
  }));
}

function namesOf(all: readonly Identity[], side: "a" | "b"): Names {
  const names = new Map<string, string>();
  for (const one of all) {
    const name = one[side] === undefined ? undefined : nameIn((one[side] as Place).path);
    if (name !== undefined && name !== one.name) names.set(name, one.name);
  }
  return names;
}

function rewritten(place: Place, before: Place | undefined, names: Names, contents: Contents): Place {
  if (names.size === 0 || contents.isSame(place.content, before?.content)) return place;
  const [facts, old] = [contents.facts(place.content), contents.facts(before?.content)];
  const text = contents.text(place.content);
  if (facts === undefined || text === undefined) return place;
  const changes = changesFor(facts, old, names);
  if (Object.keys(changes).length === 0) return place;
  const content = { mode: place.content.mode, text: patchSurely(text, changes, place.path, parseFrontMatter) };
  return { path: place.path, content };
}

function changesFor(facts: Facts, old: Facts | undefined, names: Names): FieldChanges {
  const changes: Record<string, string | string[]> = {};
  for (const key of ["deps", "links"] as const) {
    const list = facts[key].map((id) => (old?.[key].includes(id) ? id : (names.get(id) ?? id)));
    if (list.some((id, at) => id !== facts[key][at])) changes[key] = [...new Set(list)];
  }
  for (const key of ["parent", "duplicateOf"] as const) {
    const id = facts[key];
    const name = id === undefined || id === old?.[key] ? undefined : names.get(id);
    if (name !== undefined) changes[key] = name;
  }
  return changes;
}
