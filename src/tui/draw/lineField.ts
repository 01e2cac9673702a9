import { clusters } from "../../textWidth.ts";

/** A line that is being typed; `at` counts clusters before the cursor. */
export interface LineField {
  readonly text: string;
  readonly at: number;
}

/** A line with the cursor at its end. */
export function lineField(text = ""): LineField {
  return { text, at: [...clusters(text)].length };
}

/** The line after a key that edits, as in a shell; undefined for another key. */
export function edited({ text, at }: LineField, key: string): LineField | undefined {
  const parts = [...clusters(text)];
  const make = (left: readonly string[], right: readonly string[]): LineField => joined(left.join(""), right.join(""));
  const [left, right] = [parts.slice(0, at), parts.slice(at)];
  const wordLeft = wordBefore(left);
  const wordRight = wordAfter(right);
  const moves: Readonly<Record<string, () => LineField>> = {
    left: () => ({ text, at: Math.max(0, at - 1) }),
    right: () => ({ text, at: Math.min(parts.length, at + 1) }),
    home: () => ({ text, at: 0 }),
    end: () => ({ text, at: parts.length }),
    backspace: () => make(left.slice(0, -1), right),
    delete: () => make(left, right.slice(1)),
    "alt+b": () => ({ text, at: wordLeft }),
    "alt+f": () => ({ text, at: at + wordRight }),
    "ctrl+w": () => make(left.slice(0, wordLeft), right),
    "alt+d": () => make(left, right.slice(wordRight)),
    "ctrl+u": () => make([], right),
    "ctrl+k": () => make(left, []),
    space: () => make([...left, " "], right),
  };
  const same: Readonly<Record<string, string>> = {
    "ctrl+b": "left",
    "ctrl+f": "right",
    "ctrl+a": "home",
    "ctrl+e": "end",
    "ctrl+d": "delete",
    "ctrl+left": "alt+b",
    "ctrl+right": "alt+f",
    "alt+backspace": "ctrl+w",
  };
  const move = moves[same[key] ?? key];
  if (move !== undefined) return move();
  if (/^[a-z0-9]+\+|^[a-z][a-z0-9]+$/.test(key)) return undefined;
  return make([...left, key], right);
}

/** The line with a text at its cursor, without what breaks lines or steers terminals. */
export function inserted({ text, at }: LineField, more: string): LineField {
  const parts = [...clusters(text)];
  const line = more.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}/gu, "");
  return joined(`${parts.slice(0, at).join("")}${line}`, parts.slice(at).join(""));
}

/** Two texts with the cursor between them; after the cluster that they make together, where they make one. */
function joined(left: string, right: string): LineField {
  const text = left + right;
  let at = 0;
  let length = 0;
  for (const cluster of clusters(text)) {
    if (length >= left.length) break;
    length += cluster.length;
    at++;
  }
  return { text, at };
}

function wordBefore(parts: readonly string[]): number {
  let at = parts.length;
  while (at > 0 && parts[at - 1] === " ") at--;
  while (at > 0 && parts[at - 1] !== " ") at--;
  return at;
}

function wordAfter(parts: readonly string[]): number {
  let at = 0;
  while (at < parts.length && parts[at] === " ") at++;
  while (at < parts.length && parts[at] !== " ") at++;
  return at;
}
