import path from "node:path";
import { packageDir } from "../../host.ts";
import { isValidId } from "../../ticket/ids.ts";
import { listStoreFolder, lookAt, notFolder, readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "./store.ts";

/** A template's text, and what kept the store's own from being read where it is the packaged one. */
export interface Template {
  readonly text: string | undefined;
  readonly trouble?: string;
}

/** A larger one is not read. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;

/** A template: the store's own, else the packaged one. Names are file names without `.md`. */
export function readTemplate(store: Store, name: string): Template {
  if (!isValidId(name)) return { text: undefined };
  const trouble = troubleWith(path.join(store.dir, "templates"));
  const own = trouble ?? textOf(path.join(store.dir, "templates", `${name}.md`));
  if (typeof own === "string") return { text: own };
  const packaged = textOf(path.join(packageDir(), "templates", "ticket", `${name}.md`));
  const text = packaged instanceof Unread ? undefined : packaged;
  return own === undefined ? { text } : { text, trouble: `templates/${name}.md: ${own.message}` };
}

/** Every template's name, each once. */
export function templateNames(store: Store): string[] {
  const names = [ownFolder(store), packagedFolder()].flatMap(filesIn);
  return [...new Set(names.map((name) => name.slice(0, -3)))].sort();
}

/** The texts of the store's own templates. */
export function ownTemplates(store: Store): string[] {
  return textsIn(ownFolder(store));
}

/** The texts of the packaged ones, also of those that the store has its own of: older tickets may be from them. */
export function packagedTemplates(): string[] {
  return textsIn(packagedFolder());
}

function ownFolder(store: Store): string {
  return path.join(store.dir, "templates");
}

function packagedFolder(): string {
  return path.join(packageDir(), "templates", "ticket");
}

function textsIn(folder: string): string[] {
  return filesIn(folder).flatMap((name) => {
    const text = textOf(path.join(folder, name));
    return typeof text === "string" ? [text] : [];
  });
}

function filesIn(folder: string): string[] {
  const found = troubleWith(folder) === undefined ? listStoreFolder(folder) : undefined;
  return found === undefined || found instanceof Unread ? [] : found.filter((name) => name.endsWith(".md")).sort();
}

function textOf(full: string): string | Unread | undefined {
  const read = readStoreFile(full, { limit: MAX_TEMPLATE_BYTES });
  return read === undefined || read instanceof Unread ? read : read.bytes.toString("utf8");
}

/** A folder that is a link is none of the store's. */
function troubleWith(folder: string): Unread | undefined {
  const stat = lookAt(folder);
  return stat === undefined || stat instanceof Unread || stat.isDirectory() ? undefined : notFolder(stat, folder);
}
