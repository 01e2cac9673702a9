import path from "node:path";
import { globExpression } from "./glob.ts";
import { type GitSetting, parseGitConfig } from "./parseGitConfig.ts";
import { type Repository, readFile, readText } from "./repository.ts";

/** The variables that decide which configuration files git reads. */
export interface ConfigEnv {
  readonly [name: string]: string | undefined;
}

/** Looks up `section.key` or `section.subsection.key`; the last value wins, as in git. */
export type GitConfig = (key: string) => string | undefined;

/** Git's own limit on files that include files. */
const MAX_DEPTH = 10;

/**
 * The configuration of a repository over the user's own, with `include.path` and `includeIf.gitdir:`; not the
 * system's file, `onbranch:`, `hasconfig:` and `git -c`, which do not decide what we ask for (identity, line ends).
 */
export function readGitConfig(repository: Repository | undefined, env: ConfigEnv): GitConfig {
  const users: Place = { home: env.HOME || undefined, gitDir: repository?.gitDir, read: readText };
  const values = new Map<string, string>();
  for (const file of globalFiles(env)) for (const [key, value] of settingsOf(file, users, 0)) values.set(key, value);
  if (repository !== undefined) for (const [key, value] of repositorySettings(repository, env)) values.set(key, value);
  return (key) => values.get(normalise(key));
}

/** What the system's and the user's own files say, in git's order. */
export function userSettings(env: ConfigEnv): GitSetting[] {
  const place: Place = { home: env.HOME || undefined, gitDir: undefined, read: readText };
  const system = env.GIT_CONFIG_NOSYSTEM ? [] : [env.GIT_CONFIG_SYSTEM ?? "/etc/gitconfig"];
  return [...system, ...globalFiles(env)].flatMap((file) => settingsOf(file, place, 0));
}

/** What the files of a repository itself say, in git's order; a key that is there twice has two values. */
export function repositorySettings({ gitDir, commonDir }: Repository, env: ConfigEnv): GitSetting[] {
  const place: Place = { home: env.HOME || undefined, gitDir, read: readFile };
  const settings = settingsOf(path.join(commonDir, "config"), place, 0);
  const isSplit = settings.some(([key, value]) => key === "extensions.worktreeconfig" && /^true$/i.test(value));
  return isSplit ? [...settings, ...settingsOf(path.join(gitDir, "config.worktree"), place, 0)] : settings;
}

/** Every value that the system's and the user's own files have for a key, in their order; no repository's. */
export function protectedValues(key: string, env: ConfigEnv): readonly string[] {
  return userSettings(env).flatMap(([name, value]) => (name === normalise(key) ? [value] : []));
}

/** The user that git would name as author: configuration, with GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL over it. */
export function identityFrom(config: GitConfig, env: ConfigEnv): { name: string; email: string } | undefined {
  const name = env.GIT_AUTHOR_NAME || config("user.name");
  if (!name) return undefined;
  return { name, email: env.GIT_AUTHOR_EMAIL || config("user.email") || env.EMAIL || "" };
}

/** The user's own files, the later the stronger. */
export function globalFiles(env: ConfigEnv): string[] {
  if (env.GIT_CONFIG_GLOBAL !== undefined) return env.GIT_CONFIG_GLOBAL === "" ? [] : [env.GIT_CONFIG_GLOBAL];
  const xdg = env.XDG_CONFIG_HOME || (env.HOME ? path.join(env.HOME, ".config") : undefined);
  return [
    ...(xdg === undefined ? [] : [path.join(xdg, "git", "config")]),
    ...(env.HOME ? [path.join(env.HOME, ".gitconfig")] : []),
  ];
}

interface Place {
  readonly home: string | undefined;
  readonly gitDir: string | undefined;
  /** The user names what he likes, a pipe from his shell too; a repository may be written by others. */
  readonly read: (file: string) => string;
}

function settingsOf(file: string, place: Place, depth: number): GitSetting[] {
  return parseGitConfig(place.read(file)).flatMap((setting): GitSetting[] => {
    const included = depth < MAX_DEPTH ? includedBy(setting, file, place) : undefined;
    return included === undefined ? [setting] : settingsOf(included, place, depth + 1);
  });
}

function includedBy([key, value]: GitSetting, file: string, place: Place): string | undefined {
  const condition = /^includeif\.(.*)\.path$/s.exec(key)?.[1];
  if (key !== "include.path" && (condition === undefined || !holds(condition, file, place))) return undefined;
  const target = expanded(value, place);
  return target === undefined ? undefined : path.resolve(path.dirname(file), target);
}

function holds(condition: string, file: string, place: Place): boolean {
  const match = /^gitdir(\/i)?:(.+)$/s.exec(condition);
  if (match === null || place.gitDir === undefined) return false;
  let pattern = expanded(match[2] as string, place);
  if (pattern === undefined) return false;
  if (pattern.startsWith("./")) pattern = path.dirname(file) + pattern.slice(1);
  else if (!path.isAbsolute(pattern)) pattern = `**/${pattern}`;
  if (pattern.endsWith("/")) pattern += "**";
  return globExpression(pattern, match[1] === undefined ? "" : "i").test(place.gitDir.split(path.sep).join("/"));
}

function expanded(value: string, { home }: Place): string | undefined {
  if (!value.startsWith("~/")) return value;
  return home === undefined ? undefined : path.join(home, value.slice(1));
}

function normalise(key: string): string {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  return `${key.slice(0, first).toLowerCase()}${key.slice(first, last)}${key.slice(last).toLowerCase()}`;
}
