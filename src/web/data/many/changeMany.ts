import { say } from "../../words/say.ts";
import { refusal } from "../api.ts";
import { sendChange } from "../changes.ts";
import { confirmChange, fail, moveTicket, ticketName } from "../commands.ts";
import { readSome } from "../model.ts";
import type { Column, Written } from "../shapes.ts";
import type { Operation } from "./target.ts";

/** Changes tickets, all or none, by one request and in one commit, which can be taken back as one. */
export async function changeMany(ids: readonly string[], operation: Operation, said: string): Promise<boolean> {
  const about = `${operation.op} ${ids.join(" ")}`;
  try {
    const body = { operations: [{ ...operation, ids }] };
    confirmChange(`${nameOf(ids)}: ${said}`, await sendChange<Written>("/batch", { body }), { about });
    return true;
  } catch (error) {
    // Which line of the batch it was is of no use: there is one.
    fail(error, about, {
      text: refusal(error).replace(/^line 1 \([^)]*\): /, ""),
      again: () => void changeMany(ids, operation, said),
    });
    await readSome(ids);
    return false;
  }
}

/** Moves tickets to a column. */
export function moveMany(ids: readonly string[], column: Column): Promise<boolean> {
  const [id = ""] = ids;
  if (ids.length === 1) return moveTicket(id, column);
  return changeMany(ids, { op: "status", column: column.id }, say.did.moved(column.name));
}

/** The ticket, or how many there are. */
export function nameOf(ids: readonly string[]): string {
  return ids.length === 1 ? ticketName(ids[0] ?? "") : say.data.tickets(ids.length);
}
