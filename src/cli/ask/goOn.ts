import { ticketsAfter } from "../../actions/answers/written.ts";
import { pipelinesFollow } from "../../actions/input/aroundChange.ts";
import { sentenceIn } from "../../store/change/requests/doneCommit.ts";
import type { DoneByOthers } from "../../store/change/requests/pending.ts";
import { readStore } from "../../store/disk/view.ts";
import { publishDue } from "../../store/hooks/publish.ts";
import type { Store } from "../../store/open/store.ts";
import type { Terminal } from "../world.ts";

/** Runs the hooks of commits, and has pipelines go on after them, that another process made for this one. */
export async function runDue(store: Store, due: readonly string[], terminal: Pick<Terminal, "err">): Promise<void> {
  if (store.journal === undefined) return;
  for (const notice of await publishDue(store, store.journal, due)) terminal.err(`note: ${notice}\n`);
  for (const notice of await pipelinesFollow(store)) terminal.err(`note: ${notice}\n`);
}

/** How it is printed: as JSON, or by nothing but the ids. */
interface Wanted {
  readonly json: boolean;
  readonly ids: boolean;
}

/** Prints what another process had done for this one before it could say so; returns the exit status. */
export async function tellDone(
  store: Store,
  { answer }: DoneByOthers,
  wanted: Wanted,
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
  const { subject, tickets } = await sentenceIn(store.journal, commit);
  const notice = "the process that made the change ended before it could say so";
  if (wanted.json) {
    const answer = {
      schema: 1,
      commit,
      notices: [notice],
      ...(await ticketsAfter(store, { after: () => readStore(store) }, tickets)),
    };
    terminal.out(`${JSON.stringify(answer)}\n`);
  } else {
    terminal.err(`note: ${notice}\n`);
    terminal.out(wanted.ids ? tickets.map((id) => `${id}\n`).join("") : `${subject}\n`);
  }
  await runDue(store, [commit], terminal);
  return 0;
}
