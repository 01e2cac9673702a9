import path from "node:path";
import { isNested } from "../../store/change/nestedChanges.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { CONFIG_FILE } from "../../store/open/config/values.ts";
import { type Actor, actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { isAuthor } from "../../ticket/rules/authors.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import { categoryOf, columnAt, columnOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { WriteOptions } from "../input/action.ts";

interface Closing extends WriteOptions {
  /** All that others submitted, instead of some. */
  readonly ids: readonly string[] | "in review";
  readonly force?: boolean | undefined;
}

/**
 * Where work must be verified to come into a column, a person who moves, closes or approves it has that done at once: before the
 * change, since nobody waits for a command under the store's lock. What fails is told by the gate.
 * @throws verify_required for what may not be run here
 */
export async function verifyFirst(
  store: Store,
  { ids, force, as, dryRun }: Closing,
  column: (board: Board) => Column = (board) => columnOf(board, "done"),
): Promise<void> {
  if (force || dryRun || isNested(store) || !isSpokenOf(store)) return;
  const view = await readStore(store);
  const actor = actorOf(as, store);
  const to = column(view.board);
  const isAsked = (to.category === "done" && view.board.verify === "required") || to.enter?.includes("verify") === true;
  if (!isAsked || actor.agent) return;
  const { judgeOf } = await import("../../store/verify/proofs.ts");
  const judge = await judgeOf(store);
  for (const ticket of await meant(store, view, actor, ids)) {
    const text = readTicketText(store.dir, ticket.path);
    const { entries, head } = judge.of(view.board, ticket, text);
    const open = judge.unproven(view.board, ticket, text, actor);
    const category = categoryOf(view.board, ticket.status);
    const isOver = category === "done" || category === "cancelled" || category === "failed";
    // What was seen to fail on this very commit fails again.
    const isOpen = entries.some(({ state }) => state === "open");
    if (
      isOver ||
      columnAt(view.board, ticket.status)?.id === to.id ||
      open.length === 0 ||
      head === undefined ||
      !isOpen
    )
      continue;
    // It takes long: whoever asked does it himself.
    store.host.request?.refuse();
    const { verifyNow } = await import("./verifyNow.ts");
    await verifyNow(store, ticket.id, { as });
  }
}

async function meant(store: Store, view: View, { name }: Actor, ids: Closing["ids"]): Promise<readonly Ticket[]> {
  if (ids !== "in review") return Promise.all(ids.map((wanted) => findTicket(store, view, wanted, false)));
  return view.tickets.filter((ticket) => categoryOf(view.board, ticket.status) === "review" && !isAuthor(ticket, name));
}

/** Whether config.yml says anything of it: most stores do not, and are not read once more for that. */
function isSpokenOf({ dir }: Store): boolean {
  const read = readStoreFile(path.join(dir, CONFIG_FILE));
  return read !== undefined && !(read instanceof Unread) && read.bytes.includes("verify");
}
