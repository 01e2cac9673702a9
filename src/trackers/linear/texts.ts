import { asCode } from "../asCode.ts";

/** A name with an `@` before it, where prose could mean a person by it; in code it stays as it is. */
const NAME = /(^|[^\w`/@.])(@[\w][\w-]*)/g;

/** A text as it is sent: names of agents are accounts there, and calling one may start it, so they go as code. */
export function textToRemote(text: string): string {
  return asCode(text, NAME);
}

/** What Linear makes of a line and what was sent look alike by this: it keeps a document, and spells markdown anew. */
export function lineKey(line: string): string {
  return line
    .trimEnd()
    .replace(/^(\s*)[-+*] /, "$1* ")
    .replaceAll(/`(@[\w-]+)`/g, "$1")
    .replaceAll(/\]\(<([^<>]*)>\)/g, "]($1)")
    .replaceAll(/<(https?:[^<>\s]*)>/g, "$1")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");
}
