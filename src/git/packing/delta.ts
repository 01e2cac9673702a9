/** Git makes copies of at most this many bytes. */
const MAX_COPY = 0x10000;
const MAX_INSERT = 127;
/** A changed middle as short as this is written anew. */
const SHORT = 64;

/**
 * A difference from which {@link applyDelta} makes `target` out of `base`, or undefined where it would save too little.
 * Versions of one folder differ in a few lines and those of one file mostly at its end, so that what they begin and end
 * with alike is looked for, and in folders the lines between.
 */
export function makeDelta(base: Buffer, target: Buffer, areTrees: boolean): Buffer | undefined {
  const { start, rest } = differingPart(base, target);
  const middle = target.length - rest - start;
  const delta = new Delta(base, target);
  const lines = areTrees && middle > SHORT ? linesBetween(target, start, target.length - rest) : [];
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) {
    delta.copy(0, start);
    delta.insert(start, middle);
    delta.copy(base.length - rest, rest);
  } else {
    const known = new Map<string, number>();
    for (const { at, end } of linesBetween(base, start, base.length - rest))
      known.set(base.toString("latin1", at, end), at);
    delta.copy(0, first.at);
    for (const { at, end } of lines) {
      const from = known.get(target.toString("latin1", at, end));
      if (from === undefined) delta.insert(at, end - at);
      else delta.copy(from, end - at);
    }
    const after = target.length - last.end;
    delta.copy(base.length - after, after);
  }
  const bytes = delta.bytes();
  return bytes.length < target.length / 2 ? bytes : undefined;
}

/** How many bytes at the beginning (`start`) and at the end (`rest`) two versions have in common. */
export function differingPart(base: Buffer, target: Buffer): { readonly start: number; readonly rest: number } {
  const most = Math.min(base.length, target.length);
  const start = longest(most, (from, to) => base.compare(target, from, to, from, to) === 0);
  const [before, after] = [base.length, target.length];
  const rest = longest(
    most - start,
    (from, to) => base.compare(target, after - to, after - from, before - to, before - from) === 0,
  );
  return { start, rest };
}

/** The greatest number up to `most` to which all is equal, when pieces can be compared. */
function longest(most: number, isEqual: (from: number, to: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (isEqual(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A line of a tree: `mode name NUL id`. */
export interface TreeLine {
  readonly at: number;
  readonly end: number;
}

/** The lines of a tree that lie, if only with a part, between two places. */
export function linesBetween(tree: Buffer, from: number, to: number): TreeLine[] {
  const found: TreeLine[] = [];
  for (let at = 0; at < Math.min(to, tree.length); ) {
    let end = at;
    while (end < tree.length && tree[end] !== 0) end++;
    end += 21;
    if (end > from && end <= tree.length) found.push({ at, end });
    at = end;
  }
  return found;
}

/** Gathers the parts of a difference; neighbours become one. */
class Delta {
  readonly #parts: Buffer[];
  readonly #target: Buffer;
  #pending: { readonly isCopy: boolean; readonly from: number; length: number } | undefined;

  constructor(base: Buffer, target: Buffer) {
    this.#target = target;
    this.#parts = [lengthOf(base), lengthOf(target)];
  }

  copy(from: number, length: number): void {
    this.#add(true, from, length);
  }

  insert(from: number, length: number): void {
    this.#add(false, from, length);
  }

  bytes(): Buffer {
    this.#flush();
    return Buffer.concat(this.#parts);
  }

  #add(isCopy: boolean, from: number, length: number): void {
    if (length === 0) return;
    const last = this.#pending;
    if (last?.isCopy === isCopy && last.from + last.length === from) last.length += length;
    else {
      this.#flush();
      this.#pending = { isCopy, from, length };
    }
  }

  #flush(): void {
    const { isCopy = true, from = 0, length = 0 } = this.#pending ?? {};
    for (let done = 0; done < length; done += isCopy ? MAX_COPY : MAX_INSERT) {
      if (isCopy) this.#parts.push(copyCommand(from + done, Math.min(MAX_COPY, length - done)));
      else {
        const size = Math.min(MAX_INSERT, length - done);
        this.#parts.push(Buffer.from([size]), this.#target.subarray(from + done, from + done + size));
      }
    }
    this.#pending = undefined;
  }
}

/** Zero bytes are left out; a length of 0x10000 is written as none. */
function copyCommand(from: number, length: number): Buffer {
  const bytes = [0];
  let command = 0x80;
  for (let bit = 0; bit < 4; bit++) {
    const byte = (from >>> (8 * bit)) & 255;
    if (byte !== 0) command |= 1 << bit;
    if (byte !== 0) bytes.push(byte);
  }
  for (let bit = 0; bit < 2; bit++) {
    const byte = length === MAX_COPY ? 0 : (length >>> (8 * bit)) & 255;
    if (byte !== 0) command |= 16 << bit;
    if (byte !== 0) bytes.push(byte);
  }
  bytes[0] = command;
  return Buffer.from(bytes);
}

function lengthOf({ length }: Buffer): Buffer {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
