import * as v from "valibot";
import { readArchive } from "../store/disk/archive/archive.ts";
import { listArchive } from "../store/disk/archive/archiveFolders.ts";
import { isFinished, readStore } from "../store/disk/view.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { flag } from "./input/action.ts";
import { type Found, filters, filterTickets, listAction, upTo } from "./list.ts";

/** What a list of finished tickets has besides. */
export interface ClosedMore {
  /** How many tickets the archive has besides, where it was not asked for. */
  readonly archived?: number;
}

/** `ayo ticket closed`: finished tickets, the latest first. */
export const closed = listAction({
  name: "closed",
  summary: "List finished tickets, the latest first",
  input: v.object({ ...filters, all: flag("the archive too") }),
  find: async (store, input): Promise<Found<ClosedMore>> => {
    const view = await readStore(store);
    const archived = input.all ? await readArchive(store, view.byId) : [];
    const tickets = await filterTickets(store, view, [...view.tickets, ...archived], input);
    const found = tickets.filter((ticket) => isFinished(view.board, ticket.status));
    const sorted = found.sort((left, right) => (when(left) < when(right) ? 1 : -1));
    const left = input.all ? 0 : listArchive(store.dir).files.length;
    return { ...upTo(input.limit, view, sorted), ...(left === 0 ? {} : { more: { archived: left } }) };
  },
});

function when({ fields, id }: Ticket): string {
  return `${fields.closed ?? fields.created ?? ""} ${id}`;
}
