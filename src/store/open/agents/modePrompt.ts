import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { packageDir } from "../../../host.ts";
import { FIELDS } from "../../../ticket/ticket.ts";
import { type StoreFile, Unread } from "../../files/storeFile.ts";
import type { Store } from "../store.ts";
import { readPrompt } from "./readPrompt.ts";

/** How agents may go about a ticket. */
export const MODES: readonly string[] = FIELDS.mode.plain.oneOf;
/** What holds where a ticket does not say. */
const DEFAULT_MODE = "chat";

/** A mode's prompt in the store, where it has one of its own. */
export interface OwnMode {
  readonly mode: string;
  readonly file: string;
  readonly read: StoreFile | Unread;
}

/** The prompts of modes that a store has itself, in place of the packaged ones. */
export function ownModes(store: Pick<Store, "dir">): OwnMode[] {
  return MODES.flatMap((mode) => {
    const file = fileOf(mode);
    const read = readPrompt(store, file);
    return read === undefined ? [] : [{ mode, file, read }];
  });
}

/** What an agent is told of a ticket's mode; `isOwn`: by the store's own file. @throws bad_config for one that cannot be read */
export function modePrompt(
  store: Pick<Store, "dir">,
  mode = DEFAULT_MODE,
): { readonly text: string; readonly isOwn: boolean } {
  const known = modeIn(mode);
  const own = readPrompt(store, fileOf(known));
  if (own instanceof Unread) throw new AyoError("bad_config", `${fileOf(known)}: ${own.message}`);
  if (own !== undefined) return { text: own.bytes.toString("utf8"), isOwn: true };
  return { text: readFileSync(path.join(packageDir(), fileOf(known)), "utf8"), isOwn: false };
}

/** The mode that a ticket's word means. */
export function modeIn(word = DEFAULT_MODE): string {
  return MODES.includes(word) ? word : DEFAULT_MODE;
}

function fileOf(mode: string): string {
  return `templates/prompts/${mode}.md`;
}
