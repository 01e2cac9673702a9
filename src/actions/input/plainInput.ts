import { AyoError } from "../../error.ts";
import { PLAIN_FIELDS, type PlainName, type PlainValues } from "../../ticket/plainFields.ts";
import { FIELDS, type PlainField } from "../../ticket/ticket.ts";
import { optionalText } from "./action.ts";
import { checkDate, checkWord, checkWords } from "./checkInput.ts";

/** The entries of a schema for plain fields, which are all typed as one text. */
export type PlainEntries = { readonly [N in PlainName]: ReturnType<typeof optionalText> };

/** What a schema with these entries reads. */
export type PlainInput = { readonly [N in PlainName]?: string | undefined };

/** What becomes of plain fields; null takes one away. */
export type PlainChanges = { readonly [N in PlainName]?: string | readonly string[] | null };

/** What `create` takes of plain fields. */
export function createEntries(): PlainEntries {
  return entries(({ help }) => help);
}

/** What `update` takes of plain fields. */
export function updateEntries(): PlainEntries {
  return entries(({ help, update }) => update ?? `${help}; '' for none`);
}

function entries(helpOf: (field: PlainField) => string): PlainEntries {
  return Object.fromEntries(
    PLAIN_FIELDS.map((name) => [name, optionalText(helpOf(FIELDS[name].plain))]),
  ) as unknown as PlainEntries;
}

/**
 * The plain fields of a new ticket; `now` is what a duration counts from.
 * @throws bad_input for a value that its field cannot hold
 */
export function plainFields(input: PlainInput, now: number): PlainValues {
  const values = PLAIN_FIELDS.flatMap((name) => {
    const value = input[name] === undefined ? [] : checkField(name, input[name], now);
    return value.length === 0 ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

/**
 * What an update makes of the plain fields: an empty text takes one away, and a list of one is written as a word.
 * @throws bad_input for a value that its field cannot hold
 */
export function plainChanges(input: PlainInput, now: number): PlainChanges {
  return Object.fromEntries(
    PLAIN_FIELDS.flatMap((name) => (input[name] === undefined ? [] : [[name, changeOf(name, input[name], now)]])),
  );
}

function changeOf(name: PlainName, text: string, now: number): string | readonly string[] | null {
  if (FIELDS[name].kind === "list") return wordsOrNone(name, text);
  return text === "" ? null : checkField(name, text, now);
}

/** The words of a list as its line is written: one as a plain value, several as a list, none takes the key away. */
export function wordsOrNone(name: string, text: string): string | readonly string[] | null {
  if (text.trim() === "") return null;
  const found = checkWords(name, [text]);
  return found.length === 1 ? (found[0] as string) : found;
}

/** The value of a plain field. @throws bad_input for one that it cannot hold */
export function checkField(name: PlainName, text: string, now: number): string | readonly string[] {
  const { kind, plain }: { readonly kind: string; readonly plain: PlainField } = FIELDS[name];
  if (plain.oneOf !== undefined && !plain.oneOf.includes(text))
    throw new AyoError("bad_input", `${name} '${text}' is not one of ${plain.oneOf.join(", ")}`, {
      data: { field: name, allowed: plain.oneOf },
    });
  if (kind === "list") return checkWords(name, [text]);
  return kind === "time" ? checkDate(name, text, now) : checkWord(name, text);
}
