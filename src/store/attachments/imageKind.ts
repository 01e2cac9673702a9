/** Pictures that browsers show and no script can be in, by what their bytes say. */
export interface Picture {
  readonly type: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif";
  /** In pixels, where its beginning says so. */
  readonly width?: number;
  readonly height?: number;
}

/** So much of a file says what it is; the size of a JPEG may stand behind a long preview. In bytes. */
export const BEGINNING = 256 * 1024;

type Size = Pick<Picture, "width" | "height">;

/** The picture that a file is, by how it begins and never by its name; undefined for any other file. */
export function pictureIn(bytes: Buffer): Picture | undefined {
  const isAt = (text: string, at: number): boolean => bytes.toString("latin1", at, at + text.length) === text;
  if (isAt("\x89PNG\r\n\x1a\n", 0)) return { type: "image/png", ...(isAt("IHDR", 12) ? sizeAt(bytes, 16, 20, 4) : {}) };
  if (isAt("GIF87a", 0) || isAt("GIF89a", 0)) return { type: "image/gif", ...small(bytes, 6, 8) };
  if (isAt("\xff\xd8\xff", 0)) return { type: "image/jpeg", ...jpegSize(bytes) };
  if (isAt("RIFF", 0) && isAt("WEBP", 8)) return { type: "image/webp", ...webpSize(bytes) };
  const isAvif = isAt("ftyp", 4) && (isAt("avif", 8) || isAt("avis", 8));
  return isAvif ? { type: "image/avif", ...avifSize(bytes) } : undefined;
}

/** Two numbers of the file, the first byte the greatest. */
function sizeAt(bytes: Buffer, width: number, height: number, length: 2 | 4): Size {
  if (Math.max(width, height) + length > bytes.length) return {};
  return sound(bytes.readUIntBE(width, length), bytes.readUIntBE(height, length));
}

/** The same of two bytes each, the first the least. */
function small(bytes: Buffer, width: number, height: number, mask = 0xffff): Size {
  if (Math.max(width, height) + 2 > bytes.length) return {};
  return sound(bytes.readUInt16LE(width) & mask, bytes.readUInt16LE(height) & mask);
}

/** No file is to say that it is a million pixels high. */
function sound(width: number, height: number): Size {
  return [width, height].every((side) => side > 0 && side <= 0xffff) ? { width, height } : {};
}

/** The frame's head, behind other segments that say how long they are (ITU T.81, B.1). */
function jpegSize(bytes: Buffer): Size {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return sizeAt(bytes, at + 7, at + 5, 2);
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return {};
}

/** RFC 9649: lossy, lossless, or with a head of its own. */
function webpSize(bytes: Buffer): Size {
  if (bytes.length < 30) return {};
  const kind = bytes.toString("latin1", 12, 16);
  if (kind === "VP8 ") return small(bytes, 26, 28, 0x3fff);
  if (kind === "VP8X") return sound(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
  if (kind !== "VP8L") return {};
  const bits = bytes.readUInt32LE(21);
  return sound((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

/** The property `ispe` of the first picture in it (ISO 23008-12). */
function avifSize(bytes: Buffer): Size {
  const at = bytes.indexOf("ispe", 0, "latin1");
  return at < 0 ? {} : sizeAt(bytes, at + 8, at + 12, 4);
}
