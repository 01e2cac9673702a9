import { stemmer } from "stemmer";

/** Words that say nothing about what a ticket is about. */
const STOP = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
   can cannot could did do does doing done down during each else ever every few for from further get gets had has have
   having he her here hers him his how i if in into is isn it its itself just ll made make makes many may me might more
   most much must my no nor not of off on once only onto or other our out over own per please re same shall she should
   since so some still such t than that the their them then there these they this those through to too under until up
   us use used uses using ve very via was we were what when where which while who whom why will with within without
   would yet you your s d`.split(/\s+/),
);

/** A run of letters, digits and what joins them in code: `auth/login.ts`, `ERR_42`, `getUserById`, `c++`. */
const RUN = /[\p{L}\p{N}_]+(?:[./:@'’-][\p{L}\p{N}_]+)*(?:\+\+|#)?|\p{Extended_Pictographic}/gu;
/** Parts of a run: a camel hump, an acronym before one, a number, a word. */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{N}+/gu;
/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2,}/gu;
const PLAIN = /^[a-z]+$|^[A-Z]?[a-z]+$/;
/** Longer runs are data, not words, but for the words of a path or of a long name. */
const MAX_RUN = 64;
const MAX_PATH = 400;
const JOINT = /[./:@'’_-]+/;
/** `LineChartWidget`, `v2`: what somebody named. */
const NAMED = /^\p{L}?\p{Ll}{2,}(?:\p{Lu}\p{Ll}+)*\d{0,3}$/u;
/** Numbers that points join. */
const NUMBERS = /(?<![\d.])\d+(?:\.\d+)+/g;
const VERSION = /^v?\d+(?:\.\d+)+$/i;

/**
 * The words of a text in order, lower-cased, without accents. What code joins is there whole and in parts:
 * `getUserById` gives `getuserbyid get user by id`, and `v2.3.1` the versions that it is one of: `v2.3.1 2.3 2.3.1`. Unspaced
 * scripts give pairs of characters.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [run] of withoutAccents(text).matchAll(RUN)) {
    if (PLAIN.test(run)) tokens.push(run.toLowerCase());
    else if (run.length <= MAX_RUN || run.search(UNSPACED) >= 0) addRun(run, tokens);
    else if (run.length <= MAX_PATH) addNames(run, tokens);
  }
  return tokens;
}

/** Lower case, without accents: what words are compared by. */
export function fold(text: string): string {
  return withoutAccents(text).toLowerCase();
}

/** Whether a word is too common to search for. */
export function isStopWord(word: string): boolean {
  return STOP.has(word);
}

/** What a word of letters begins with as its stem does, if that has two letters: the second is `i` where it was `y`. */
export function stemStart(word: string): string {
  return word[1] === "y" ? `${word[0]}i` : word.slice(0, 2);
}

const stems = new Map<string, string>();

/** The stem that a word is indexed under: English words only, others stay as they are. */
export function stem(word: string): string {
  let found = stems.get(word);
  if (found === undefined) {
    found = /^[a-z]{3,}$/.test(word) ? stemmer(word) : word;
    if (stems.size > 200_000) stems.clear();
    stems.set(word, found);
  }
  return found;
}

function withoutAccents(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test is for ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").normalize("NFC").replaceAll("ß", "ss");
}

function addRun(run: string, tokens: string[]): void {
  const unspaced = run.match(UNSPACED);
  if (unspaced !== null) for (const part of unspaced) addPairs(part, tokens);
  const rest = unspaced === null ? run : run.replaceAll(UNSPACED, " ").trim();
  if (rest === "") return;
  const word = rest.replace(/['’]s$/i, "");
  const whole = word.toLowerCase();
  tokens.push(whole);
  const parts = VERSION.test(word) ? [] : (word.match(PART) ?? []);
  if (parts.length > 1) for (const part of parts) if (part.length > 1) tokens.push(part.toLowerCase());
  if (word.includes(".")) addVersions(whole, tokens);
}

/** `node@20.11.0` is of version 20.11 too. */
function addVersions(word: string, tokens: string[]): void {
  for (const [numbers] of word.matchAll(NUMBERS)) {
    const parts = numbers.split(".");
    for (let count = 2; count <= parts.length; count++) {
      const version = parts.slice(0, count).join(".");
      if (version !== word) tokens.push(version);
    }
  }
}

/** The names in a long path. */
function addNames(run: string, tokens: string[]): void {
  for (const part of run.split(JOINT)) if (NAMED.test(part)) addRun(part, tokens);
}

function addPairs(text: string, tokens: string[]): void {
  const characters = [...text];
  for (let at = 0; at + 1 < characters.length; at++) tokens.push(`${characters[at]}${characters[at + 1]}`);
}
