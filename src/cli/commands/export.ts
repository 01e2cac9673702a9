import { type Exported, exportTickets as exportAction } from "../../actions/export/export.ts";
import { invoke } from "../../actions/input/action.ts";
import { quoteWord } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import { warnProblems } from "../print/line.ts";
import { openOutput } from "../print/output.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf, named } from "../table/flagsOf.ts";

/** Characters that are gathered before they are written. */
const PIECE = 64 * 1024;

/** `ayo export`. */
export const exportTickets: Command = {
  name: "export",
  summary: exportAction.summary,
  positionals: [],
  flags: named({
    ...flagsOf(exportAction.input, { omit: ["fields"] }),
    output: { type: "string", describe: "write to this file; - is standard output" },
  }),
  examples: [
    ["ayo export --all -o backup.jsonl", "every ticket with its text; ayo import reads it back"],
    ["ayo export --format markdown -o BOARD.md", "the board, to read"],
    ["ayo export | jq -r 'select(.notes != []) .id'", "JSON lines with body and notes"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const store = context.store();
    const file = flags.output === undefined || flags.output === "-" ? undefined : String(flags.output);
    const text = flags.json === true && flags.format === "markdown" && file === undefined;
    const output = file === undefined ? undefined : openOutput(context.host.cwd, file, store.dir);
    const exported = await begin(store, flags);
    if (text) return { ...(await asJson(context, exported)), text: "" };
    try {
      await pour(exported.chunks, output?.write ?? context.out);
      output?.commit();
    } finally {
      output?.abandon();
    }
    return finish(context, exported, file);
  },
};

function begin(store: Store, flags: Readonly<Record<string, unknown>>): Promise<Exported> {
  return invoke(exportAction, store, flags as never);
}

async function pour(chunks: AsyncIterable<string>, write: (text: string) => void): Promise<void> {
  let piece = "";
  for await (const chunk of chunks) {
    piece += chunk;
    if (piece.length < PIECE) continue;
    write(piece);
    piece = "";
  }
  write(piece);
}

/** Left-out tickets make the command fail: who keeps the export as a copy must know. */
function finish(context: Context, exported: Exported, file: string | undefined): Answer {
  const { total, archived, problems } = exported.summary();
  warnProblems(context, problems);
  if (archived > 0) {
    const tickets = archived === 1 ? "1 ticket of the archive is" : `${archived} tickets of the archive are`;
    context.warn(`note: ${tickets} not in the export: --all takes the archive too`);
  }
  if (problems.length > 0) {
    const count = problems.length === 1 ? "1 file is" : `${problems.length} files are`;
    context.warn(`error: ${count} not in the export: mend what is said above and export again`);
  }
  const code = problems.length > 0 ? 1 : 0;
  if (file === undefined) return { json: undefined, text: "", code };
  const text = `${total} ${total === 1 ? "ticket" : "tickets"} exported to ${quoteWord(file)}`;
  return { json: { file, total, archived, problems }, text, code };
}

async function asJson(context: Context, exported: Exported): Promise<Pick<Answer, "json" | "code">> {
  const parts: string[] = [];
  await pour(exported.chunks, (part) => parts.push(part));
  const { total, archived, problems } = exported.summary();
  warnProblems(context, problems);
  return {
    json: { format: "markdown", total, archived, text: parts.join(""), problems },
    code: problems.length > 0 ? 1 : 0,
  };
}
