/** Bytes before each part of the file are a multiple of this. */
const ALIGN = 8;

/** Bytes with zeros behind them, so that numbers can begin there. */
export function padded(bytes: Buffer): Buffer {
  const rest = restOf(bytes.length);
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(rest)]);
}

/** How many zeros stand behind so many bytes. */
export function restOf(length: number): number {
  return -length & (ALIGN - 1);
}
