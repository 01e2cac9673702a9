import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { createExclusive, ensureDir, writeDurable } from "../disk/durable.ts";
import { removeFile } from "../disk/removeFile.ts";
import { driverSection, DRIVER_NAME as NAME, quoted } from "./driverLines.ts";
import { type ConfigEnv, readGitConfig } from "./gitConfig.ts";
import { parseGitConfig } from "./parseGitConfig.ts";
import { type Repository, readText } from "./repository.ts";

const DRIVER = /^(\[merge "ayo"\]\n(?:\t.*\n)*?\tdriver = ).*$/m;

/**
 * Has git merge the tickets below `prefix` by field: a line of the repository's private attributes, and the command in
 * its configuration. What is there already stays.
 * @throws disk_full, store_not_writable
 */
export function ensureDriver(repository: Repository, prefix: string, command: string): void {
  const folder = prefix === "" ? "" : `/${escaped(prefix)}/**/`;
  const lines = prefix === "" ? [`*.md merge=${NAME}`] : [`"${folder}*.md" merge=${NAME}`];
  const attributes = path.join(repository.commonDir, "info", "attributes");
  const known = readText(attributes).split(/\r?\n/);
  const missing = lines.filter((line) => !known.includes(line));
  if (missing.length > 0) rewrite(attributes, `${ended(readText(attributes))}${missing.join("\n")}\n`);
  setDriver(path.join(repository.commonDir, "config"), command);
}

/** Under git's own lock of the file, so that a `git config` beside it is not lost. */
function setDriver(config: string, command: string): void {
  if (driverIn(readText(config)) === command) return;
  const lock = `${config}.lock`;
  if (!createExclusive(lock, Buffer.alloc(0), path.dirname(config))) {
    throw new AyoError("store_not_writable", `git's configuration is being changed: ${lock} is there`);
  }
  try {
    const text = readText(config);
    const replaced = text.replace(DRIVER, (_, before: string) => before + quoted(command));
    rewrite(config, driverIn(replaced) === command ? replaced : `${ended(text)}${driverSection(command)}`);
  } finally {
    removeFile(lock);
  }
}

/** What git runs for tickets here, and whether its attributes send tickets to it. */
export function configuredDriver(repository: Repository, env: ConfigEnv): { command?: string; isUsed: boolean } {
  const command = readGitConfig(repository, env)(`merge.${NAME}.driver`);
  const isUsed = /\smerge=ayo(?:\s|$)/m.test(readText(path.join(repository.commonDir, "info", "attributes")));
  return command === undefined ? { isUsed } : { command, isUsed };
}

/** The files that a driver of ours names and that are not there; nothing of one that somebody else wrote. */
export function missingPrograms(command: string): string[] {
  const [, words = ""] = /^((?:'(?:[^']|'\\'')*' )+)merge-file /.exec(command) ?? [];
  const found = words.match(/'(?:[^']|'\\'')*'(?= )/g) ?? [];
  return found
    .map((word) => word.slice(1, -1).replaceAll("'\\''", "'").replaceAll("%%", "%"))
    .filter((file) => !existsSync(file));
}

function driverIn(config: string): string | undefined {
  return parseGitConfig(config).findLast(([key]) => key === `merge.${NAME}.driver`)?.[1];
}

/** A path as a pattern of git's, within quotes. */
function escaped(prefix: string): string {
  return prefix.replaceAll(/[\\*?[]/g, "\\$&").replaceAll(/[\\"]/g, "\\$&");
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function rewrite(file: string, text: string): void {
  ensureDir(path.dirname(file));
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  writeDurable(file, Buffer.from(text), {
    tmpDir: path.dirname(file),
    ...(mode === undefined ? {} : { mode: mode & 0o777 }),
  });
}
