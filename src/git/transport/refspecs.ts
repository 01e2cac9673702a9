import { type ConfigEnv, repositorySettings, userSettings } from "../repository/gitConfig.ts";
import type { Repository } from "../repository/repository.ts";

/** One line of `remote.<name>.fetch`: which refs of a remote are kept here, and under which names. */
export interface Refspec {
  readonly from: string;
  readonly to: string;
}

const BRANCHES = "refs/heads/";

/** What a repository keeps of a remote, as its own settings and the user's say. */
export function refspecsOf(repository: Repository, env: ConfigEnv, remote: string): Refspec[] {
  const settings = [...userSettings(env), ...repositorySettings(repository, env)];
  return settings.flatMap(([key, value]) => {
    const [, from, to] = (key === `remote.${remote}.fetch` && /^\+?([^:^+][^:]*):(.+)$/.exec(value)) || [];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
}

/** The name that a ref of the remote has here; undefined where it is not kept. */
export function trackedAs(specs: readonly Refspec[], ref: string): string | undefined {
  for (const { from, to } of specs) {
    const part = matched(from, ref);
    if (part !== undefined) return to.replace("*", () => part);
  }
  return undefined;
}

/**
 * The branch of the remote that a ref here stands for. Undefined for what may be anything else there, such as a pull
 * request, which everybody may open.
 */
export function branchBehind(specs: readonly Refspec[], ref: string): string | undefined {
  const sources = specs.flatMap(({ from, to }) => {
    const part = matched(to, ref);
    return part === undefined ? [] : [from.replace("*", () => part)];
  });
  return sources.every((source) => source.startsWith(BRANCHES)) ? sources[0] : undefined;
}

/** What the star of a pattern stands for in a name, "" where it has none; undefined where it does not fit. */
function matched(pattern: string, name: string): string | undefined {
  const [start = "", end, ...more] = pattern.split("*");
  if (end === undefined) return pattern === name ? "" : undefined;
  const isFit = name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
  return isFit && more.length === 0 ? name.slice(start.length, name.length - end.length) : undefined;
}
