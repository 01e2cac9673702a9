import type { LoggedEvent } from "../../store/runs/runEvents.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
import type { ChannelEvent } from "./channelEvent.ts";

/** How the log of a run marks that an answer was refused. */
export const REJECTED = "output_rejected";

/** The notice of an answer that was refused; undefined for all else that is logged. */
export function rejectedIn(
  event: LoggedEvent,
  run: string,
  notice: (subject: string) => TicketEvent,
): ChannelEvent | undefined {
  if (event.type !== "ayo" || event.notice !== REJECTED) return undefined;
  const errors = Array.isArray(event.errors) ? (event.errors as readonly JsonFault[]) : [];
  return { ...notice(String(event.text)), rejected: { run, errors } };
}
