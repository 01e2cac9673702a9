/** What does not fit a schema, and where: a JSON pointer. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** An entry of an array or an object. */
export interface Entry {
  readonly key: string;
  readonly pointer: string;
  readonly value: unknown;
}

/** What lies in a value, with the pointer to each; undefined where it holds nothing but itself. */
export function entriesOf(value: unknown, pointer: string): readonly Entry[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([key, one]) => ({ key, pointer: `${pointer}/${escaped(key)}`, value: one }));
}

/** As RFC 6901 writes a key. */
function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What is wrong with a value itself. */
export function faultsAt(faults: readonly Fault[], pointer: string): readonly Fault[] {
  return faults.filter((fault) => fault.pointer === pointer);
}

/** How many faults lie in a value, at any depth. */
export function faultsWithin(faults: readonly Fault[], pointer: string): number {
  return faults.filter((fault) => fault.pointer.startsWith(`${pointer}/`)).length;
}

/** Faults whose place is not in the value: they are told above it. */
export function faultsElsewhere(faults: readonly Fault[], value: unknown): readonly Fault[] {
  return faults.filter(({ pointer }) => pointer === "" || !hasPlace(value, pointer));
}

function hasPlace(value: unknown, pointer: string): boolean {
  let at = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

/** A picture that a text is as a whole: of kinds that hold no program. */
export function isPictureData(text: string): boolean {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z\d+/]+=*$/i.test(text);
}
