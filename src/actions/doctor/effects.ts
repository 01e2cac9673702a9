import { effectsOf } from "../../store/allow/kinds.ts";
import type { Effect } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import type { Finding } from "../../store/repair/finding.ts";
import { titleOf, whyNot } from "../allow/allow.ts";

/**
 * What somebody counts on and that takes no effect: what cannot, what was changed since it was allowed, and what was
 * decided and cannot be read. What nobody has decided about yet is no damage; a clone has it all.
 */
export async function silentEffects(store: Store): Promise<Finding[]> {
  return (await known(store))
    .filter(({ state, trouble }) => ["broken", "changed"].includes(state) || (state === "new" && trouble !== undefined))
    .map((effect) => ({
      code: effect.trouble === undefined ? `${effect.kind}_${effect.state}` : "approval_unreadable",
      severity: "warning",
      path: effect.name,
      message: (whyNot(store, effect) ?? "").replace(`${titleOf(effect)} `, ""),
    }));
}

/** URLs that nobody has decided about: they are not used, and search says so too. */
export async function newUrls(store: Store): Promise<string[]> {
  const fresh = (await known(store)).filter(
    ({ kind, state, trouble }) => kind === "url" && state === "new" && !trouble,
  );
  return fresh.flatMap((effect) => whyNot(store, effect) ?? []);
}

/** A config.yml that makes no sense is told by others. */
async function known(store: Store): Promise<Effect[]> {
  return (await effectsOf(store)).filter(({ problem }) => problem?.code !== "bad_config");
}
