import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { isInRun } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { categoryOf, columnFor } from "../../ticket/rules/columns.ts";
import { asksToEnter } from "../../ticket/rules/gate.ts";
import { needsVerify } from "../../ticket/rules/verify.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Step } from "./step.ts";

/** What an agent wants done with its ticket once ayo has seen its work pass. */
export type Wish = "close" | "submit";

/**
 * Inside a run of its own an agent that closes or submits a ticket whose work is verified only says so: ayo verifies it
 * when the run is over, and does it then. Undefined for everybody else, and where nothing is to be run.
 */
export function wished(store: Store, draft: Draft, ticket: Ticket, wish: Wish): Step | undefined {
  const { view } = draft;
  if (!isOwnRun(store, draft, ticket)) return undefined;
  const category = categoryOf(view.board, ticket.status);
  if ((category !== "todo" && category !== "active") || !needsVerify(view.board, ticket)) return undefined;
  const to = columnFor(view.board, ticket.status);
  if (to === undefined) return undefined;
  draft.notices.push(
    `${ticket.id} is verified when this run is over, and ${wish === "close" ? "closed" : "submitted"} then`,
  );
  return { to, ...(ticket.fields.wish === wish ? {} : { fields: { wish } }) };
}

/** Whether an agent in a run of ayo's changes the ticket that it works on. */
function isOwnRun({ host }: Store, { actor }: Draft, { fields: { claimedBy } }: Ticket): boolean {
  return actor.agent && isInRun(host) && claimedBy !== undefined && isSameName(claimedBy, actor.name);
}

/** What a wish to come into a column is called in the ticket. */
const MOVE = "move ";

/** The column that a ticket's agent wants it in once its work is verified; undefined where it wants something else. */
export function wishedColumn(board: Board, wish: string | undefined): Column | undefined {
  return wish?.startsWith(MOVE) ? columnFor(board, wish.slice(MOVE.length)) : undefined;
}

/**
 * The same of a column that asks for verified work: inside a run of its own an agent that moves its ticket there says
 * that it wants it there.
 */
export function wishedMove(store: Store, draft: Draft, ticket: Ticket, to: Column): FieldChanges | undefined {
  if (!isOwnRun(store, draft, ticket)) return undefined;
  if (!asksToEnter(draft.view.board, ticket, to)("verify") || (draft.unproven?.(ticket) ?? []).length === 0)
    return undefined;
  draft.notices.push(`${ticket.id} is verified when this run is over, and goes to ${to.id} then`);
  return { wish: `${MOVE}${to.id}` };
}

/**
 * Makes sure that what a ticket is to be verified with is in agents.yml.
 * @throws bad_input for another name, bad_config for an agents.yml that cannot be read
 */
export async function assertVerifyNames(store: Store, verify: FieldChanges[string]): Promise<void> {
  const names = verify === null || verify === undefined ? [] : [verify].flat();
  if (names.length === 0) return;
  const { readAgents } = await import("../../store/open/agents/readAgents.ts");
  const parsed = await readAgents(store);
  const { assertSound } = await import("../../store/open/agents/problemOf.ts");
  assertSound(parsed);
  const { config } = parsed;
  const known = [...config.verify.keys()];
  const odd = names.find((name) => !known.includes(String(name)));
  if (odd === undefined) return;
  const there = known.length === 0 ? "which has none" : `there are ${known.join(", ")}`;
  throw new AyoError("bad_input", `'${String(odd)}' is no entry of verify: in agents.yml; ${there}`, {
    data: { field: "verify", allowed: known },
  });
}
