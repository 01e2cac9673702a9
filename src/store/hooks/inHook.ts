import type { Store } from "../open/store.ts";

/** The variable that tells a hook which file it is. */
export const HOOK_VARIABLE = "AYO_HOOK";

/** Whether this process was started by a hook: what it changes fires none. */
export function isInHook({ host }: Pick<Store, "host">): boolean {
  return Boolean(host.env[HOOK_VARIABLE]);
}
