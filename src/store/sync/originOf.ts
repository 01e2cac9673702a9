import { userSettings } from "../../git/repository/gitConfig.ts";
import { effectiveUrl } from "../../git/transport/effectiveUrl.ts";
import { remotesOf, waySettings } from "../../git/transport/waySettings.ts";
import { gitEnv } from "../disk/refresh.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";

/**
 * Where the project around a store comes from: the address of its remote `origin`, or of its only one; where one is
 * `wanted`, of that. It may hold a password.
 */
export function originOf(store: Store, wanted = "origin"): string | undefined {
  const project = projectRepository(store);
  if (project === undefined) return undefined;
  const env = gitEnv(store);
  const remotes = remotesOf(project, env);
  const remote = remotes.find(({ name }) => name === wanted) ?? (remotes.length === 1 ? remotes[0] : undefined);
  if (remote === undefined) return undefined;
  return effectiveUrl(remote.url, [...userSettings(env), ...waySettings(project, env)], false);
}
