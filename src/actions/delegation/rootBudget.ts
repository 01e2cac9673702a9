import { isFinished, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { allRuns } from "../../store/runs/record.ts";
import { madeByAgents, rootOf } from "../../ticket/rules/delegation.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** The roots below which runs have cost what `delegation.cost` allows, each with what to say of it. */
export function spentRoots(
  store: Pick<Store, "dir" | "host">,
  view: View,
): { readonly root: Ticket; readonly why: string }[] {
  if (view.board.delegation?.cost === undefined) return [];
  const ran = [...new Set(allRuns(store).map(({ ticket }) => ticket))].flatMap((id) => view.byId.get(id) ?? []);
  const roots = new Set(ran.map((ticket) => rootOf(view.byId, ticket)));
  const whyNot = rootBudget(store, view);
  return [...roots].flatMap((root) => {
    const why = isFinished(view.board, root.status) ? undefined : whyNot(root);
    return why === undefined ? [] : [{ root, why }];
  });
}

/** Says of a ticket why nothing more is spent below its root; undefined where something is left, or nothing is limited. */
export function rootBudget(
  store: Pick<Store, "dir" | "host">,
  { board, byId, tickets }: View,
): (ticket: Ticket) => string | undefined {
  const most = board.delegation?.cost;
  if (most === undefined) return () => undefined;
  const spent = new Map<string, number>();
  let made: readonly Ticket[] | undefined;
  const costOf = (root: Ticket): number => {
    made ??= madeByAgents(tickets);
    const below = made.filter((one) => rootOf(byId, one).id === root.id);
    const runs = [root, ...below].flatMap(({ id }) => allRuns(store, id));
    return runs.reduce((sum, { cost = 0 }) => sum + cost, 0);
  };
  return (ticket) => {
    const root = rootOf(byId, ticket);
    const cost = spent.get(root.id) ?? costOf(root);
    spent.set(root.id, cost);
    if (cost < most) return undefined;
    return `$${cost.toFixed(2)} were spent on ${root.id} and its parts, and $${most.toFixed(2)} are all that delegation.cost allows`;
  };
}
