import { AyoError } from "../../error.ts";

/** What paths of templates lead into. */
export type Values = Readonly<Record<string, unknown>>;

const PLACE = /\{\{([^{}]*)\}\}/g;
const PATH = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
/** A text that is nothing but one path. */
const WHOLE = /^\s*\{\{([^{}]*)\}\}\s*$/;
/** What a value may make of a text. */
const MAX_TEXT = 64 * 1024;

/** The paths that a text has in `{{…}}`. */
export function pathsIn(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, path = ""]) => path.trim());
}

/** What is wrong with a text's `{{…}}`, as a sentence; undefined where nothing is. */
export function templateFault(text: string): string | undefined {
  const odd = pathsIn(text).find((path) => !PATH.test(path));
  if (odd !== undefined) return `'{{${odd}}}' is no path: words with dots between them, such as {{ticket.title}}`;
  const rest = text.replaceAll(PLACE, "");
  return /\{\{|\}\}/.test(rest) ? "'{{' and '}}' do not match" : undefined;
}

/** The path that a text is, where it is nothing else. */
export function wholePath(text: string): string | undefined {
  return WHOLE.exec(text)?.[1]?.trim();
}

/**
 * What lies at a path; only what the values themselves have.
 * @throws bad_input where nothing does
 */
export function valueAt(values: Values, path: string): unknown {
  let value: unknown = values;
  for (const key of path.split(".")) {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    if (!isThere) throw new AyoError("bad_input", `nothing is at {{${path}}}`, { data: { path } });
    value = (value as Values)[key];
    if (value instanceof Missing) throw new AyoError("bad_input", value.why, { data: { path } });
  }
  return value;
}

/** Stands where a value would, with why it is not there. */
export class Missing {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** A text with the values in the places of their paths: what is no text becomes one. @throws bad_input */
export function fillText(text: string, values: Values): string {
  const filled = text.replaceAll(PLACE, (_, path: string) => asText(valueAt(values, path.trim())));
  if (filled.length <= MAX_TEXT) return filled;
  throw new AyoError("bad_input", `the values make a text of more than ${MAX_TEXT / 1024} KiB`);
}

/** The texts of a list: one that is a path alone may be a list itself. @throws bad_input */
export function fillList(texts: readonly string[], values: Values): string[] {
  return texts.flatMap((text) => {
    const path = wholePath(text);
    const value = path === undefined ? undefined : valueAt(values, path);
    return Array.isArray(value) ? value.map(asText) : [fillText(text, values)];
  });
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  const isFlat = Array.isArray(value) && value.every((one) => typeof one !== "object" || one === null);
  return isFlat ? (value as unknown[]).map(asText).join(", ") : JSON.stringify(value);
}
