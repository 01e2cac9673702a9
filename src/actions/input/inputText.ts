import { isUtf8 } from "node:buffer";
import { AyoError } from "../../error.ts";

/**
 * The text of bytes that a person or a program handed in; `what` says where they came from: `standard input`. What is
 * no UTF-8 is refused: read as such it would lose every byte that does not fit, for good.
 * @throws bad_input with the byte, its offset and its line
 */
export function inputText(bytes: Uint8Array, what: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  const offset = firstBadByte(buffer);
  const line = buffer.subarray(0, offset).toString("latin1").split("\n").length;
  const byte = `0x${(buffer[offset] ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
  throw new AyoError(
    "bad_input",
    `${what} is not UTF-8 text: byte ${byte} at offset ${offset}, line ${line}; nothing was changed`,
    { data: { offset, line } },
  );
}

/** Where the first sequence begins that is none: the longest beginning that is UTF-8 ends there. */
function firstBadByte(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, startOf(bytes, middle)))) good = middle;
    else bad = middle;
  }
  return startOf(bytes, good);
}

/** Where the character begins that `at` may lie in. */
function startOf(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
