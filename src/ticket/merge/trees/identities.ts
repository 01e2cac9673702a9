import { compareTime } from "../../time.ts";
import { choose, compareText } from "../sides.ts";
import type { Contents } from "./contents.ts";
import { stableId } from "./stableId.ts";
import { type Content, type Files, folderIn, isTicketFile, nameIn } from "./trees.ts";

/** Where a version has a ticket. */
export interface Place {
  readonly path: string;
  readonly content: Content;
}

/** One ticket in the three versions, whatever it is called in each. */
export interface Identity {
  readonly o?: Place;
  readonly a?: Place;
  readonly b?: Place;
  /** The name of its file in the merge. */
  readonly name: string;
}

/** The three versions of a store's files. */
export interface Versions {
  readonly o: Files;
  readonly a: Files;
  readonly b: Files;
}

type Places = ReadonlyMap<string, Place>;

/**
 * Which files of the versions are one ticket. Files of one name are, unless they were made apart: then the one that was
 * made later gets another name. A ticket that a merge on one side gave another name is found again by its `was`.
 */
export function identitiesOf(versions: Versions, contents: Contents): Identity[] {
  const base = placesOf(versions.o);
  const [a, b] = [versions.a, versions.b].map((files) => known(placesOf(files), base, contents)) as [Places, Places];
  const [left, right] = apart(a, b, base, contents);
  const keys = new Set([...base.keys(), ...left.keys(), ...right.keys()]);
  const found = [...keys].map((key) => identity(base.get(key), left.get(key), right.get(key)));
  return renamed(found, versions, contents);
}

/** Tickets by name; of two files of one name that of the top has it, the other its whole path. */
function placesOf(files: Files): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [path, content] of files) {
    if (!isTicketFile(path)) continue;
    const name = nameIn(path);
    const other = places.get(name);
    if (other === undefined) places.set(name, { path, content });
    else if (folderIn(path) === "") {
      places.set(`/${other.path}`, other);
      places.set(name, { path, content });
    } else places.set(`/${path}`, { path, content });
  }
  return places;
}

/** A side's tickets by what they are called in the base; one that took the name of another has a key of its own. */
function known(side: Places, base: Places, contents: Contents): Places {
  const places = new Map(side);
  for (const [key, place] of side) {
    if (!isRemade(base.get(key), place, contents)) continue;
    places.delete(key);
    places.set(keyOf(key, place, contents), place);
  }
  const gone = [...base].filter(([key]) => !places.has(key));
  const fresh = gone.length === 0 ? [] : [...places].filter(([key]) => !base.has(key));
  for (const [key, name] of movesOf(gone, fresh, contents)) {
    // A copy of what moved is a ticket of its own.
    if (places.has(name)) continue;
    places.set(name, places.get(key) as Place);
    places.delete(key);
  }
  return places;
}

type Entries = readonly (readonly [key: string, place: Place])[];

/** New files that are tickets of the base: they say what they were called, or were made when a gone one of that title was. */
function movesOf(gone: Entries, fresh: Entries, contents: Contents): Map<string, string> {
  const moves = new Map<string, string>();
  if (fresh.length === 0) return moves;
  const [old, made] = [gone, fresh].map((entries) => byMaking(entries, contents)) as [Making, Making];
  const births = new Map(gone.map(([key, { content }]) => [key, contents.facts(content)?.birth] as const));
  for (const [making, keys] of made) {
    const same = old.get(making) ?? [];
    if (same.length === 1 && keys.length === 1) moves.set(keys[0] as string, same[0] as string);
  }
  for (const [key, { content }] of fresh) {
    const facts = contents.facts(content);
    if (facts?.was !== undefined && births.get(facts.was) === facts.birth) moves.set(key, facts.was);
  }
  return moves;
}

/** Keys of tickets by when they were made, and how they are called. */
type Making = ReadonlyMap<string, readonly string[]>;

function byMaking(entries: Entries, contents: Contents): Making {
  const keys = new Map<string, string[]>();
  for (const [key, { content }] of entries) {
    const facts = contents.facts(content);
    if (facts === undefined || facts.birth.startsWith("title ")) continue;
    const making = `${facts.birth}\n${facts.title}`;
    keys.set(making, [...(keys.get(making) ?? []), key]);
  }
  return keys;
}

function isOther(before: Place | undefined, now: Place | undefined, contents: Contents): boolean {
  if (before === undefined || now === undefined || contents.isSame(before.content, now.content)) return false;
  const [old, fresh] = [contents.facts(before.content), contents.facts(now.content)];
  return old !== undefined && fresh !== undefined && old.birth !== fresh.birth;
}

/** Whether a file of the base's name is another ticket: a title that changed says nothing where nobody wrote when it was made. */
function isRemade(before: Place | undefined, now: Place, contents: Contents): boolean {
  if (!isOther(before, now, contents)) return false;
  return [before, now].every((place) => place && contents.facts(place.content)?.birth.startsWith("title ") === false);
}

function keyOf(key: string, { content }: Place, contents: Contents): string {
  return `${key}\n${contents.facts(content)?.birth}`;
}

/** Two tickets that were made on two sides under one name are two. */
function apart(a: Places, b: Places, base: Places, contents: Contents): [Places, Places] {
  const twins = [...a].filter(([key, place]) => !base.has(key) && isOther(b.get(key), place, contents));
  if (twins.length === 0) return [a, b];
  const [left, right] = [new Map(a), new Map(b)];
  for (const [key] of twins) {
    for (const places of [left, right]) {
      const place = places.get(key) as Place;
      places.delete(key);
      places.set(keyOf(key, place, contents), place);
    }
  }
  return [left, right];
}

function identity(o: Place | undefined, a: Place | undefined, b: Place | undefined): Identity {
  const [before, left, right] = [o, a, b].map((place) => place && nameIn(place.path));
  const choice = choose(before, left ?? before, right ?? before);
  const name = choice === "clash" ? [left, right].sort()[0] : choice === "b" ? right : left;
  return {
    ...(o === undefined ? {} : { o }),
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
    name: name ?? left ?? right ?? before ?? "",
  };
}

/** Of several that want one name the one that was made first has it. */
function renamed(all: readonly Identity[], { o, a, b }: Versions, contents: Contents): Identity[] {
  const alive = new Map<string, Identity[]>();
  for (const one of all) {
    if (!isGone(one, contents)) alive.set(one.name, [...(alive.get(one.name) ?? []), one]);
  }
  const twins = [...alive.values()].filter((same) => same.length > 1);
  if (twins.length === 0) return [...all];
  const taken = new Set([o, a, b].flatMap((files) => [...files.keys()].filter(isTicketFile).map(nameIn)));
  const names = new Map<Identity, string>();
  for (const same of twins) {
    const [, ...later] = same.toSorted((one, other) => compareBirths(one, other, contents));
    for (const one of later) {
      const name = stableId(one.name, factsOf(one, contents)?.birth ?? "", (id) => taken.has(id));
      taken.add(name);
      names.set(one, name);
    }
  }
  return all.map((one) => ({ ...one, name: names.get(one) ?? one.name }));
}

/** Whether a side took a ticket away that the other left as it was. */
export function isGone({ o, a, b }: Identity, contents: Contents): boolean {
  const left = a ?? b;
  if (left === undefined) return true;
  if (o === undefined || (a !== undefined && b !== undefined)) return false;
  return left.path === o.path && contents.isSame(left.content, o.content);
}

function factsOf({ a, b }: Identity, contents: Contents) {
  return contents.facts((a ?? b)?.content);
}

function compareBirths(one: Identity, other: Identity, contents: Contents): number {
  const [left, right] = [one, other].map((each) => factsOf(each, contents));
  const byTime = compareTime(left?.created ?? "", right?.created ?? "");
  return byTime || compareText(left?.birth ?? "", right?.birth ?? "");
}
