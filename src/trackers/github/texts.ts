import { asCode } from "../asCode.ts";

/** A name with an `@` before it and a number with a `#`, where prose could mean a person or an issue by them. */
const MEANT = /(^|[^\w`/@#.&-])(@\w[\w-]*|(?:[\w.-]+\/[\w.-]+)?#\d+\b|GH-\d+\b)/g;

/**
 * A text as it is sent. Names of agents are accounts there, and calling one may start it; a number would put a line
 * into an issue that is nobody's concern: both go as code.
 */
export function textToRemote(text: string): string {
  return asCode(text, MEANT);
}

/** What a line says, as code or not. */
export function lineKey(line: string): string {
  return line.trimEnd().replaceAll(/`(@[\w-]+|(?:[\w.-]+\/[\w.-]+)?#\d+|GH-\d+)`/g, "$1");
}
