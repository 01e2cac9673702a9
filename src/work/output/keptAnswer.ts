import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import type { Store } from "../../store/open/store.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";
import { MAX_OUTPUT } from "../../store/outputs/outputFile.ts";
import { allRuns, type RunRecord, runFile } from "../../store/runs/record.ts";

const FILE = "answer.json";

/** Keeps an answer that fits of a run whose agent goes on. */
export function keepAnswer(store: Store, record: RunRecord, output: unknown): void {
  writePrivate(runFile(store, record, FILE), `${JSON.stringify(output)}\n`);
}

/** The answer that fitted of the run that this one goes on from; undefined where there is none. */
export function answerBefore(store: Store, { ticket, n, token }: RunRecord): { readonly value: unknown } | undefined {
  const before = allRuns(store, ticket).filter((run) => run.token === token && run.n < n);
  const last = before.sort((one, other) => other.n - one.n)[0];
  if (last?.isUnheard !== true) return undefined;
  const read = readStoreFile(runFile(store, last, FILE), { limit: 2 * MAX_OUTPUT });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    return { value: JSON.parse(read.bytes.toString("utf8")) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
