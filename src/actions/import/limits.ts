import { AyoError } from "../../error.ts";

/** What is read at once, and is no list of lines, is not larger than this: in bytes. */
export const MAX_DOCUMENT = 256 * 1024 * 1024;

/** A file of more than {@link MAX_DOCUMENT}. */
export function tooLarge(shown: string): AyoError {
  return new AyoError("bad_input", `${shown} is larger than ${MAX_DOCUMENT / 1024 / 1024} MiB`);
}
