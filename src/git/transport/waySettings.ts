import { type ConfigEnv, repositorySettings } from "../repository/gitConfig.ts";
import type { GitSetting } from "../repository/parseGitConfig.ts";
import type { Repository } from "../repository/repository.ts";

/** A remote as a repository's configuration names it. */
export interface NamedRemote {
  readonly name: string;
  readonly url: string;
  readonly pushUrl?: string;
}

/** How git finds and enters the repositories of others. */
const WAY = /^(?:url\.|credential\.|http\.|core\.sshcommand$|core\.gitproxy$|ssh\.)/;

/** What of a repository's own settings says how others are reached; the user's own files git reads by itself. */
export function waySettings(repository: Repository, env: ConfigEnv): GitSetting[] {
  return repositorySettings(repository, env).filter(([key]) => WAY.test(key));
}

/** The remotes of a repository, in the order of its configuration. */
export function remotesOf(repository: Repository, env: ConfigEnv): NamedRemote[] {
  const found = new Map<string, { url?: string; pushUrl?: string }>();
  for (const [key, value] of repositorySettings(repository, env)) {
    const match = /^remote\.(.+)\.(url|pushurl)$/s.exec(key);
    if (match === null) continue;
    const name = match[1] as string;
    const remote = found.get(name) ?? {};
    found.set(name, remote);
    // Of several addresses git fetches from the first.
    if (match[2] === "url") remote.url ??= value;
    else remote.pushUrl ??= value;
  }
  return [...found].flatMap(([name, { url, ...rest }]) => (url === undefined ? [] : [{ name, url, ...rest }]));
}
