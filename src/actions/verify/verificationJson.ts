import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { proofLog } from "../../store/verify/proofRecord.ts";
import { judgeOf, type Standing } from "../../store/verify/proofs.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** How a ticket's work stands, as JSON has it. */
export interface VerificationJson {
  /** The newest commit of its work, and the branch; null outside git. */
  readonly head: string | null;
  readonly branch: string | null;
  /** The ticket says that it passed, and this machine has not seen it. */
  readonly elsewhere: boolean;
  readonly entries: readonly EntryJson[];
}

/** How one command stands. */
export interface EntryJson {
  readonly name: string;
  /** `open`: it was not run on this commit, by these criteria, as agents.yml has it now. */
  readonly state: Standing["state"];
  /** Why it does not count; "" where it passed. */
  readonly why: string;
  /** The command, as agents.yml has it now; null where it has none of that name. */
  readonly run: string | null;
  /** When it was run last, by whom, how long it took, how it ended, and the last of what it printed. */
  readonly at: string | null;
  readonly by: string | null;
  readonly ms: number | null;
  readonly exit: number | null;
  readonly tail: string;
  readonly log: string | null;
}

/** What is known of the work on a ticket of a view. */
export async function verificationOf(
  store: Store,
  { board }: View,
  ticket: Ticket,
  text: string,
): Promise<VerificationJson> {
  const judge = await judgeOf(store);
  const { head, branch, entries, isElsewhere } = judge.of(board, ticket, text);
  return {
    head: head ?? null,
    branch: branch ?? null,
    elsewhere: isElsewhere && entries.some(({ state }) => state !== "passed"),
    entries: entries.map(({ name, state, why, record }) => ({
      name,
      state,
      why,
      run: judge.parsed.config.verify.get(name)?.run ?? null,
      at: record?.at ?? null,
      by: record?.by ?? null,
      ms: record?.ms ?? null,
      exit: record?.exit ?? null,
      tail: record?.tail ?? "",
      log: record === undefined ? null : proofLog(store, ticket.id, name),
    })),
  };
}
