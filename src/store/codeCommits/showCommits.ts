import { AyoError } from "../../error.ts";
import { runGit } from "../../git/binary/gitBinary.ts";
import { discoverRepository } from "../../git/repository/repository.ts";
import type { Host } from "../../host.ts";

/** What would run a program of somebody's choice, or git in a submodule that is somebody's. */
const PLAIN = ["--no-ext-diff", "--no-textconv", "--no-show-signature", "--submodule=short"];

/**
 * Commits of the repository at `cwd` as the git binary shows them, in the order given; "" for none.
 * @throws git_unsupported where there is no git binary, or it cannot show them
 */
export async function showWithGit(
  { env }: Pick<Host, "env">,
  cwd: string,
  oids: readonly string[],
  flags: readonly string[],
): Promise<string> {
  const repository = discoverRepository(cwd);
  if (oids.length === 0 || repository === undefined) return "";
  const args = ["log", "--no-walk=unsorted", ...PLAIN, ...flags, "--stdin"];
  const { code, stdout, stderr } = await runGit(args, {
    at: cwd,
    objects: repository,
    // For its .mailmap, and the .gitattributes that say what is no text.
    ...(repository.bare ? {} : { worktree: repository.worktree }),
    env,
    input: oids.map((oid) => `${oid}\n`).join(""),
  });
  if (code === 0) return stdout;
  const none = stderr.trim() || "there is none on the PATH, or it took too long";
  const why = code === null ? none : stderr.trim();
  throw new AyoError("git_unsupported", `what commits changed is shown by git, and ${why}`, {
    data: { commits: oids },
  });
}
