import { AyoError } from "../../error.ts";
import { KEYS_FILE, keysEffects } from "../../store/allow/keys.ts";
import { whyNotAllowed } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { type OwnCommand, parseCommands } from "./settings.ts";

/** The commands that come with a store, where a person has allowed them on this machine; else why there are none. */
export async function storeCommands(
  store: Store,
): Promise<{ readonly commands: readonly OwnCommand[]; readonly problem?: string }> {
  const [effect] = keysEffects(store);
  if (effect === undefined || effect.state === "denied") return { commands: [] };
  const problem = whyNotAllowed(store, `${KEYS_FILE} of this store`, effect);
  if (problem !== undefined) return { commands: [], problem };
  try {
    return { commands: await parseCommands(String(effect.bytes), KEYS_FILE) };
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return { commands: [], problem: error.message };
  }
}
