import { categoryOf } from "../../ticket/rules/columns.ts";
import { toldUnproven, type Unproven } from "../../ticket/rules/gate.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { readTicketText } from "../disk/readFile.ts";
import type { View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import { proofNames, readProof } from "./proofRecord.ts";
import type { Standing } from "./proofs.ts";

/** The tickets in review whose work passed in doubt as this machine saw it, and why: no agent can approve them. */
export async function doubtsIn(
  store: Store,
  view: View,
  tickets: readonly Ticket[] = view.tickets,
): Promise<ReadonlyMap<string, string>> {
  const { verify, columns } = view.board;
  const isAsked = columns.some(({ category, enter }) => category === "done" && enter?.includes("verify"));
  if (verify !== "required" && !isAsked) return new Map();
  const waiting = tickets.filter(({ status }) => categoryOf(view.board, status) === "review");
  if (waiting.length === 0) return new Map();
  const { judgeOf } = await import("./proofs.ts");
  const judge = await judgeOf(store);
  return new Map(
    waiting.flatMap((ticket): [string, string][] => {
      const { entries, head } = judge.of(view.board, ticket, readTicketText(store.dir, ticket.path));
      const known = [...entries, ...goneEntries(store, ticket, entries, head)];
      const doubts = known.filter((one) => seenOf(one) === "doubtful");
      const isElseSeen = known.every((one) => ["passed", "doubtful"].includes(seenOf(one)));
      return doubts.length === 0 || !isElseSeen ? [] : [[ticket.id, toldUnproven(doubts.map(told))]];
    }),
  );
}

/**
 * How an entry came out when ayo ran it last, also where that does not count any more: agents can write agents.yml, and
 * by a blank in it a doubt would be gone.
 */
function seenOf({ state, record }: Standing): Standing["state"] {
  return state === "open" ? (record?.outcome ?? "open") : state;
}

function told({ name, state, why, record }: Standing): Unproven {
  return { name, why: state === "open" ? `${record?.why} (it ${why})` : why, isDoubt: true };
}

/** Entries that agents.yml does not have any more, of which the last that was seen of this work is a doubt. */
function goneEntries(
  store: Store,
  { id }: Ticket,
  entries: readonly Standing[],
  head: string | undefined,
): readonly Standing[] {
  return proofNames(store, id).flatMap((name): Standing[] => {
    const record = entries.some((one) => one.name === name) ? undefined : readProof(store, id, name);
    if (record?.outcome !== "doubtful" || record.head !== head) return [];
    return [{ name, state: "open", why: "is asked for no more", record }];
  });
}
