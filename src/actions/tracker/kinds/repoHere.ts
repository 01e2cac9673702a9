import type { Store } from "../../../store/open/store.ts";
import { originOf } from "../../../store/sync/originOf.ts";

/** `git@github.com:acme/web.git`, `https://github.com/acme/web`, `ssh://git@github.com:22/acme/web`; port 443 for ssh is `ssh.github.com`. */
const ADDRESS =
  /^(?:(?:https|ssh):\/\/(?:[^@/]+@)?(?:ssh\.)?github\.com(?::\d+)?[/:]|[^@/]+@github\.com:)([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i;

/** The repository at GitHub that the project around a store comes from. */
export function repoHere(store: Store): string | undefined {
  return ADDRESS.exec(originOf(store) ?? "")?.[1];
}
