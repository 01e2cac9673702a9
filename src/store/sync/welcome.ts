import { AyoError } from "../../error.ts";
import { openBlobs } from "../../git/commits/commitReader.ts";
import type { Files } from "../../ticket/merge/trees/trees.ts";
import type { Journal } from "../open/store.ts";
import { bytesOf } from "./blobText.ts";
import { filesAt, forgetFiles } from "./filesAt.ts";
import { assertKnownFiles, assertSize } from "./known.ts";

/** What others would not take in is not sent to them. @throws git_unsupported */
export async function assertWelcome(journal: Journal, head: string, there: string | undefined): Promise<void> {
  const { read, close } = openBlobs(journal.repository);
  try {
    const files = await filesAt(journal, head);
    assertKnownFiles(files, head);
    const known = await knownAt(journal, there);
    for (const [file, content] of files) {
      const before = known.get(file);
      if (!("blob" in content) || (before !== undefined && "blob" in before && before.blob === content.blob)) continue;
      assertSize(file, bytesOf(read, content.blob).length);
    }
  } finally {
    close();
    forgetFiles(journal);
  }
}

/** What they have already; what nobody takes in is what it mends. */
async function knownAt(journal: Journal, there: string | undefined): Promise<Files> {
  try {
    return there === undefined ? new Map() : await filesAt(journal, there);
  } catch (error) {
    if (error instanceof AyoError && error.code === "git_unsupported") return new Map();
    throw error;
  }
}
