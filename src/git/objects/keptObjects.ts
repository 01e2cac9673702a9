/** What an object that is kept takes beside its bytes. */
const OVERHEAD = 256;

/** An object that is kept for later, and the memory that it takes: what zlib returns is often a bit of a large buffer. */
function toKeep<T extends { readonly bytes: Buffer }>(object: T): { readonly object: T; readonly size: number } {
  const { bytes } = object;
  const size = bytes.length + OVERHEAD;
  if (bytes.buffer.byteLength <= 2 * size) return { object, size };
  const own = Buffer.alloc(bytes.length);
  bytes.copy(own);
  return { object: { ...object, bytes: own }, size };
}

/** What was kept, by what it is asked for: the last ones, as many as may fill so much memory. */
export class KeptObjects<Key, T extends { readonly bytes: Buffer }> {
  readonly #most: number;
  readonly #objects = new Map<Key, { readonly object: T; readonly size: number }>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): T | undefined {
    const found = this.#objects.get(key);
    if (found === undefined) return undefined;
    this.#objects.delete(key);
    this.#objects.set(key, found);
    return found.object;
  }

  set(key: Key, object: T): void {
    this.#drop(key);
    const kept = toKeep(object);
    this.#objects.set(key, kept);
    this.#bytes += kept.size;
    for (const oldest of this.#objects.keys()) {
      if (this.#bytes <= this.#most) break;
      this.#drop(oldest);
    }
  }

  #drop(key: Key): void {
    this.#bytes -= this.#objects.get(key)?.size ?? 0;
    this.#objects.delete(key);
  }
}
