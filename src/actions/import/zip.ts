import { inflateRawSync } from "node:zlib";
import { AyoError } from "../../error.ts";
import { MAX_DOCUMENT, tooLarge } from "./limits.ts";

/** A file within an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its bytes, unpacked. @throws bad_input where they are more than it says, or packed in another way */
  read(): Buffer;
}

const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];

/** Whether bytes begin as a ZIP archive does. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 22 && bytes.readUInt32LE(0) === LOCAL;
}

/** The files of a ZIP archive; nothing is unpacked until it is read. @throws bad_input for what is none */
export function readZip(bytes: Buffer, shown: string): ZipEntry[] {
  const broken = (): AyoError => new AyoError("bad_input", `${shown} is a broken ZIP archive`);
  try {
    const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || bytes.readUInt32LE(end) !== END) throw broken();
    const entries: ZipEntry[] = [];
    let at = bytes.readUInt32LE(end + 16);
    for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
      if (bytes.readUInt32LE(at) !== CENTRAL) throw broken();
      const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ];
      const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
      const header = at;
      entries.push({ name, read: () => unpack(bytes, header, `${shown}: ${name}`) });
      at += 46 + nameLength + extra + comment;
    }
    return entries;
  } catch (error) {
    throw error instanceof RangeError ? broken() : error;
  }
}

function unpack(bytes: Buffer, header: number, shown: string): Buffer {
  const refuse = (why: string, cause?: unknown) => new AyoError("bad_input", `${shown} ${why}`, { cause });
  try {
    const [method, packed, size] = [
      bytes.readUInt16LE(header + 10),
      bytes.readUInt32LE(header + 20),
      bytes.readUInt32LE(header + 24),
    ];
    const local = bytes.readUInt32LE(header + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    if (from + packed > bytes.length) throw refuse("is cut off");
    if (size > MAX_DOCUMENT) throw tooLarge(shown);
    const data = bytes.subarray(from, from + packed);
    if (method === STORED) return data;
    if (method === DEFLATED) return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
    throw refuse("is packed in a way that is not known here: unpack the archive, and import the folder");
  } catch (error) {
    if (error instanceof AyoError) throw error;
    throw refuse(`cannot be unpacked: ${(error as Error).message}`, error);
  }
}
