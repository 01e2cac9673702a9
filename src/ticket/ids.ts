import { AyoError } from "../error.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Names that Windows keeps for devices, with or without an extension, and the README every folder may hold. */
const RESERVED = /^(?:(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?|readme)$/i;
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
/** The largest multiple of 36 in a byte: bytes from here on would make some digits likelier than others. */
const UNBIASED = 252;
const MAX_CANDIDATES = 20;
/** Who changes something names at least so much of an id: less is sooner a slip than a choice. */
const LEAST_TO_CHANGE = 3;

/** Whether `id` can name a ticket and its file on every platform. */
export function isValidId(id: string): boolean {
  return ID.test(id) && !id.includes("..") && !/(?:\.|\.md|\.lock)$/i.test(id) && !RESERVED.test(id);
}

/** The prefix of new ids, as tk makes it from a directory's name: `my-web-app` is `mwa`, `backend` is `bac`. */
export function prefixFor(directoryName: string): string {
  const name = directoryName.toLowerCase();
  const initials = name.split(/[-_\s]+/).map((segment) => segment.slice(0, 1));
  const prefix = initials.join("").replaceAll(/[^a-z0-9]/g, "");
  if (prefix.length >= 2) return prefix.slice(0, 16);
  return name.replaceAll(/[^a-z0-9]/g, "").slice(0, 3) || "t";
}

/**
 * `<prefix>-<base36>`, every digit equally likely; give about twice as many random bytes as digits.
 * @throws internal when the bytes run out
 */
export function randomId(prefix: string, randomBytes: Uint8Array, length = 4): string {
  const usable = [...randomBytes].filter((byte) => byte < UNBIASED).slice(0, length);
  if (usable.length < length)
    throw new AyoError("internal", `${randomBytes.length} random bytes do not make ${length} digits`);
  return `${prefix}-${usable.map((byte) => DIGITS[byte % DIGITS.length]).join("")}`;
}

/**
 * The one id that `wanted` means: itself, itself in another case, or a unique beginning, end or beginning of the part
 * after a dash, of three characters at least; with `substring`, for who only reads, also a unique part in the middle,
 * and of any length.
 * @throws ambiguous_id with up to 20 `candidates`; not_found with up to 3 ids that are `near`
 */
export function matchId(wanted: string, ids: Iterable<string>, { substring }: { readonly substring: boolean }): string {
  const text = wanted.trim().replace(/^#/, "").replace(/\.md$/i, "");
  const all = [...ids];
  if (all.includes(text)) return text;
  const needle = text.toLowerCase();
  const rules: ((id: string) => boolean)[] = [
    (id) => id === needle,
    (id) => id.startsWith(needle) || id.endsWith(needle) || id.slice(id.indexOf("-") + 1).startsWith(needle),
    (id) => substring && id.includes(needle),
  ];
  for (const rule of needle === "" ? [] : rules) {
    const found = all.filter((id) => rule(id.toLowerCase()));
    if (found.length === 1) return longEnough(text, found[0] as string, substring);
    if (found.length > 1) throw ambiguous(text, found);
  }
  throw new AyoError("not_found", `ticket '${text}' not found`, { data: { id: text, near: nearest(needle, all) } });
}

function longEnough(wanted: string, id: string, isRead: boolean): string {
  if (isRead || wanted.length >= LEAST_TO_CHANGE || wanted.length === id.length) return id;
  const least = "a command that changes something needs three characters of an id, or all of it";
  throw new AyoError("ambiguous_id", `'${wanted}' is too short: ${least} (it fits ${id})`, {
    data: { id: wanted, candidates: [id], total: 1 },
  });
}

function ambiguous(wanted: string, found: readonly string[]): AyoError {
  const candidates = found.toSorted().slice(0, MAX_CANDIDATES);
  const more = found.length > candidates.length ? ` and ${found.length - candidates.length} more` : "";
  return new AyoError("ambiguous_id", `'${wanted}' fits ${found.length} tickets: ${candidates.join(", ")}${more}`, {
    data: { id: wanted, candidates, total: found.length },
  });
}

function nearest(wanted: string, ids: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return ids
    .map((id) => ({ id, distance: editDistance(wanted.slice(0, 64), id.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, 3)
    .map(({ id }) => id);
}

/** How many letters must be added, removed or changed to make one text of the other (Levenshtein). */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[right.length] ?? 0;
}
