import { readFileSync } from "node:fs";
import path from "node:path";
import { type Batched, batch as batchAction } from "../../actions/batch/batch.ts";
import { invoke } from "../../actions/input/action.ts";
import { inputText } from "../../actions/input/inputText.ts";
import { AyoError } from "../../error.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket batch [file]`: JSON lines on stdin or in a file. */
export const batch: Command = {
  name: "ticket batch",
  summary: batchAction.summary,
  positionals: [{ name: "file", required: false }],
  flags: flagsOf(batchAction.input, { omit: ["operations", "text"] }),
  examples: [
    ["ayo ticket batch <<'EOF'", 'lines like {"op":"close","id":"ayo-x7k2"}; fields as the flags of that verb'],
    ["ayo ticket batch plan.jsonl --dry-run", "what a file of operations would do"],
    ["jq -c '{op:\"close\",id}' done.json | ayo ticket batch", "lines from another program"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const text = await readLines(context, words[0]);
    const store = context.store({ create: true });
    const batched = await invoke(batchAction, store, { ...flags, text } as never);
    warnWritten(context, batched);
    const { results, ...rest } = batched;
    const lines = [...results.map((one) => ({ schema: 1, ...one })), { schema: 1, ...rest }];
    const ids = [...new Set(results.flatMap((one) => one.ids))];
    return { json: { ...batched }, lines, text: textOf(batched), ids };
  },
};

async function readLines(context: Context, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== "-") {
    return inputText(readOrRefuse(path.resolve(context.host.cwd, file), file), file);
  }
  if (!context.tty.stdin) return context.stdin();
  throw new AyoError("bad_usage", "batch: give a file, or JSON lines on standard input", {
    try: ["ayo", "ticket", "batch", "--help"],
  });
}

function readOrRefuse(file: string, shown: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AyoError("bad_input", `cannot read ${shown}: ${(cause as Error).message}`, { cause });
  }
}

function textOf({ results, nowReady, dryRun }: Batched): string {
  const lines = results.map(
    ({ line, op, ids, did }) =>
      (did === null || !dryRun ? did : `Would ${did}`) ?? `line ${line}: ${op} changed nothing: ${ids.join(", ")}`,
  );
  return [...lines, ...nowReady.map(({ id, title }) => `ready: ${id} - ${title}`)].map(plain).join("\n");
}
