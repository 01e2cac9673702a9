import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { asksVerify } from "../../ticket/rules/verify.ts";

/** Has a change know what this machine has seen pass, where the store's rules ask for that. */
export async function withProofs(store: Store, draft: Draft): Promise<void> {
  if (!asksVerify(draft.view.board)) return;
  const { judgeOf } = await import("../../store/verify/proofs.ts");
  const judge = await judgeOf(store);
  const { board } = draft.view;
  draft.unproven = (ticket) => judge.unproven(board, ticket, draft.read(ticket), draft.actor);
}
