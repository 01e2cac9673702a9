/** 32 bits of a text's UTF-8 (FNV-1a): no secret, only spread evenly, and the same on every machine. */
export function hash(text: string, seed = 0x811c9dc5): number {
  let value = seed;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
