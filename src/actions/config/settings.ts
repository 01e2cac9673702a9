import { AyoError } from "../../error.ts";
import { type Config, OTHER_KEYS } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import { ownPrefix } from "../../store/open/storeId.ts";
import { valueAt, writtenAt } from "./editYaml.ts";
import { pathOf, SETTABLE_KEYS, settableAt } from "./settable.ts";

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

/** What settings are read from: the config in force, the text of the file, and what YAML makes of that. */
export interface Written {
  readonly config: Config;
  readonly text: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Settings that may stand in another place, too. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  types: ["board", "types"],
  transitions: ["board", "transitions"],
};

/** Every setting of a store, defaults included; those of other rooms only where config.yml has them. */
export function settingsOf(store: Store, { config, text, raw }: Written): Setting[] {
  const setting = (key: string, value: unknown): Setting => {
    const place = placesOf(key).find((one) => valueAt(raw, one) !== undefined);
    return place === undefined ? byDefault(key, value) : inFile(key, value, lineOf(text, place));
  };
  const { board } = config;
  return [
    setting("prefix", config.prefix ?? ownPrefix(store.dir)),
    ...(config.id === undefined ? [] : [setting("id", config.id)]),
    ...(config.sync === undefined ? [] : [setting("sync", raw.sync)]),
    setting("git", config.git ?? store.journal?.mode ?? "own"),
    setting("types", board.types),
    setting("board.initial", board.initial),
    setting("board.columns", board.columns),
    setting("transitions", board.transitions ?? null),
    setting("archive.after", valueAt(raw, ["archive", "after"]) ?? null),
    ...OTHER_KEYS.filter((key) => key in config.settings).map((key) => setting(key, config.settings[key])),
  ];
}

/** Where a setting may stand in the file, the place to write it to first. */
export function placesOf(key: string): readonly (readonly string[])[] {
  const [room = "", ...rest] = pathOf(key);
  const also = ALSO[room];
  return [[room, ...rest], ...(also === undefined ? [] : [[...also, ...rest]])];
}

/**
 * The setting with this key; `claims.lease` is a part of `claims`.
 * @throws bad_input with the keys that there are
 */
export function findSetting(settings: readonly Setting[], key: string, { text, raw }: Written): Setting {
  const exact = settings.find((setting) => setting.key === key);
  if (exact !== undefined) return exact;
  const settable = settableAt(key);
  if (settable === undefined) throw noSetting(key);
  const at = settable.mayBeNull ? writtenAt : valueAt;
  const place = placesOf(key).find((one) => at(raw, one) !== undefined);
  if (place === undefined) return byDefault(key, settable.standard ?? null);
  return inFile(key, at(raw, place), lineOf(text, place));
}

/** For a key that is none. */
export function noSetting(key: string): AyoError {
  return new AyoError("bad_input", `'${key}' is no setting; there are ${SETTABLE_KEYS.join(", ")}`, {
    try: ["ayo", "config"],
    data: { key, allowed: SETTABLE_KEYS },
  });
}

function byDefault(key: string, value: unknown): Setting {
  return { key, value, source: "default", line: null };
}

function inFile(key: string, value: unknown, line: number): Setting {
  return { key, value, source: CONFIG_FILE, line };
}

/** The line of a key, or of the nearest one above it that begins a line: YAML values carry no positions. */
function lineOf(text: string, [first = "", second]: readonly string[]): number {
  const lines = text.split("\n");
  const after = (line: string, start: string): string =>
    line.trimStart().startsWith(start) ? line.trimStart().slice(start.length) : "";
  const isKey = (line: string | undefined, key: string): boolean =>
    line !== undefined && [key, `"${key}"`, `'${key}'`].some((one) => /^\s*:/.test(after(line, one)));
  const top = lines.findIndex((line) => /^\S/.test(line) && isKey(line, first));
  if (second === undefined || top < 0) return top + 1 || 1;
  for (let at = top + 1; /^(?:\s|#|$)/.test(lines[at] ?? "-"); at++) if (isKey(lines[at], second)) return at + 1;
  return top + 1;
}
