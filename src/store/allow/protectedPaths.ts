import { AyoError } from "../../error.ts";
import { readHead, readRef } from "../../git/refs/refs.ts";
import { type Repository, whyUnreadable } from "../../git/repository/repository.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { AgentsConfig } from "../open/agents/agentTypes.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";

/**
 * Sentences for patterns of `protect:` that name nothing in the project, such as those with a slip of the pen: they have
 * nobody look. `names` are the entries of verify: that are meant.
 */
export async function unmatchedPatterns(
  store: Store,
  config: AgentsConfig,
  names: readonly string[] = [...config.verify.keys()],
): Promise<string[]> {
  const wanted = names.flatMap((name) =>
    (config.verify.get(name)?.protect ?? []).map((pattern) => ({ name, pattern, test: patternTest(pattern) })),
  );
  const repository = wanted.length === 0 ? undefined : projectRepository(store);
  if (repository === undefined || whyUnreadable(repository) !== undefined) return [];
  const open = wanted.filter(({ pattern, test }) => !config.copy.some((name) => test(name) || within(name, pattern)));
  const heads = headsOf(repository, config.base);
  if (heads.length === 0) return [];
  let left = open;
  try {
    for (const head of left.length === 0 ? [] : heads) {
      const files = [...(await lsTree(repository, head, { recursive: true })).keys()];
      left = left.filter(({ test }) => !files.some(test));
    }
  } catch (error) {
    // A clone that has not all of its objects.
    if (!(error instanceof AyoError)) throw error;
    return [`whether the patterns of protect: name anything cannot be seen: ${error.message}`];
  }
  return left.map(
    ({ name, pattern }) => `protect: of verify.${name} names '${pattern}', which is nowhere in the project`,
  );
}

/** The commits that patterns may be about: what work starts from, and what is checked out. */
function headsOf(repository: Repository, base: string | undefined): string[] {
  const refs = base === undefined ? [] : [`refs/remotes/origin/${base}`, `refs/remotes/${base}`, `refs/heads/${base}`];
  const heads = [readHead(repository).oid, ...refs.map((ref) => readRef(repository, ref))];
  return [...new Set(heads.flatMap((head) => head ?? []))];
}

/** Whether a file lies in a folder that is copied as a whole. */
function within(folder: string, pattern: string): boolean {
  return pattern.startsWith(`${folder.replace(/\/$/, "")}/`);
}

const SPECIAL = /[*?[\\]/;

/** Whether a path is what a pattern of git's names, with `glob`: a folder stands for all in it, `*` stops at a slash. */
export function patternTest(pattern: string): (file: string) => boolean {
  const plain = pattern.replace(/\/$/, "");
  if (!SPECIAL.test(plain)) return (file) => file === plain || file.startsWith(`${plain}/`);
  const parts = [...plain.matchAll(/\*\*\/|\/\*\*$|\*\*$|\*+|\?|\[!?\]?[^\]]*\]|\\?./gsu)].map(([part], at, all) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "/**") return "/.*";
    if (part === "**" && at === all.length - 1) return ".*";
    if (part.startsWith("*")) return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("[") && part.length > 1) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/^\\(?=.)/su, "").replace(/[\^$\\.*+?()[\]{}|]/, "\\$&");
  });
  const whole = new RegExp(`^${parts.join("")}$`, "su");
  return (file) => whole.test(file);
}
