// What an entry of a pack looks like, gitformat-pack(5): used by those who read one object and those who read many.

/** The kinds of objects by their number in a pack. */
export const PACKED_TYPES: Readonly<Record<number, string>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
/** A difference to the entry so many bytes before this one. */
export const OFFSET_DELTA = 6;
/** A difference to the object with the id that follows. */
export const ID_DELTA = 7;

/** An object as a pack has it. */
export interface PackedObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Kind and inflated size of the entry that begins at `bytes[0]`, and where its content begins. */
export function entryHead(bytes: Buffer): { readonly type: number; readonly size: number; readonly at: number } {
  let at = 0;
  let byte = bytes[at++] as number;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let shift = 4; byte & 128; shift += 7) {
    byte = bytes[at++] as number;
    size += (byte & 127) * 2 ** shift;
  }
  return { type, size, at };
}

/** How far back the base of an OFFSET_DELTA begins, read at `bytes[at]`, and where its content begins. */
export function backwardOffset(bytes: Buffer, at: number): { readonly back: number; readonly next: number } {
  let next = at;
  let byte = bytes[next++] as number;
  let back = byte & 127;
  while (byte & 128) {
    byte = bytes[next++] as number;
    back = (back + 1) * 128 + (byte & 127);
  }
  return { back, next };
}

/**
 * Puts an object together from parts of another and new bytes.
 * @throws Error where the difference is not one to this object
 */
export function applyDelta({ type, bytes: base }: PackedObject, delta: Buffer): PackedObject {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = delta[at++] as number;
      value += (byte & 127) * 2 ** shift;
      if ((byte & 128) === 0) return value;
    }
  };
  const field = (command: number, bits: number, first: number): number => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) if (command & (first << bit)) value += (delta[at++] as number) * 256 ** bit;
    return value;
  };
  if (number() !== base.length) throw new Error("a difference to something else");
  const bytes = Buffer.allocUnsafe(number());
  let end = 0;
  while (at < delta.length) {
    const command = delta[at++] as number;
    if (command & 128) {
      const start = field(command, 4, 1);
      const length = field(command, 3, 16) || 0x10000;
      if (start + length > base.length) throw new Error("a copy from outside");
      end += base.copy(bytes, end, start, start + length);
    } else {
      end += delta.copy(bytes, end, at, at + command);
      at += command;
    }
  }
  if (end !== bytes.length) throw new Error("an object of another length");
  return { type, bytes };
}
