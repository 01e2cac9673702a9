import { diff as diffAction, type TicketDiff } from "../../actions/diff.ts";
import { invoke } from "../../actions/input/action.ts";
import type { ChangedFile } from "../../store/codeCommits/workDiff.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, Paint } from "../table/command.ts";

/** `ayo ticket diff <id>`. */
export const diff: Command = {
  name: "ticket diff",
  summary: diffAction.summary,
  positionals: [{ name: "id", required: true, complete: "id" }],
  flags: { stat: { type: "boolean", describe: "only the files, with how many lines" } },
  examples: [
    ["ayo ticket diff ayo-x7k2", "its branch since it left main, as git shows it"],
    ["ayo ticket diff ayo-x7k2 --stat", "only the files"],
    ["ayo ticket diff ayo-x7k2 --json", "with the commits compared, and every file"],
  ],
  run: async (context, { words: [id], flags }): Promise<Answer> => {
    const found = await invoke(diffAction, context.store(), { id: id as string });
    const { truncated } = found;
    if (truncated) context.warn("the end is left out: git diff shows all of it");
    if (found.files.length === 0) context.warn(`${found.id}: no commits have changed anything for it yet`);
    const { diff: text, ...rest } = found;
    const lines = flags.stat === true ? statLines(found.files) : [painted(text, context.paint)];
    return {
      json: { ...(flags.stat === true ? rest : found) },
      text: found.files.length === 0 ? "" : [headOf(found), ...linkOf(found), ...lines].join("\n").trimEnd(),
      ids: found.files.map(({ path }) => path),
    };
  },
};

function headOf({ branch, base, commits, files }: TicketDiff): string {
  const where = branch === null ? `${commits.length} commits` : `${branch} since ${base}`;
  const added = files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  return plain(`${where}: ${files.length === 1 ? "1 file" : `${files.length} files`}, +${added} -${removed}`);
}

function linkOf({ pullRequestUrl }: TicketDiff): string[] {
  return pullRequestUrl === null ? [] : [plain(`pull request: ${pullRequestUrl}`)];
}

function statLines(files: readonly ChangedFile[]): string[] {
  return files.map(({ path, from, added, removed }) => {
    const counts = added === null ? "binary" : `+${added} -${removed}`;
    return `${counts.padEnd(12)} ${plain(from === undefined ? path : `${from} → ${path}`)}`;
  });
}

/** Colours as git has them. */
function painted(text: string, paint: Paint): string {
  return plain(text)
    .split("\n")
    .map((line) => {
      if (/^(diff |index |--- |\+\+\+ |commit )/.test(line)) return paint.bold(line);
      if (line.startsWith("@@")) return paint.cyan(line);
      if (line.startsWith("+")) return paint.green(line);
      return line.startsWith("-") ? paint.red(line) : line;
    })
    .join("\n");
}
