import type { Store } from "../../store/open/store.ts";
import { markOfCriteria, type ProofRecord } from "../../store/verify/proofRecord.ts";
import { formatVerified } from "../../ticket/rules/verify.ts";
import { change, type WriteOptions, type Written } from "../input/action.ts";
import type { verifyWork } from "./engine.ts";

/** What was seen of one ticket's work. */
export type Seen = Awaited<ReturnType<typeof verifyWork>>;

/** Whether all of it passed. */
export function isProven(proofs: readonly ProofRecord[]): boolean {
  return proofs.length > 0 && proofs.every(({ outcome }) => outcome === "passed");
}

/**
 * Writes into the ticket what ayo saw pass, for other machines and for people; what did not pass takes away what an
 * earlier look had seen. What counts here is the record in AYO_HOME.
 */
export async function writeVerified(
  store: Store,
  { id, head, criteria, proofs }: Seen,
  options: WriteOptions,
): Promise<Written> {
  const { written } = await change(store, options, async (draft) => {
    const ticket = await draft.find(id);
    const isStill = markOfCriteria(draft.read(ticket)) === criteria;
    const names = proofs.map(({ name }) => name);
    const [first] = proofs;
    const value =
      isProven(proofs) && isStill && first !== undefined
        ? formatVerified({ head, criteria, at: draft.time, names, by: first.by })
        : null;
    const { verified, wish } = ticket.fields;
    if (value === null && verified === undefined && wish === undefined) return { result: undefined };
    // What did not pass is not to be closed by a wish that is older than its mending.
    await draft.patch(ticket, { verified: value, ...(value === null && wish !== undefined ? { wish: null } : {}) });
    const subject = `${value === null ? "unverify" : "verify"} ${ticket.id} (${names.join(", ")}): ${ticket.title}`;
    return {
      result: undefined,
      sentence: { subject, event: value === null ? "updated" : "verified", tickets: [ticket.id] },
    };
  });
  return written;
}
