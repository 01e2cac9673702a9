import { THESAURUS } from "./thesaurus.ts";
import { stem, tokenize } from "./tokens.ts";

/** A phrase as the stems of its words. */
export type Phrase = readonly string[];

interface Thesaurus {
  /** The groups that a phrase is in, by its stems joined with a space. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  readonly phrases: readonly (readonly Phrase[])[];
  /** Words of the longest phrase. */
  readonly longest: number;
}

let made: Thesaurus | undefined;

/** The thesaurus by stems, made when it is first asked for. */
function thesaurus(): Thesaurus {
  if (made !== undefined) return made;
  const groups = new Map<string, number[]>();
  const phrases: Phrase[][] = [];
  let longest = 1;
  for (const line of THESAURUS.trim().split("\n")) {
    const group = line.split(", ").map(phraseOf);
    for (const phrase of group) {
      const key = phrase.join(" ");
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [phrases.length]);
      else if (known.at(-1) !== phrases.length) known.push(phrases.length);
      longest = Math.max(longest, phrase.length);
    }
    phrases.push(group);
  }
  made = { groups, phrases, longest };
  return made;
}

/** What a phrase is looked up by: `sign-in` and `sign in` are the same two stems. */
function phraseOf(text: string): Phrase {
  return tokenize(text.replaceAll(/[-_/]/g, " ")).map(stem);
}

/** Other phrases for what the stems say, each once, without those that are there already. */
export function synonymsOf(stems: readonly string[]): Phrase[] {
  const { groups, phrases, longest } = thesaurus();
  const found = new Map<string, Phrase>();
  for (let length = Math.min(longest, stems.length); length > 0; length--) {
    for (let at = 0; at + length <= stems.length; at++) {
      for (const group of groups.get(stems.slice(at, at + length).join(" ")) ?? []) {
        for (const phrase of phrases[group] ?? []) found.set(phrase.join(" "), phrase);
      }
    }
  }
  const there = ` ${stems.join(" ")} `;
  return [...found].filter(([key]) => !there.includes(` ${key} `)).map(([, phrase]) => phrase);
}
