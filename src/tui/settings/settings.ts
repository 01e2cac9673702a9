import { readFileSync } from "node:fs";
import { AyoError } from "../../error.ts";
import type { Colour, Style } from "../../ticket/printed/printedLines.ts";
import type { Theme } from "../draw/theme.ts";
import { THEME } from "../draw/theme.ts";

/** A command of the user's own. */
export interface OwnCommand {
  readonly key: string;
  readonly about: string;
  /** A line for the shell; `{{id}}`, `{{title}}` and `{{path}}` stand for the ticket's, quoted. */
  readonly run: string;
  /** Where what it prints goes: the terminal itself, or a text to read. */
  readonly show: "terminal" | "text";
}

/** What `tui.yml` says: other keys, other looks, own commands. */
export interface Settings {
  /** Keys by the names of what they do. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly looks: Readonly<Partial<Record<keyof Theme, Style>>>;
  readonly commands: readonly OwnCommand[];
}

const NONE: Settings = { keys: {}, looks: {}, commands: [] };
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const ATTRIBUTES = ["bold", "dim", "italic", "underline", "inverse", "strike"] as const;

/**
 * Reads `tui.yml`, and has all of it checked; nothing where there is no such file.
 * @throws bad_config naming what does not fit, with its line
 */
export async function readSettings(
  file: string,
  names: readonly string[],
  check: (settings: Settings) => void,
): Promise<Settings> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NONE;
    throw new AyoError("bad_config", `${file} cannot be read: ${(error as Error).message}`);
  }
  return parseSettings(text, file, (raw) => {
    const strange = Object.keys(raw).find((key) => !["keys", "colours", "commands"].includes(key));
    if (strange !== undefined) throw bad(strange, "is not known; there are keys, colours, commands");
    const settings = {
      keys: keysIn(mapping(raw.keys ?? {}, "keys"), names),
      looks: looksIn(mapping(raw.colours ?? {}, "colours")),
      commands: commandsIn(raw.commands ?? []),
    };
    check(settings);
    return settings;
  });
}

/**
 * The commands of a store's own `tui.yml`, which has nothing else that counts.
 * @throws bad_config naming what does not fit, with its line
 */
export function parseCommands(text: string, file: string): Promise<readonly OwnCommand[]> {
  return parseSettings(text, file, ({ commands = [], ...others }) => {
    const [strange] = Object.keys(others);
    if (strange !== undefined) throw bad(strange, "counts in your own tui.yml alone; a store has only commands");
    return commandsIn(commands);
  });
}

async function parseSettings<T>(
  text: string,
  file: string,
  read: (raw: Readonly<Record<string, unknown>>) => T,
): Promise<T> {
  // Few have such a file, and nobody else loads what reads it.
  const { parseYaml } = await import("../../ticket/text/frontMatter.ts");
  try {
    return read(mapping(parseYaml(text, { path: file, firstLine: 1 }) ?? {}, file));
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const { line = 0, key = "" } = (error.data ?? {}) as { readonly line?: number; readonly key?: string };
    const at = line > 0 ? line : lineOf(text, key);
    throw new AyoError("bad_config", `${file}${at > 0 ? `:${at}` : ""}: ${error.message}`, {
      data: { path: file, line: at, key },
    });
  }
}

/** Where a key stands, told by its last name, or by which of the list it is. */
function lineOf(text: string, key: string): number {
  const lines = text.split("\n");
  const [, at, inner = ""] = /^commands\.(\d+)\.?(\w*)$/.exec(key) ?? [];
  if (at === undefined) {
    const name = key.split(".").find((part) => part !== "keys" && part !== "colours") ?? key;
    return lines.findIndex((line) => new RegExp(`(?:^|[\\s{,])['"]?${name}['"]?\\s*:`).test(line)) + 1;
  }
  const items = lines.flatMap((line, index) => (/^\s*-\s/.test(line) ? [index] : []));
  const first = items[Number(at)] ?? -1;
  const found = lines.findIndex((line, index) => index >= first && inner !== "" && line.includes(`${inner}:`));
  return (found >= first && found < (items[Number(at) + 1] ?? lines.length) ? found : first) + 1;
}

function keysIn(raw: Readonly<Record<string, unknown>>, names: readonly string[]): Settings["keys"] {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      if (!names.includes(name)) throw bad(`keys.${name}`, `is nothing that keys do; there are ${names.join(", ")}`);
      return [name, [value ?? []].flat().map((key) => keyIn(key, `keys.${name}`))];
    }),
  );
}

function keyIn(value: unknown, at: string): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value.trim() === "") throw bad(at, "must be a key: x, ctrl+o, alt+up, f5, g x");
  return value.trim();
}

function looksIn(raw: Readonly<Record<string, unknown>>): Settings["looks"] {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      if (!(name in THEME)) throw bad(`colours.${name}`, `is not drawn; there are ${Object.keys(THEME).join(", ")}`);
      if (typeof value !== "object" || value === null) return [name, { fg: colourIn(value, `colours.${name}`) }];
      const { fg, bg, ...rest } = mapping(value, `colours.${name}`);
      const attributes = ATTRIBUTES.filter((attribute) => rest[attribute] === true);
      return [
        name,
        {
          ...(fg === undefined ? {} : { fg: colourIn(fg, `colours.${name}.fg`) }),
          ...(bg === undefined ? {} : { bg: colourIn(bg, `colours.${name}.bg`) }),
          ...Object.fromEntries(attributes.map((attribute) => [attribute, true])),
        },
      ];
    }),
  );
}

function colourIn(value: unknown, at: string): Colour {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256) return value;
  if (typeof value === "string") {
    if (/^#[0-9a-f]{6}$/i.test(value)) return value as `#${string}`;
    const bright = value.startsWith("bright-");
    const index = COLOURS.indexOf(bright ? value.slice("bright-".length) : value);
    if (index >= 0) return bright ? index + 8 : index;
    if (value === "default") return undefined;
  }
  throw bad(at, `must be a colour: ${COLOURS.join(", ")}, bright-red, 0 to 255, or '#rrggbb'`);
}

function commandsIn(raw: unknown): OwnCommand[] {
  if (!Array.isArray(raw)) throw bad("commands", "must be a list");
  return raw.map((one, index) => {
    const at = `commands.${index}`;
    const { key, run, about, show = "text" } = mapping(one, at);
    if (typeof run !== "string" || run === "") throw bad(`${at}.run`, "must be a line for the shell");
    if (show !== "text" && show !== "terminal") throw bad(`${at}.show`, "must be text or terminal");
    return { key: keyIn(key, `${at}.key`), run, show, about: typeof about === "string" ? about : run };
  });
}

function mapping(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(at, "must be a mapping");
  return value as Readonly<Record<string, unknown>>;
}

function bad(key: string, fact: string): AyoError {
  return new AyoError("bad_config", `${key} ${fact}`, { data: { key } });
}

/** A line for the shell with the ticket's values in it, each quoted so that it stays one word. */
export function lineFor(run: string, values: Readonly<Record<string, string>>): string {
  return run.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : `'${value.replaceAll("'", "'\\''")}'`;
  });
}
