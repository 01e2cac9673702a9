import { en } from "./en.ts";
import { writeAs } from "./forms.ts";
import type { en as laterEn } from "./later/en.ts";

/** What the page says of its own at first; each language has a file of this shape. */
export type FirstWords = typeof en;
/** And what it says in views that come later. */
export type LaterWords = typeof laterEn;

/**
 * The words of the language that is spoken; to be asked for when something is drawn, not before: those of a view that
 * comes later come with it ({@link withWords}).
 */
export let say: FirstWords & LaterWords = en as FirstWords & LaterWords;

/** A language that the page speaks: what it calls itself, and its words, which come when it is chosen. */
interface Language {
  readonly name: string;
  readonly words: () => Promise<FirstWords>;
  readonly later: () => Promise<LaterWords>;
}

/** The languages, by the subtags that browsers name them by. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  en: { name: "English", words: async () => en, later: () => import("./later/en.ts").then((module) => module.en) },
  de: {
    name: "Deutsch",
    words: () => import("./de.ts").then(({ de }) => de),
    later: () => import("./later/de.ts").then(({ de }) => de),
  },
};

/** What is spoken. */
let spoken = "en";
/** Whether something was wanted that comes later: another language has its words at once, then. */
let isMoreWanted = false;

/** What comes later, once its words are there too. */
export async function withWords<T>(coming: Promise<T>): Promise<T> {
  isMoreWanted = true;
  const [come] = await Promise.all([coming, sayMore()]);
  return come;
}

async function sayMore(): Promise<void> {
  const language = spoken;
  const more = await LANGUAGES[language]?.later();
  if (language !== spoken) return sayMore();
  say = { ...say, ...more };
}

/**
 * Speaks the first of these languages that there is, English where none is or its words cannot be had; numbers and times
 * follow the reader's own way of writing it. The answer is the language.
 */
export async function speak(wanted: readonly string[], written: readonly string[] = wanted): Promise<string> {
  const known = wanted.map(languageOf).find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
  const words = await wordsOf(known).catch(() => undefined);
  const language = words === undefined ? "en" : known;
  spoken = language;
  say = words ?? ((await wordsOf("en").catch(() => en)) as typeof say);
  writeAs(written.find((tag) => languageOf(tag) === language) ?? language);
  return language;
}

async function wordsOf(language: string): Promise<typeof say> {
  const known = LANGUAGES[language];
  const [first, later] = await Promise.all([known?.words(), isMoreWanted ? known?.later() : undefined]);
  return { ...(first as FirstWords), ...(later as LaterWords) };
}

/** The word for what a store or the server named; the name itself where there is none. */
export function wordFor(name: string, words: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}

/** `de` of `de-AT`. */
function languageOf(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}
