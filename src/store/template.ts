import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageDir } from "../host.ts";
import { isValidId } from "../ticket/ids.ts";
import type { Store } from "./store.ts";

/** The body of a template: the store's own, else the packaged one, else undefined. Names are file names without `.md`. */
export async function readTemplate(store: Store, name: string): Promise<string | undefined> {
  if (!isValidId(name)) return undefined;
  for (const folder of folders(store)) {
    try {
      return readFileSync(path.join(folder, `${name}.md`), "utf8");
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Every template's name, each once. */
export function templateNames(store: Store): string[] {
  const names = folders(store).flatMap((folder) => {
    try {
      return readdirSync(folder).filter((name) => name.endsWith(".md"));
    } catch {
      return [];
    }
  });
  return [...new Set(names.map((name) => name.slice(0, -3)))].sort();
}

function folders(store: Store): string[] {
  return [path.join(store.dir, "templates"), path.join(packageDir(), "templates", "ticket")];
}
