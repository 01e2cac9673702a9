import type { Finding } from "../../store/diagnosis.ts";
import { hooksOf, whyNot } from "../../store/hooks/hook.ts";
import type { Store } from "../../store/store.ts";

/**
 * Hooks that somebody counts on and that do not run: those that cannot, and those changed since they were allowed.
 * One that nobody has decided about yet is no damage; a clone has them all.
 */
export function silentHooks(store: Store): Finding[] {
  return hooksOf(store)
    .filter(({ state }) => state === "broken" || state === "changed")
    .map((hook) => ({
      code: hook.state === "broken" ? "hook_broken" : "hook_changed",
      severity: "warning",
      path: hook.path,
      message: (whyNot(store, hook) ?? "").replace(`hook ${hook.path} `, ""),
    }));
}
