import { AyoError } from "../../../error.ts";
import { isMapping } from "./configKeys.ts";

/** The file in the store that settles how it works. */
export const CONFIG_FILE = "config.yml";

/** The files of the top directory that are no tickets and belong to the store. */
export const TOP_FILES: readonly string[] = [CONFIG_FILE, "agents.yml"];

/** Says what is wrong near `needle` in config.yml. @throws bad_config */
export type Fail = (needle: string, fact: string, allowed?: readonly string[]) => never;

/** Errors point at the first line that holds `needle`: YAML values carry no positions. */
export function failer(text: string): Fail {
  return (needle, fact, allowed) => {
    const line = text.split("\n").findIndex((row) => row.includes(needle)) + 1 || 1;
    const hint = allowed === undefined ? "" : `; allowed: ${allowed.join(", ")}`;
    throw new AyoError("bad_config", `${CONFIG_FILE}:${line}: ${fact}${hint}`, {
      data: { path: CONFIG_FILE, line, ...(allowed === undefined ? {} : { allowed }) },
    });
  };
}

/** The first line that has a key of this name. */
export function lineOf(text: string, name: string): number {
  const rows = text.split("\n");
  const isKey = (row: string): boolean => row.replaceAll(/["']/g, "").includes(`${name}:`);
  return rows.findIndex(isKey) + 1 || rows.findIndex((row) => row.includes(name)) + 1 || 1;
}

/** A mapping of keys to values. @throws bad_config */
export function record(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  return isMapping(value) ? value : fail(name, `${name} must be a mapping of keys to values`);
}

/** One of some words. @throws bad_config */
export function oneOf<const T extends string>(value: unknown, near: string, allowed: readonly T[], fail: Fail): T {
  const found = allowed.find((name) => name === value);
  return (
    found ?? fail(String(value).length > 0 ? String(value) : near, `'${String(value)}' is not known here`, allowed)
  );
}
