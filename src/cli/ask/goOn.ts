import { ticketsAfter } from "../../actions/answers/written.ts";
import { parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import { readStore } from "../../store/disk/view.ts";
import { UNPUBLISHED } from "../../store/hooks/due.ts";
import { publishAndWait } from "../../store/hooks/publish.ts";
import { kept } from "../../store/open/runtime.ts";
import type { Store } from "../../store/open/store.ts";
import type { DoneByOthers } from "../../store/requests/pending.ts";
import type { Terminal } from "../run.ts";

/** Runs the hooks of commits that another process made for this one. */
export async function runDue(store: Store, due: readonly string[], terminal: Pick<Terminal, "err">): Promise<void> {
  if (store.journal === undefined) return;
  kept(store, UNPUBLISHED).push(...due);
  for (const notice of await publishAndWait(store, store.journal)) terminal.err(`note: ${notice}\n`);
}

/** Prints what another process had done for this one before it could say so; returns the exit status. */
export async function tellDone(
  store: Store,
  { answer }: DoneByOthers,
  isJson: boolean,
  terminal: Pick<Terminal, "out" | "err">,
): Promise<number> {
  if ("code" in answer) {
    terminal.err(answer.err);
    terminal.out(answer.out);
    await runDue(store, answer.due, terminal);
    return answer.code;
  }
  if (!("commit" in answer) || store.journal === undefined) return 0;
  const { commit } = answer;
  const { message } = parseCommit((await readObject(store.journal.repository, commit)).bytes);
  const ids = [...message.matchAll(/^Ticket: (\S+)$/gm)].map(([, id]) => id as string);
  const notice = "the process that made the change ended before it could say so";
  if (isJson) {
    const answer = {
      schema: 1,
      commit,
      notices: [notice],
      ...(await ticketsAfter({ after: () => readStore(store) }, ids)),
    };
    terminal.out(`${JSON.stringify(answer)}\n`);
  } else {
    terminal.err(`note: ${notice}\n`);
    terminal.out(`${message.split("\n", 1)[0]}\n`);
  }
  await runDue(store, [commit], terminal);
  return 0;
}
