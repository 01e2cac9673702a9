import { AyoError } from "../../error.ts";
import type { Content, Files } from "../../ticket/merge/trees/trees.ts";

/** Longer names cannot be had everywhere; in bytes. */
const MAX_NAME = 200;
/** A file of a store that is longer than this is a mistake or an attack; in bytes. */
const MAX_BYTES = 5 * 1024 * 1024;
/** What a name may not have on some system, or do to a terminal; the second are those of Windows' devices. */
const ODD_NAME = /[\p{Cc}\u2028\u2029<>:"|?*\\]|[. ]$/u;
const DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;
/** What may lie in a store's folder: tickets, the archive, rules, and what people and programs keep beside them. */
const KNOWN =
  /^(?:[^/.][^/]*\.md|config\.yml|agents\.yml|archive\/(?:deleted|\d{4}-\d{2}\/[^/.][^/]*\.md)|(?:projects|templates|schemas|outputs|pipelines|attachments|sync)\/[^/.][^/]*(?:\/[^/.][^/]*)*|hooks\/[^/.][^/]*(?:\/[^/.][^/]*)?)$/;

/**
 * Refuses a store's tree that has what no store has, before it goes and when it comes: what lies there would be put on
 * others' disks under that name.
 * @throws git_unsupported naming the first such path
 */
export function assertKnownFiles(files: Files, commit: string): void {
  const folded = new Map<string, string>();
  for (const [path, content] of files) {
    const why = oddity(path, content, folded);
    if (why !== undefined)
      throw new AyoError(
        "git_unsupported",
        `commit ${commit.slice(0, 8)} has '${path.replaceAll(/\p{Cc}/gu, "?")}', ${why}: it is not shared. Whoever has it takes it out of the history's ` +
          "end by 'git rm --cached' and a commit in .tickets",
        { data: { commit, path } },
      );
    folded.set(folding(path), path);
  }
}

/** @throws git_unsupported */
export function assertSize(file: string, bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  throw new AyoError("git_unsupported", `${file} has more than ${MAX_BYTES / 1024 / 1024} MiB: it is not shared`, {
    data: { path: file, bytes },
  });
}

/** What two names have in common that a file system may not tell apart. */
function folding(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function oddity(path: string, { mode }: Content, folded: ReadonlyMap<string, string>): string | undefined {
  if (mode !== "100644" && mode !== "100755") return "which is a link and no file";
  if (!KNOWN.test(path)) return "which is no file of a store";
  if (path.split("/").some((name) => Buffer.byteLength(name) > MAX_NAME)) return "whose name is too long";
  if (path.split("/").some((name) => ODD_NAME.test(name) || DEVICE.test(name)))
    return "a name that not every machine can have";
  const twin = folded.get(folding(path));
  return twin === undefined ? undefined : `which some machines cannot tell from '${twin}'`;
}
