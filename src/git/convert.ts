import path from "node:path";
import { AyoError } from "../error.ts";
import { type ConfigEnv, readGitConfig } from "./gitConfig.ts";
import { type Repository, readText } from "./repository.ts";

/** How git would change a file's line ends on its way into a commit. */
export interface Conversion {
  readonly autocrlf: boolean;
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly matches: (file: string) => boolean;
  readonly attributes: Readonly<Record<string, string | boolean>>;
}

/** The conversion that a user's repository asks for: core.autocrlf, `.gitattributes` at the top, info/attributes. */
export function readConversion(repository: Repository, env: ConfigEnv): Conversion {
  const autocrlf = /^(true|input)$/i.test(readGitConfig(repository, env)("core.autocrlf") ?? "");
  const texts = [
    readText(path.join(repository.worktree, ".gitattributes")),
    readText(path.join(repository.commonDir, "info", "attributes")),
  ];
  return { autocrlf, rules: texts.flatMap((text) => text.split(/\r?\n/)).flatMap(parseRule) };
}

/**
 * The bytes that git would commit for a file of the worktree.
 * @throws git_unsupported for a path with a filter (LFS): we cannot run it
 */
export function gitBytes(file: string, bytes: Buffer, { autocrlf, rules }: Conversion): Buffer {
  const attributes: Record<string, string | boolean> = {};
  for (const rule of rules) if (rule.matches(file)) Object.assign(attributes, rule.attributes);
  if (typeof attributes.filter === "string") {
    throw new AyoError(
      "git_unsupported",
      `${file} goes through the git filter '${attributes.filter}', which ayo cannot run`,
      {
        data: { file, filter: attributes.filter },
      },
    );
  }
  return isText(attributes, autocrlf) && bytes.includes("\r\n") && !bytes.includes(0)
    ? Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1")
    : bytes;
}

function isText(attributes: Readonly<Record<string, string | boolean>>, autocrlf: boolean): boolean {
  if (attributes.binary === true || attributes.text === false) return false;
  return attributes.text !== undefined || attributes.eol !== undefined || autocrlf;
}

function parseRule(line: string): Rule[] {
  const [pattern = "", ...words] = line.trim().split(/\s+/);
  if (pattern === "" || pattern.startsWith("#") || words.length === 0) return [];
  const attributes = Object.fromEntries(words.map(parseAttribute));
  return [{ matches: matcher(pattern), attributes }];
}

function parseAttribute(word: string): [string, string | boolean] {
  const at = word.indexOf("=");
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  return word.startsWith("-") ? [word.slice(1), false] : [word, true];
}

/** A pattern without a slash matches names anywhere, as in .gitignore. */
function matcher(pattern: string): (file: string) => boolean {
  const anchored = pattern.includes("/");
  const source = pattern
    .replace(/^\//, "")
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll(
      /\*\*\/?|\*|\?/g,
      (sign) => ({ "*": "[^/]*", "?": "[^/]", "**": ".*", "**/": "(?:.*/)?" })[sign] ?? sign,
    );
  const whole = new RegExp(`^${source}$`);
  return (file) => whole.test(anchored ? file : file.slice(file.lastIndexOf("/") + 1));
}
