import path from "node:path";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { formsOf, type Mention, newMentions } from "../../ticket/mentions.ts";
import { nearest } from "../../ticket/nearest.ts";
import { foldName } from "../../ticket/text/mentionsIn.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import { actorsEver, knownNames, THE_PERSON } from "../query/knownNames.ts";

/** More unknown names than this are counted only. */
const MAX_TOLD = 5;

/**
 * What to say of names that a change mentions and nobody bears: of a slip of the pen nobody would hear. It is no reason to
 * refuse what was said: who is meant may come later.
 */
export async function unknownMentions(store: Store, draft: Draft): Promise<string[]> {
  const tickets = [...draft.files].filter(([file]) => file.endsWith(".md"));
  const texts = tickets.flatMap(([file, text]) => (text === null ? [] : [{ file, text }]));
  const names = new Map<string, string>();
  for (const { file, text } of texts)
    for (const name of mentioned(draft, file, text).flatMap((one) => one.names)) names.set(foldName(name), name);
  if (names.size === 0) return [];
  const authors = () => texts.flatMap(({ text }) => parseNotes(text).flatMap(({ by }) => by ?? []));
  return unknownNames(store, draft, [...names.values()], authors);
}

/** What to say of those of these names that nobody bears; `others` are known too. */
export async function unknownNames(
  store: Store,
  draft: Draft,
  names: readonly string[],
  others: () => readonly string[] = () => [],
): Promise<string[]> {
  const known: Forms = new Map();
  const isUnknown = (name: string): boolean => !formsOf(name).some((form) => known.has(foldName(form)));
  addForms(known, [THE_PERSON, draft.actor.name]);
  // Of thousands of tickets as few are looked at as it takes.
  for (const name of knownNames(store, draft.view)) {
    if (!names.some(isUnknown)) return [];
    addForms(known, [name]);
  }
  if (!names.some(isUnknown)) return [];
  // Whoever wrote anything is known too: a person by his commits, others by notes that were imported.
  addForms(known, [...(await actorsEver(store)), ...others()]);
  const unknown = names.filter(isUnknown);
  const told = unknown.slice(0, MAX_TOLD).map((name) => sentence(name, nearForms(known, name)));
  const more = unknown.length - told.length;
  return more > 0 ? [...told, `${more} more such names are not known here`] : told;
}

function sentence(name: string, near: readonly string[]): string {
  const guess = near.length === 0 ? "" : `: did you mean ${near.join(" or ")}?`;
  return `nobody is known here as ${name}${guess}`;
}

/** The mentions that a file of the draft has and had not; a ticket that leaves the archive has another file. */
function mentioned({ files, before, bases }: Draft, file: string, text: string): readonly Mention[] {
  const name = path.posix.basename(file);
  const left = [...files].find(([other, now]) => now === null && path.posix.basename(other) === name)?.[0];
  const oid = before.get(file) ?? (left === undefined ? null : before.get(left));
  const base = typeof oid === "string" ? bases.get(oid)?.toString("utf8") : "";
  return base === undefined ? [] : newMentions(base, text);
}

/** The words by which names are mentioned, as they are compared and as they are shown. */
type Forms = Map<string, string>;

function addForms(forms: Forms, names: Iterable<string>): void {
  for (const form of [...names].flatMap(formsOf)) {
    const key = foldName(form);
    if (!forms.has(key)) forms.set(key, form);
  }
}

function nearForms(forms: Forms, name: string): string[] {
  return nearest(foldName(name), [...forms.keys()]).map((key) => forms.get(key) as string);
}
