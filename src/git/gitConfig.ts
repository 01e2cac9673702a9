import path from "node:path";
import { type Repository, readText } from "./repository.ts";

/** The variables that decide which configuration files git reads. */
export interface ConfigEnv {
  readonly [name: string]: string | undefined;
}

/** Looks up `section.key` or `section.subsection.key`; the last value wins, as in git. */
export type GitConfig = (key: string) => string | undefined;

/**
 * The configuration of a repository over the user's own. `include.path` and the system's file are not read: what
 * we ask for (identity, line ends) is set in neither as a rule.
 */
export function readGitConfig(repository: Repository | undefined, env: ConfigEnv): GitConfig {
  const values = new Map<string, string>();
  for (const file of [
    ...globalFiles(env),
    ...(repository === undefined ? [] : [path.join(repository.commonDir, "config")]),
  ]) {
    for (const [key, value] of parseGitConfig(readText(file))) values.set(key, value);
  }
  return (key) => values.get(normalise(key));
}

/** The user that git would name as author: configuration, with GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL over it. */
export function identityFrom(config: GitConfig, env: ConfigEnv): { name: string; email: string } | undefined {
  const name = env.GIT_AUTHOR_NAME || config("user.name");
  if (!name) return undefined;
  return { name, email: env.GIT_AUTHOR_EMAIL || config("user.email") || env.EMAIL || "" };
}

/** Key and value of every line of a configuration file; sections and keys in lower case, subsections as written. */
export function parseGitConfig(text: string): [key: string, value: string][] {
  const found: [string, string][] = [];
  let section = "";
  for (const line of joinContinued(text)) {
    const header = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*(.*)$/.exec(line);
    const rest = header === null ? line : (header[3] as string);
    if (header !== null) section = sectionName(header[1] as string, header[2]);
    const setting = /^\s*([A-Za-z][\w-]*)\s*(?:=(.*))?$/.exec(rest);
    if (setting !== null) found.push([`${section}.${(setting[1] as string).toLowerCase()}`, settingValue(setting[2])]);
  }
  return found;
}

function globalFiles(env: ConfigEnv): string[] {
  if (env.GIT_CONFIG_GLOBAL !== undefined) return [env.GIT_CONFIG_GLOBAL];
  const home = env.HOME ?? "";
  const xdg = env.XDG_CONFIG_HOME || path.join(home, ".config");
  return [path.join(xdg, "git", "config"), path.join(home, ".gitconfig")];
}

function joinContinued(text: string): string[] {
  return text.replaceAll("\r\n", "\n").replaceAll(/\\\n/g, "").split("\n");
}

function sectionName(name: string, sub: string | undefined): string {
  const lower = name.toLowerCase();
  return sub === undefined ? lower : `${lower}.${sub.replaceAll(/\\(.)/g, "$1")}`;
}

/** A key without a value means true. Quotes protect blanks and comment signs. */
function settingValue(raw: string | undefined): string {
  if (raw === undefined) return "true";
  let value = "";
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] as string;
    if (char === "\\") value += escaped(raw[++at] ?? "");
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "#" || char === ";")) break;
    else value += char;
  }
  return value.trim();
}

function escaped(char: string): string {
  return { n: "\n", t: "\t", b: "\b" }[char] ?? char;
}

function normalise(key: string): string {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  return `${key.slice(0, first).toLowerCase()}${key.slice(first, last)}${key.slice(last).toLowerCase()}`;
}
