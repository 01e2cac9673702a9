import path from "node:path";
import type { View } from "../../store/disk/view.ts";
import { readHistory } from "../../store/history/historyTable.ts";
import { type Stay, staysSince } from "../../store/history/stays.ts";
import type { Store } from "../../store/open/store.ts";
import { columnAt } from "../../ticket/rules/columns.ts";
import { type Slowest, slowestOf } from "../../ticket/stats/waits.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** How long tickets stood in each column, of stays that ended since a moment, as the store's history says. */
export async function columnStays(
  store: Store,
  { board }: View,
  tickets: readonly Ticket[],
  from: number,
): Promise<(column: string) => Slowest> {
  const ids = new Map(tickets.map(({ id, path: file }) => [path.posix.basename(file, ".md"), id]));
  const stays = store.journal === undefined ? [] : await staysSince(store, await readHistory(store), from);
  const columnOf = ({ status }: Stay): string => columnAt(board, status)?.id ?? status;
  return (column) =>
    slowestOf(
      stays.flatMap((stay) => {
        const id = columnOf(stay) === column ? ids.get(stay.name) : undefined;
        return id === undefined ? [] : [{ id, seconds: stay.seconds }];
      }),
    );
}
