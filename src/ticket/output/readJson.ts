/** What is wrong with a JSON, and where: a JSON pointer, "" for the whole. */
export interface JsonFault {
  readonly pointer: string;
  readonly message: string;
}

/** A value as it was read, or what is wrong with its text. */
export type ReadJson = { readonly value: unknown } | { readonly fault: JsonFault };

/** Lists and objects may lie in each other so deep. */
export const MAX_DEPTH = 64;

/**
 * Reads a text that is a JSON, and refuses what would be kept as something else: one of two values under one key, half of
 * a character, a number that no program here can hold.
 */
export function readJson(text: string): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(withoutMark(text));
  } catch (error) {
    return { fault: { pointer: "", message: `is no JSON: ${(error as Error).message}` } };
  }
  const fault = faultInText(text) ?? faultIn(value);
  return fault === undefined ? { value } : { fault };
}

/** A text without the mark that editors on Windows put before it, which is no JSON. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** What of a value cannot be kept as JSON: what JSON has no word for, half of a character, what lies too deep. */
export function faultIn(value: unknown, pointer = "", depth = 0): JsonFault | undefined {
  if (typeof value === "string") return faultOfText(value, pointer);
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : { pointer, message: "is a number that is too large" };
  }
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value !== "object") return { pointer, message: `is ${typeof value}, which JSON does not have` };
  if (depth >= MAX_DEPTH) return { pointer, message: `lies deeper than ${MAX_DEPTH} lists and objects` };
  for (const [key, child] of Object.entries(value)) {
    const below = `${pointer}/${pointerPart(key)}`;
    const fault = faultOfText(key, pointer) ?? faultIn(child, below, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A key as a part of a JSON pointer (RFC 6901). */
export function pointerPart(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function faultOfText(text: string, pointer: string): JsonFault | undefined {
  if (!/\p{Surrogate}/u.test(text)) return undefined;
  return { pointer, message: "has half of a character (a lone surrogate)" };
}

/** The parts of a JSON that say where one is in it. */
export const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]/gsu;

/** What is open at a place of the text. */
interface Open {
  /** The keys so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** The key, or the place in the list, that comes. */
  at: string | number;
}

/** Where in a JSON one is, token by token. */
class Walk {
  readonly #open: Open[] = [];
  #isKey = false;

  /** What is wrong with the next token. */
  take(token: string): JsonFault | undefined {
    if (token === "{" || token === "[") return this.#enter(token === "{");
    if (token === "}" || token === "]") this.#open.pop();
    else if (token === ",") this.#next();
    else if (token.startsWith('"')) return this.#text(token);
    else if (token !== ":" && !isHeld(token)) {
      return this.#fault(`is the number ${token.slice(0, 40)}, which would be kept as another: make it a text`);
    }
    return undefined;
  }

  #enter(isObject: boolean): JsonFault | undefined {
    if (this.#open.length >= MAX_DEPTH) {
      return { pointer: "", message: `lies deeper than ${MAX_DEPTH} lists and objects` };
    }
    this.#open.push(isObject ? { keys: new Set(), at: "" } : { keys: undefined, at: 0 });
    this.#isKey = isObject;
    return undefined;
  }

  #next(): void {
    const top = this.#open.at(-1);
    this.#isKey = top?.keys !== undefined;
    if (typeof top?.at === "number") top.at++;
  }

  #text(token: string): JsonFault | undefined {
    const top = this.#open.at(-1);
    const isKey = this.#isKey;
    this.#isKey = false;
    if (!isKey || top?.keys === undefined) return undefined;
    const key = JSON.parse(token) as string;
    top.at = key;
    if (top.keys.has(key)) return this.#fault("is there twice: only one of both could be kept");
    top.keys.add(key);
    return undefined;
  }

  #fault(message: string): JsonFault {
    return { pointer: this.#open.map(({ at }) => `/${pointerPart(String(at))}`).join(""), message };
  }
}

/** What a parser says nothing of; the text is JSON. */
function faultInText(text: string): JsonFault | undefined {
  const walk = new Walk();
  for (const [token] of text.matchAll(TOKEN)) {
    const fault = walk.take(token);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Whether a whole number stays the one it is. */
function isHeld(token: string): boolean {
  const held = Number(token);
  // What is written for it is read as the same again, whatever its length.
  return !/^-?\d+$/.test(token) || Number.isSafeInteger(held) || String(held) === token;
}
