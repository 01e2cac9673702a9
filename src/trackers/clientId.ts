import { createHash } from "node:crypto";

/**
 * An id for something that we make at a tracker, in the shape of a random UUID and yet always the same for the same
 * thing: whoever makes it again, after a crash or on another machine, is told that it is there.
 */
export function clientId(...parts: readonly (string | number)[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x40;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
