import { AyoError } from "../../error.ts";
import { assertSettled } from "../text/conflictMarkers.ts";
import type { FrontMatterParser } from "../text/parseTicket.ts";
import { frontOf, splitDocument } from "../text/splitDocument.ts";
import { type Body, splitBody } from "./bodyParts.ts";
import { type Front, readFront } from "./frontItems.ts";

/** Which file is read, and the parser where the plain reader is not enough. */
interface Reading {
  readonly path: string;
  readonly frontMatter?: FrontMatterParser | undefined;
}

/** A file taken apart. */
export interface Read {
  /** With `\n` as line ends. */
  readonly text: string;
  readonly isCrlf: boolean;
  readonly bom: boolean;
  readonly front: Front;
  readonly body: Body;
  /** The lines around the front matter. */
  readonly fences: readonly [string, string];
}

/** Takes a ticket's text apart; undefined where nobody can read it as one. */
export type PartsOf = (text: string) => Read | undefined;

/** Takes a file apart for merging; undefined where nobody can read it as a ticket. */
export function readParts(source: string | undefined, { path, frontMatter }: Reading): Read | undefined {
  if (source === undefined) return undefined;
  const isCrlf = source.includes("\r\n") && !/(?<!\r)\n/.test(source);
  const text = isCrlf ? source.replaceAll("\r\n", "\n") : source;
  try {
    assertSettled(text, path);
    const { start, end } = frontOf(text, path);
    const { bom, body } = splitDocument(text);
    const fences = [text.slice(bom ? 1 : 0, start), text.slice(end, body)] as const;
    return { text, isCrlf, bom, front: readFront(text, path, frontMatter), body: splitBody(text), fences };
  } catch (error) {
    if (error instanceof AyoError && error.code === "bad_ticket") return undefined;
    throw error;
  }
}
