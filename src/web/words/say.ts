import { en } from "./en.ts";
import { writeAs } from "./forms.ts";

/** All that the page says of its own; each language has a file of this shape. */
export type Words = typeof en;

/** The words of the language that is spoken; to be asked for when something is drawn, not before. */
export let say: Words = en;

/** A language that the page speaks: what it calls itself, and its words, which come when it is chosen. */
interface Language {
  readonly name: string;
  readonly words: () => Promise<Words>;
}

/** The languages, by the subtags that browsers name them by. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  en: { name: "English", words: async () => en },
  de: { name: "Deutsch", words: () => import("./de.ts").then(({ de }) => de) },
};

/**
 * Speaks the first of these languages that there is, English where none is or its words cannot be had; numbers and times
 * follow the reader's own way of writing it. The answer is the language.
 */
export async function speak(wanted: readonly string[], written: readonly string[] = wanted): Promise<string> {
  const known = wanted.map(languageOf).find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
  const words = await LANGUAGES[known]?.words().catch(() => undefined);
  const language = words === undefined ? "en" : known;
  say = words ?? en;
  writeAs(written.find((tag) => languageOf(tag) === language) ?? language);
  return language;
}

/** The word for what a store or the server named; the name itself where there is none. */
export function wordFor(name: string, words: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}

/** `de` of `de-AT`. */
function languageOf(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}
