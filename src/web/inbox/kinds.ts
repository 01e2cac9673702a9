import { say } from "../words/say.ts";

/** What people call lines of a kind; one that is new to the page keeps the server's word. */
export function kindName(kind: string): string {
  return Object.hasOwn(say.kinds, kind) ? say.kinds[kind as keyof typeof say.kinds] : kind.replaceAll("_", " ");
}
