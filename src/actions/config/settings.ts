import path from "node:path";
import { AyoError } from "../../error.ts";
import { CONFIG_FILE, type Config, OTHER_KEYS } from "../../store/open/config.ts";
import type { Store } from "../../store/open/store.ts";
import { prefixFor } from "../../ticket/ids.ts";

/** A setting as it holds now. */
export interface Setting {
  /** `board.columns`. */
  readonly key: string;
  /** Null where nothing is set and nothing is done without it. */
  readonly value: unknown;
  readonly source: "default" | "config.yml";
  /** Where config.yml has it, from 1. */
  readonly line: number | null;
}

/** Every setting of a store, defaults included; those of other rooms only where config.yml has them. */
export async function settingsOf(store: Store, config: Config, text: string): Promise<Setting[]> {
  const { parseYaml } = await import("../../ticket/text/frontMatter.ts");
  const raw = parseYaml(text, { path: CONFIG_FILE, firstLine: 1 });
  const setting = (key: string, value: unknown, ...paths: readonly (readonly string[])[]): Setting => {
    const written = [key.split("."), ...paths].find((one) => valueAt(raw, one) !== undefined);
    if (written === undefined) return { key, value, source: "default", line: null };
    return { key, value, source: CONFIG_FILE, line: lineOf(text, written) };
  };
  const { board } = config;
  const after = valueAt(raw, ["archive", "after"]);
  return [
    setting("prefix", config.prefix ?? prefixFor(path.basename(path.dirname(store.dir)))),
    setting("git", config.git ?? store.journal?.mode ?? "own"),
    setting("types", board.types, ["board", "types"]),
    setting("board.initial", board.initial),
    setting("board.columns", board.columns),
    setting("transitions", board.transitions ?? null, ["board", "transitions"]),
    setting("archive.after", after ?? null),
    ...OTHER_KEYS.filter((key) => key in config.settings).map((key) => setting(key, config.settings[key])),
  ];
}

/**
 * The setting with this key; `claims.lease` is a part of `claims`.
 * @throws bad_input with the keys that there are
 */
export function findSetting(settings: readonly Setting[], key: string): Setting {
  const exact = settings.find((setting) => setting.key === key);
  if (exact !== undefined) return exact;
  const [room = "", ...rest] = key.split(".");
  if (OTHER_KEYS.includes(room)) {
    const whole = settings.find((setting) => setting.key === room);
    const value = valueAt(whole?.value, rest);
    const isSet = whole !== undefined && value !== undefined;
    return isSet ? { ...whole, key, value } : { key, value: null, source: "default", line: null };
  }
  const allowed = [...new Set([...settings.map((setting) => setting.key), ...OTHER_KEYS])];
  throw new AyoError("bad_input", `'${key}' is no setting; there are ${allowed.join(", ")}`, {
    try: ["ayo", "config"],
    data: { key, allowed },
  });
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

/** The line of a key, or of the nearest one above it that begins a line: YAML values carry no positions. */
function lineOf(text: string, [first = "", second]: readonly string[]): number {
  const lines = text.split("\n");
  const isKey = (line: string | undefined, key: string): boolean =>
    line !== undefined && new RegExp(`^\\s*(["']?)${key}\\1\\s*:`).test(line);
  const top = lines.findIndex((line) => /^\S/.test(line) && isKey(line, first));
  if (second === undefined || top < 0) return top + 1 || 1;
  for (let at = top + 1; /^(?:\s|#|$)/.test(lines[at] ?? "-"); at++) if (isKey(lines[at], second)) return at + 1;
  return top + 1;
}
