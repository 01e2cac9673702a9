import { AyoError } from "../error.ts";
import { runGit } from "../git/gitBinary.ts";
import type { Host } from "../host.ts";

/**
 * Commits as the git binary shows them, in the order given; "" for none.
 * @throws git_unsupported where there is no git binary, or it cannot show them
 */
export async function showWithGit(
  { env }: Pick<Host, "env">,
  cwd: string,
  oids: readonly string[],
  flags: readonly string[],
): Promise<string> {
  if (oids.length === 0) return "";
  const args = ["--no-pager", "log", "--no-walk=unsorted", "--no-ext-diff", "--no-show-signature", ...flags, "--stdin"];
  const { code, stdout, stderr } = await runGit(args, { cwd, env, input: oids.map((oid) => `${oid}\n`).join("") });
  if (code === 0) return stdout;
  const why = code === null ? "there is none on the PATH, or it took too long" : stderr.trim();
  throw new AyoError("git_unsupported", `what commits changed is shown by git, and ${why}`, {
    data: { commits: oids },
  });
}
