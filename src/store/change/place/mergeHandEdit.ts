import { mergeTicket, type TicketMerge } from "../../../ticket/merge/mergeTicket.ts";
import type { Stamp } from "../../../ticket/merge/sides.ts";
import type { FrontMatterParser } from "../../../ticket/text/parseTicket.ts";
import { formatTime } from "../../../ticket/time.ts";
import { decodeText, withYaml } from "../../disk/readFile.ts";
import { isTicketPath } from "../../events/commitEvents.ts";
import { boardIn } from "../../open/config/boardIn.ts";
import type { Placing } from "./putInPlace.ts";

/** Whose change stays where both changed one field: the hand's, as everywhere; the other is in a note. */
const HAND: Stamp = { by: "the edit by hand", kind: "person", time: 2, oid: "2" };
const OTHERS: Stamp = { by: "others", kind: "person", time: 1, oid: "1" };

/**
 * A ticket that was edited by hand while the branch went on from the same version, merged by field: what gives way
 * becomes a note. Undefined for another file, and for what cannot be read as a ticket.
 */
export async function mergeHandEdit(
  { dir, host }: Pick<Placing, "dir" | "host">,
  file: string,
  versions: { readonly disk: Buffer; readonly base: Buffer | undefined; readonly branch: Buffer },
): Promise<Buffer | undefined> {
  if (!isTicketPath(file)) return undefined;
  const board = await boardIn(dir);
  const at = formatTime(host.now());
  const [disk, base, branch] = [versions.disk, versions.base, versions.branch].map(textOf);
  if (disk === undefined || branch === undefined) return undefined;
  const merge = (frontMatter?: FrontMatterParser): TicketMerge =>
    mergeTicket(
      base,
      { text: disk, stamps: {}, tip: HAND },
      { text: branch, stamps: {}, tip: OTHERS },
      { path: file, frontMatter, at, board },
    );
  const { text, setAside } = await withYaml(merge);
  return setAside === undefined ? Buffer.from(text) : undefined;
}

/** Undefined for what is no text: a ticket that nobody could read is a base of nothing. */
function textOf(bytes: Buffer | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : decodeText(bytes, "");
  } catch {
    return undefined;
  }
}
