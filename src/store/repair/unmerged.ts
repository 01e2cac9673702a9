import { AyoError } from "../../error.ts";
import { parseIndex, readIndexFile } from "../../git/index/indexFile.ts";
import type { Journal } from "../open/store.ts";
import type { StoreFinding } from "./finding.ts";

/** Paths of the store of which git's index holds several versions, after a merge that conflicted: git commits nothing. */
export function checkUnmerged({ mode, repository, prefix }: Journal): StoreFinding[] {
  const inside = prefix === "" ? "" : `${prefix}/`;
  const where = mode === "own" ? "in the store's repository" : "in the project";
  return unmergedPaths(repository)
    .filter((file) => file.startsWith(inside))
    .map((file) => {
      const message = `is unmerged: settle its text, then 'git add ${file}' ${where}`;
      return { finding: { code: "unmerged", severity: "error", path: file.slice(inside.length), message } };
    });
}

/** An index that cannot be read has findings of its own. */
function unmergedPaths(repository: Journal["repository"]): string[] {
  try {
    const bytes = readIndexFile(repository);
    const entries = bytes === undefined ? [] : [...parseIndex(bytes)];
    return entries.filter(([, { stage }]) => stage > 0).map(([file]) => file);
  } catch (error) {
    if (error instanceof AyoError) return [];
    throw error;
  }
}
