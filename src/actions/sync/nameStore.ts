import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { CONFIG_HEADER } from "../../store/open/config/config.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import type { Store } from "../../store/open/store.ts";
import { newStoreId, ownPrefix } from "../../store/open/storeId.ts";
import { configOf } from "../../store/sync/lookHere.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";
import { editYaml, withValue } from "../config/editYaml.ts";
import { change } from "../input/action.ts";

/**
 * Gives a store that is to be shared, and was made before stores had names, what tells it from others in all its
 * clones, and writes down what its ids begin with: clones lie in folders of other names.
 */
export async function nameStore(store: Store, as: string | undefined): Promise<void> {
  if ((await configOf(store)).id !== undefined) return;
  const file = path.join(store.dir, CONFIG_FILE);
  const id = await newStoreId();
  await change(store, { as }, (draft) => {
    const { config } = draft.view;
    if (config.id !== undefined) return { result: null };
    const before = existsSync(file) ? readFileSync(file, "utf8") : `${CONFIG_HEADER}\n`;
    const named = withKey(before, "id", id);
    draft.put(CONFIG_FILE, config.prefix === undefined ? withKey(named, "prefix", ownPrefix(store.dir)) : named);
    return { result: null, sentence: { subject: "name the store", tickets: [] } };
  });
}

function withKey(text: string, key: string, value: string): string {
  const raw = (parseYaml(text, { path: CONFIG_FILE, firstLine: 1 }) ?? {}) as Record<string, unknown>;
  const edited = editYaml(text, [key], withValue(raw, [key], value));
  if (edited !== undefined) return edited;
  throw new AyoError("bad_config", `${CONFIG_FILE} must say what the store is called: add '${key}: ${value}' to it`, {
    data: { path: CONFIG_FILE, key },
  });
}
