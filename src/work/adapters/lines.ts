/** The longest line that is kept whole, in bytes. */
const MAX_LINE = 16 * 1024 * 1024;
/** What is kept of a longer one. */
const KEPT = 64 * 1024;
const LINE_FEED = 0x0a;

/** A complete line of a program's output. */
export interface Line {
  /** Without its end; what is no UTF-8 has replacement characters. */
  readonly text: string;
  /** Where it ends in the output: whoever goes on from there has the next line first. */
  readonly end: number;
  /** Too long: its beginning, and a word about the rest. */
  readonly isCut?: true;
}

/** Makes lines of a program's output as it comes: each byte is copied a few times at most, however it is cut. */
export class LineSplitter {
  readonly #maxLine: number;
  #offset: number;
  /** The beginning of a line that is not complete; filled up to `#held`. */
  #room: Buffer = Buffer.alloc(0);
  #held = 0;
  /** How long that line is, with what of it is not kept. */
  #size = 0;

  /** `offset` is where the output is read from: the end of a line, or its beginning. */
  constructor(offset = 0, maxLine = MAX_LINE) {
    this.#offset = offset;
    this.#maxLine = maxLine;
  }

  /** How far the output was read: behind the last byte. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next bytes, whose place may be used for others afterwards, and gives the lines that are complete now. */
  push(bytes: Uint8Array): readonly Line[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed >= 0; feed = chunk.indexOf(LINE_FEED, from)) {
      this.#offset += feed + 1 - from;
      lines.push(this.#complete(chunk.subarray(from, feed)));
      from = feed + 1;
    }
    this.#offset += chunk.length - from;
    this.#keep(chunk.subarray(from));
    return lines;
  }

  /** What came after the last line's end, once nothing more will come. */
  finish(): Line | undefined {
    return this.#size === 0 ? undefined : this.#complete(Buffer.alloc(0));
  }

  #complete(last: Buffer): Line {
    const isWhole = this.#size === 0 && last.length <= this.#maxLine;
    if (!isWhole) this.#keep(last);
    const text = (isWhole ? last : this.#room.subarray(0, this.#held)).toString();
    const size = this.#size;
    this.#room = Buffer.alloc(0);
    this.#held = 0;
    this.#size = 0;
    if (size <= this.#maxLine) return { text: text.replace(/\r$/, ""), end: this.#offset };
    return { text: `${text}… (a line of ${size} bytes)`, end: this.#offset, isCut: true };
  }

  #keep(part: Buffer): void {
    const wasLong = this.#size > this.#maxLine;
    this.#size += part.length;
    if (wasLong || part.length === 0) return;
    const kept = part.subarray(0, Math.max(0, this.#maxLine - this.#held));
    if (this.#held + kept.length > this.#room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(this.#room.length * 2, this.#held + kept.length));
      this.#room.copy(room, 0, 0, this.#held);
      this.#room = room;
    }
    this.#held += kept.copy(this.#room, this.#held);
    if (this.#size > this.#maxLine) this.#shorten();
  }

  /** Gives back the room that the rest of the line took. */
  #shorten(): void {
    this.#room = Buffer.from(this.#room.subarray(0, Math.min(KEPT, this.#held)));
    this.#held = this.#room.length;
  }
}
