import type { HookProblem } from "../../store/hooks/findHooks.ts";
import { type Hook, type HookState, whyNot } from "../../store/hooks/hook.ts";
import type { Store } from "../../store/open/store.ts";

/** A hook as JSON has it. */
export interface HookJson {
  /** Null where the name is no event's. */
  readonly event: string | null;
  /** From the store's directory. */
  readonly path: string;
  readonly state: HookState;
  readonly problem: HookProblem | null;
  /** What to do for it to run; null where it runs, or was denied. */
  readonly todo: string | null;
  readonly sha256: string | null;
  /** When and by whom it was allowed or denied. */
  readonly at: string | null;
  readonly by: string | null;
}

/** The JSON shape of a hook. */
export function hookJson(store: Store, hook: Hook): HookJson {
  const { event, path, state, problem, sha256, approval } = hook;
  return {
    event: event ?? null,
    path,
    state,
    problem: problem ?? null,
    todo: whyNot(store, hook) ?? null,
    sha256: sha256 ?? null,
    at: approval?.at ?? null,
    by: approval?.by ?? null,
  };
}
