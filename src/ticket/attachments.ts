import { AyoError } from "../error.ts";

/** A longer file is refused, and shared with nobody; in bytes. */
export const MAX_ATTACHMENT = 5 * 1024 * 1024;
/** What the files of one ticket have together at most, in bytes. */
export const MAX_ATTACHED = 50 * 1024 * 1024;

/** Longer names cannot be had everywhere; in bytes of UTF-8. */
const MAX_NAME = 120;
const FOLDER = "attachments/";
/** What a name may not have on some system, or do to a terminal: control and direction characters, and Windows' own. */
const ODD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD<>:"|?*]+/gu;
/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;

/** Where a file of a ticket lies in the store. */
export function attachmentPath(id: string, name: string): string {
  return `${FOLDER}${id}/${name}`;
}

/** The folder of a ticket's files. */
export function attachmentFolder(id: string): string {
  return `${FOLDER}${id}`;
}

/** Whose file a path in the store is, and its name; undefined for any other path. */
export function attachmentAt(path: string): { readonly id: string; readonly name: string } | undefined {
  const [, id, name] = /^attachments\/([^/.][^/]*)\/([^/.][^/]*)$/.exec(path) ?? [];
  return id === undefined || name === undefined ? undefined : { id, name };
}

/** The names of the files that a ticket lists, without what is no path of a file of its own. */
export function attachedNames(id: string, listed: readonly string[] = []): string[] {
  return listed.flatMap((path) => {
    const own = attachmentAt(path);
    return own?.id === id ? own.name : [];
  });
}

/**
 * A name as it is kept: what not every system can have in one becomes `-`, and a long one is cut before its extension.
 * @throws bad_input for one that says where to go (`../x`, `a/b`), is hidden or is empty
 */
export function attachmentName(given: string): string {
  const name = given.normalize("NFC").trim();
  const refuse = (why: string): AyoError =>
    new AyoError("bad_input", `'${shown(given)}' is no name for an attachment: ${why}`, { data: { field: "name" } });
  if (name === "") throw refuse("it is empty");
  if (/[/\\\0]/.test(name)) throw refuse("a name has no path in it");
  if (name.startsWith(".")) throw refuse("it begins with a dot");
  const fit = name.replaceAll(ODD, "-").replace(/[. ]+$/, "");
  if (/\p{Surrogate}/u.test(fit)) throw refuse("it holds half of a character");
  if (fit === "" || fit.startsWith(".")) throw refuse("nothing is left of it");
  return cut(DEVICE.test(fit) ? `_${fit}` : fit, "");
}

/** A name that none of the others has on any file system: `shot.png`, `shot-2.png`. */
export function freeName(name: string, isTaken: (folded: string) => boolean): string {
  for (let n = 1; ; n++) {
    const one = n === 1 ? name : cut(name, `-${n}`);
    if (!isTaken(foldedName(one))) return one;
  }
}

/** What two names have in common that a file system may not tell apart. */
export function foldedName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** How a name stands in the address of a link: what would end it, or is no letter of an address, is coded. */
export function attachmentLink(id: string, name: string): string {
  const coded = encodeURIComponent(name).replaceAll(/[()'!*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `${FOLDER}${id}/${coded}`;
}

/** A name with something between its stem and its extension, as long as a name may be. */
function cut(name: string, more: string): string {
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 && name.length - dot <= 16 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const letters = [...stem];
  while (byteLength(letters.join("") + more + end) > MAX_NAME && letters.length > 1) letters.pop();
  return letters.join("") + more + end;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function shown(name: string): string {
  return name.replaceAll(ODD, "?").slice(0, 80);
}
