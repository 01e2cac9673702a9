import { promisify } from "node:util";
import { type BrotliOptions, brotliCompress, constants, gzip, type ZlibOptions } from "node:zlib";

/** How bytes may be squeezed on their way. */
export type Encoding = "gzip" | "br";

/** Shorter ones are sent as they are: they fit into one packet. In bytes. */
const WORTH_IT = 1024;
/** Pictures and the like are squeezed already. */
const TEXT = /^(?:text\/|image\/svg\+xml|application\/(?:[\w.-]+\+)?json)/;
const toGzip = promisify<Uint8Array, ZlibOptions, Buffer<ArrayBuffer>>(gzip);
const toBrotli = promisify<Uint8Array, BrotliOptions, Buffer<ArrayBuffer>>(brotliCompress);

/** Whether content of a type is sent in the encoding that the client wants. */
export function isSqueezable(type: string): boolean {
  return TEXT.test(type);
}

/**
 * The encoding to send content in; undefined to send it as it is, as to a client that does not say what it takes.
 * What is sent again and again is worth brotli's time, what is made for one request is not.
 */
export function encodingFor(header: string | null, size: number, isLasting: boolean): Encoding | undefined {
  if (header === null || size < WORTH_IT) return undefined;
  const weights = weightsOf(header);
  const weight = (encoding: Encoding): number => weights.get(encoding) ?? weights.get("*") ?? 0;
  const [first, second]: readonly [Encoding, Encoding] = isLasting ? ["br", "gzip"] : ["gzip", "br"];
  const best = weight(second) > weight(first) ? second : first;
  // Who would rather have it as it is, says so.
  return weight(best) > 0 && weight(best) >= (weights.get("identity") ?? 0) ? best : undefined;
}

/** `gzip, br;q=0.8` as weights. */
function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((word) => word.trim());
    const q = parameters.map((one) => /^q=(.*)$/.exec(one)?.[1]).find((one) => one !== undefined);
    const weight = q === undefined ? 1 : Number(q);
    if (name !== "") weights.set(name === "x-gzip" ? "gzip" : name, Number.isFinite(weight) ? weight : 0);
  }
  return weights;
}

/** The bytes in an encoding; what lasts is squeezed as far as it goes at once. */
export async function encode(
  bytes: Uint8Array,
  encoding: Encoding,
  isLasting: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === "gzip") return toGzip(bytes, { level: isLasting ? 9 : 6 });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: isLasting ? 9 : 4,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
    // With a larger window it takes 30 MiB for each file at this quality.
    [BROTLI_PARAM_LGWIN]: 16,
  };
  return toBrotli(bytes, { params });
}
