import { createHash } from "node:crypto";
import type { Encoding } from "./encoding.ts";

/*
 * Two kinds of ETags. A ticket's is strong and begins with its version, which is all that If-Match looks at; what follows
 * is a hash of the answer, since a ticket of one version can be ready or wait, be claimed or no longer. Of everything else
 * it is weak, a hash of the answer.
 */

/** A weak ETag: the same for the same bytes, however they are squeezed. */
export function hashTag(body: string | Uint8Array): string {
  return `W/"${createHash("sha1").update(body).digest("base64url")}"`;
}

/** A strong ETag for what is at a version: another one for any other bytes. */
export function versionTag(version: string, body: string | Uint8Array): string {
  return `"${version}-${createHash("sha1").update(body).digest("hex").slice(0, 16)}"`;
}

/** The version in an ETag of a ticket, which may also be nothing but a version; undefined for anything else. */
export function versionIn(tag: string): string | undefined {
  return /^(?:W\/)?"([0-9a-f]+)(?:-[0-9a-f]+)?(?:-(?:gzip|br))?"$/i.exec(tag.trim())?.[1];
}

/** The ETag of content in an encoding: for strong ones other bytes are another representation. */
export function tagIn(tag: string, encoding: Encoding | undefined): string {
  return encoding === undefined || tag.startsWith("W/") ? tag : `${tag.slice(0, -1)}-${encoding}"`;
}

/** The ETag by which a client has what would be sent, as If-None-Match says; undefined where it has something else. */
export function knownTag(ifNoneMatch: string | null, tag: string): string | undefined {
  if (ifNoneMatch === null) return undefined;
  if (ifNoneMatch.trim() === "*") return tag;
  const same = [undefined, "gzip" as const, "br" as const].map((encoding) => weakly(tagIn(tag, encoding)));
  return ifNoneMatch.match(/(?:W\/)?"[^"]*"/g)?.find((one) => same.includes(weakly(one)));
}

function weakly(tag: string): string {
  return tag.replace(/^W\//, "");
}
