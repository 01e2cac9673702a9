/** Text lines that begin with an id and a tab, found by their id without looking at the others. */
export interface LineTable {
  /** The line of an id, or undefined. */
  find(id: string): string | undefined;
  lines(): string[];
  /** The lines whose last part, after a tab, is `value`. */
  endingIn(value: string): string[];
}

const TAB = 9;
const NEWLINE = 10;

/**
 * Bytes that {@link readLineTable} searches: the number of slots, the slots (a line's offset plus one, 0 where there is
 * none; ids that meet take the next free slot), the lines. Ids are ASCII.
 */
export function formatLineTable(lines: readonly string[]): Buffer {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const slots = new Uint32Array(slotsFor(lines.length));
  let offset = 0;
  for (const line of lines) {
    let slot = hash(line.slice(0, line.indexOf("\t"))) % slots.length;
    while (slots[slot] !== 0) slot = (slot + 1) % slots.length;
    slots[slot] = offset + 1;
    offset += Buffer.byteLength(line) + 1;
  }
  const count = Buffer.alloc(4);
  count.writeUInt32LE(slots.length);
  return Buffer.concat([count, Buffer.from(slots.buffer), text]);
}

/** Opens bytes that {@link formatLineTable} made. */
export function readLineTable(bytes: Buffer): LineTable {
  const slots = bytes.readUInt32LE(0);
  const text = bytes.subarray(4 + slots * 4);
  return {
    find: (id) => {
      for (let slot = hash(id) % slots; ; slot = (slot + 1) % slots) {
        const start = bytes.readUInt32LE(4 + slot * 4) - 1;
        if (start < 0) return undefined;
        if (beginsWith(text, start, id)) return text.toString("utf8", start, text.indexOf(NEWLINE, start));
      }
    },
    lines: () => text.toString("utf8").split("\n").slice(0, -1),
    endingIn: (value) => {
      const found: string[] = [];
      const end = `\t${value}\n`;
      for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1))
        found.push(text.toString("utf8", text.lastIndexOf(NEWLINE, at) + 1, at + end.length - 1));
      return found;
    },
  };
}

function beginsWith(text: Buffer, start: number, id: string): boolean {
  for (let at = 0; at < id.length; at++) if (text[start + at] !== id.charCodeAt(at)) return false;
  return text[start + id.length] === TAB;
}

/** At least twice as many slots as lines keeps the ways short. */
function slotsFor(lines: number): number {
  return 2 ** Math.ceil(Math.log2(lines + 1)) * 2;
}

/** FNV-1a, 32 bits. */
function hash(id: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) value = Math.imul(value ^ id.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
