import { formatYaml, parseYaml } from "../../text/frontMatter.ts";
import { scanFrontMatter } from "../../text/scanFrontMatter.ts";
import { mergeOrder } from "../mergeOrder.ts";
import { mergeText } from "../mergeText.ts";
import { choose, compareText, pickQuietly, type Which } from "../sides.ts";

/** A configuration of two sides as one, and the keys of which a side's value gave way. */
export interface MergedConfig {
  readonly text: string;
  readonly lost: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Merges config.yml by key, lists of columns by their ids; where both changed one value the winner's stays. Lines of
 * keys that one side changed keep their bytes. Of two ids of a store the lesser one stays. Undefined where it cannot be
 * read by key.
 */
export function mergeConfig(base: string, a: string, b: string, winner: Which): MergedConfig | undefined {
  const [o, x, y] = [base, a, b].map(keysOf);
  if (x === undefined || y === undefined) return undefined;
  const old = o ?? { lines: new Map<string, string>(), values: {} };
  const lost: string[] = [];
  const order = mergeOrder([...old.lines.keys()], [...x.lines.keys()], [...y.lines.keys()], compareText, isBetween);
  const lines = order.map((key) => {
    const [before, left, right] = [old.lines.get(key), x.lines.get(key), y.lines.get(key)];
    if (choose(before, left, right) !== "clash") return pickQuietly(before, left, right, "a") ?? "";
    if (key === "id") return [left ?? "", right ?? ""].sort().find((line) => line !== "") ?? "";
    return clash(key, [old.values[key], x.values[key], y.values[key]], [before, left, right], { winner, lost }) ?? "";
  });
  const text = lines.join("");
  return keysOf(text) === undefined ? undefined : { text, lost };
}

/** Whether a config.yml can be merged by key. */
export function isConfig(text: string | undefined): boolean {
  return text !== undefined && keysOf(text) !== undefined;
}

function isBetween(key: string): boolean {
  return key.startsWith("\n");
}

/** The lines and values of top-level keys; comments between keys are keys that begin with a line break. */
function keysOf(text: string): { readonly lines: Map<string, string>; readonly values: Values } | undefined {
  const entries = scanFrontMatter(text);
  const lines = new Map<string, string>();
  const addGap = (gap: string): void => {
    for (const raw of gap.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      let key = `\n${raw.trim()}`;
      while (lines.has(key)) key += "\n";
      lines.set(key, raw.endsWith("\n") ? raw : `${raw}\n`);
    }
  };
  let at = 0;
  for (const { key, start, end } of entries ?? []) {
    addGap(text.slice(at, start));
    const raw = text.slice(start, end);
    lines.set(key, raw.endsWith("\n") ? raw : `${raw}\n`);
    at = end;
  }
  addGap(text.slice(at));
  const values = valuesOf(text);
  return entries === undefined || values === undefined ? undefined : { lines, values };
}

function valuesOf(text: string): Values | undefined {
  try {
    const value = parseYaml(text, { path: "config.yml", firstLine: 1 }) ?? {};
    return isMapping(value) ? value : undefined;
  } catch {
    // Not readable by key: the caller takes it as a whole, and tells.
    return undefined;
  }
}

interface Deciding {
  readonly winner: Which;
  readonly lost: string[];
}

/** A key whose lines both changed: by line where that says what merging the values says, else written anew. */
function clash(
  key: string,
  values: readonly [unknown, unknown, unknown],
  raws: readonly (string | undefined)[],
  { winner, lost }: Deciding,
): string | undefined {
  const before = lost.length;
  const merged = mergeValue(key, values, { winner, lost });
  if (merged === undefined) return undefined;
  const [o = [], a = [], b = []] = raws.map((raw) => raw?.split("\n"));
  const byLine = mergeText(o, a, b, winner).lines.join("\n");
  const whole = JSON.stringify({ [key]: merged });
  if (JSON.stringify(valuesOf(byLine)) === whole) return byLine;
  const winners = raws[winner === "a" ? 1 : 2];
  if (winners !== undefined && JSON.stringify(valuesOf(winners)) === whole) return winners;
  return lost.length >= before ? formatYaml({ [key]: merged }) : undefined;
}

function mergeValue(name: string, [o, a, b]: readonly [unknown, unknown, unknown], deciding: Deciding): unknown {
  const choice = choose(o, a, b, isSame);
  if (choice !== "clash") return choice === "b" ? b : a;
  if (isMapping(a) && isMapping(b)) return mergeMapping(name, isMapping(o) ? o : {}, a, b, deciding);
  const [x, y] = [byId(a), byId(b)];
  if (x !== undefined && y !== undefined) {
    const merged = mergeMapping(name, byId(o) ?? {}, x, y, deciding);
    return Object.values(merged);
  }
  deciding.lost.push(name);
  return deciding.winner === "a" ? a : b;
}

function mergeMapping(name: string, o: Values, a: Values, b: Values, deciding: Deciding): Values {
  const merged: Record<string, unknown> = {};
  for (const key of mergeOrder(Object.keys(o), Object.keys(a), Object.keys(b), compareText)) {
    const value = mergeValue(`${name}.${key}`, [o[key], a[key], b[key]], deciding);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/** A list of columns by id. */
function byId(value: unknown): Values | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.map((item) => (isMapping(item) ? item.id : item));
  const isList = ids.every((id) => typeof id === "string") && new Set(ids).size === ids.length;
  return isList && value.some(isMapping) ? Object.fromEntries(ids.map((id, at) => [id, value[at]])) : undefined;
}

function isMapping(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
