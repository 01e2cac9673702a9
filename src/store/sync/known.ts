import { AyoError } from "../../error.ts";
import type { Content, Files } from "../../ticket/merge/trees/trees.ts";

/** Longer names cannot be had everywhere; in bytes. */
const MAX_NAME = 200;
/** What may lie in a store's folder: tickets, the archive, rules, and what people and programs keep beside them. */
const KNOWN =
  /^(?:[^/.][^/]*\.md|config\.yml|agents\.yml|archive\/(?:deleted|\d{4}-\d{2}\/[^/.][^/]*\.md)|(?:projects|templates|schemas|outputs|pipelines|attachments|sync)\/[^/.][^/]*(?:\/[^/.][^/]*)*|hooks\/[^/.][^/]*)$/;

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
        `commit ${commit.slice(0, 8)} has '${path}', ${why}: it is not shared. Whoever has it takes it out of the history's ` +
          "end by 'git rm --cached' and a commit in .tickets",
        { data: { commit, path } },
      );
    folded.set(path.toLowerCase(), path);
  }
}

function oddity(path: string, { mode }: Content, folded: ReadonlyMap<string, string>): string | undefined {
  if (mode !== "100644" && mode !== "100755") return "which is a link and no file";
  if (!KNOWN.test(path)) return "which is no file of a store";
  if (path.split("/").some((name) => Buffer.byteLength(name) > MAX_NAME)) return "whose name is too long";
  const twin = folded.get(path.toLowerCase());
  return twin === undefined ? undefined : `which some machines cannot tell from '${twin}'`;
}
