/** Something that a person did at the terminal. */
export type Input =
  | {
      readonly kind: "key";
      /** `j`, `J`, `enter`, `up`, `ctrl+d`, `alt+up`, `shift+tab`, `f1`, `space`. */
      readonly key: string;
    }
  | { readonly kind: "paste"; readonly text: string }
  | {
      readonly kind: "mouse";
      readonly what: "press" | "release" | "drag" | "up" | "down";
      readonly x: number;
      readonly y: number;
      readonly button: number;
    }
  /** The window has got or lost the keyboard. */
  | { readonly kind: "focus"; readonly has: boolean };

const ESCAPE = "\u001b";
const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";
/** A paste that is longer is cut: it is a mistake, not a text. */
const MOST_PASTED = 1024 * 1024;

const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "shift+tab",
};
const NUMBERS: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};
const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "ctrl+j",
  "\t": "tab",
  "\u007f": "backspace",
  "\b": "backspace",
  " ": "space",
  "\u0000": "ctrl+space",
  [ESCAPE]: "escape",
};

/** Takes apart what a terminal sends, in whatever pieces it comes. */
export interface Decoder {
  /** What these bytes say, as far as it is whole. */
  take(text: string): Input[];
  /** Whether what came last may be the beginning of more: an escape key, or of a sequence. */
  isWaiting(): boolean;
  /** What waits is all there is. */
  flush(): Input[];
}

/** A decoder that has seen nothing yet. */
export function decoder(): Decoder {
  let rest = "";
  let isPasting = false;
  const paste = (isAll: boolean): Input | "more" => {
    const end = rest.indexOf(PASTE_END);
    if (end < 0 && !isAll) return "more";
    const text = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? "" : rest.slice(end + PASTE_END.length);
    isPasting = false;
    return { kind: "paste", text: text.slice(0, MOST_PASTED).replaceAll(/\r\n?/g, "\n") };
  };
  const next = (isAll: boolean): Input | "more" | undefined => {
    if (isPasting) return paste(isAll);
    const token = tokenOf(rest, isAll);
    if (token === undefined) return "more";
    rest = rest.slice(token.length);
    isPasting = token === PASTE_BEGIN;
    return isPasting ? undefined : inputOf(token);
  };
  const drain = (isAll: boolean): Input[] => {
    const found: Input[] = [];
    while (rest !== "" || (isPasting && isAll)) {
      const one = next(isAll);
      if (one === "more") break;
      if (one !== undefined) found.push(one);
    }
    return found;
  };
  return {
    take: (text) => {
      rest += text;
      return drain(false);
    },
    isWaiting: () => rest !== "" && !isPasting,
    flush: () => drain(true),
  };
}

/** The Linux console sends `[[A` for its first keys; answers of a terminal may be texts. */
const SEQUENCE = new RegExp(
  `^${ESCAPE}(?:\\[\\[[A-E]|\\[[<=>?]?[0-9;:]*[ -/]*[@-Z\\\\-~]|O[^${ESCAPE}]|[\\]P_^][^${ESCAPE}\u0007]*(?:\u0007|${ESCAPE}\\\\))`,
);
const BEGINNING = new RegExp(
  `^${ESCAPE}(?:\\[\\[?|\\[[<=>?]?[0-9;:]*[ -/]*|O|[\\]P_^][^${ESCAPE}\u0007]*${ESCAPE}?)?$`,
);

/** The first key, or sequence, in what came; undefined where more is needed to tell. */
function tokenOf(text: string, isAll: boolean): string | undefined {
  if (!text.startsWith(ESCAPE)) return String.fromCodePoint(text.codePointAt(0) ?? 0);
  const whole = SEQUENCE.exec(text)?.[0];
  if (whole !== undefined) return whole;
  if (BEGINNING.test(text)) return isAll ? text : undefined;
  // Alt sends an escape first; of two escapes the first is the key.
  if (text[1] === ESCAPE || text[1] === "[") return ESCAPE;
  return ESCAPE + String.fromCodePoint(text.codePointAt(1) ?? 0);
}

function inputOf(token: string): Input | undefined {
  if (!token.startsWith(ESCAPE) || token.length === 1) return { kind: "key", key: keyOf(token) };
  if (token === "\u001b[I" || token === "\u001b[O") return { kind: "focus", has: token.endsWith("I") };
  const mouse = /^.\[<(\d+);(\d+);(\d+)([Mm])$/s.exec(token);
  if (mouse !== null) return mouseOf(mouse.slice(1, 5));
  const sequence = /^.(?:\[|O)(\d*)(?:;(\d+))?([A-Z~u])$/s.exec(token);
  if (sequence !== null) {
    const [, number = "", modifiers = "1", letter = ""] = sequence;
    const name = nameOf(number, letter);
    return name === undefined ? undefined : { kind: "key", key: withModifiers(name, Number(modifiers) - 1) };
  }
  const console = /^.\[\[([A-E])$/s.exec(token)?.[1];
  if (console !== undefined) return { kind: "key", key: `f${console.charCodeAt(0) - 64}` };
  if (token.length > 2 && "[O]P_^".includes(token[1] ?? "")) return undefined;
  return { kind: "key", key: `alt+${keyOf(token.slice(1))}` };
}

/** The key of a sequence by its number and last letter; `u` numbers characters, and is sent where terminals are told to. */
function nameOf(number: string, letter: string): string | undefined {
  if (letter === "~") return NUMBERS[number];
  if (letter === "u") return Number(number) < 0xe000 ? keyOf(String.fromCodePoint(Number(number))) : undefined;
  // Other numbers before a letter are answers.
  return number === "" || number === "1" ? LETTERS[letter] : undefined;
}

function keyOf(char: string): string {
  const known = CONTROLS[char];
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  if (code > 0 && code < 27) return `ctrl+${String.fromCharCode(code + 96)}`;
  if (code < 32) return `ctrl+${String.fromCharCode(code + 64)}`;
  return char;
}

function withModifiers(name: string, bits: number): string {
  const parts = [...(bits & 4 ? ["ctrl"] : []), ...(bits & 2 ? ["alt"] : []), ...(bits & 1 ? ["shift"] : [])];
  return [...parts, name].join("+");
}

function mouseOf([code = "", column = "", row = "", end = ""]: readonly string[]): Input {
  const bits = Number(code);
  const place = { kind: "mouse", x: Number(column) - 1, y: Number(row) - 1, button: bits & 3 } as const;
  if (bits & 64) return { ...place, what: bits & 1 ? "down" : "up" };
  if (end === "m") return { ...place, what: "release" };
  return { ...place, what: bits & 32 ? "drag" : "press" };
}
