import { setInterval } from "node:timers";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { liveRuns } from "../../store/runs/liveRuns.ts";
import { type RunRecord, readRun } from "../../store/runs/record.ts";
import { eventsAfter, type LoggedEvent, lastEvents } from "../../store/runs/runEvents.ts";
import { noticeOf } from "../../store/watch/notices.ts";
import type { EventName, TicketEvent } from "../../ticket/events/events.ts";
import { briefOf } from "../../ticket/events/ticketBrief.ts";
import { saidBy } from "../runs/saidBy.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { rejectedIn } from "./rejected.ts";

/** Progress is told once a second at most. In milliseconds. */
const LOOK_MS = 1_000;
/** Of what an agent did within a second so many lines are told, the last ones. */
const MAX_LINES = 20;

/** Where to go on in the log of each run, by its name; `isOver` for one whose log was read to its end. */
type Places = Map<string, { readonly record: RunRecord; readonly at: number; readonly isOver?: true }>;

/**
 * Tells what agents that are at work on this machine do, as notices, from now on. Returns what ends it. `fail` hears of a
 * store or a log that cannot be read; it is looked at again.
 */
export function followProgress(
  open: () => Store,
  tell: (events: readonly ChannelEvent[]) => void,
  fail: (error: Error) => void,
): () => void {
  const places: Places = new Map();
  let isBusy = false;
  let isFirst = true;
  const look = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      const events = await progress(open(), places, isFirst);
      if (events.length > 0) tell(events);
    } catch (error) {
      fail(error as Error);
    } finally {
      isFirst = false;
      isBusy = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function progress(store: Store, places: Places, isFirst: boolean): Promise<ChannelEvent[]> {
  const live = liveRuns(store);
  const news = [...live, ...endedSince(store, live, places, isFirst)].flatMap((record) => {
    const isOver = record.state === "ended";
    const known = places.get(record.run)?.at;
    // What was done before somebody looked is in the log; of a run that begins meanwhile all is new.
    const { events, size } =
      known === undefined && isFirst ? lastEvents(store, record, 0) : eventsAfter(store, record, known ?? 0);
    places.set(record.run, { record, at: size, ...(isOver ? { isOver } : {}) });
    return isFirst || events.length === 0 ? [] : [{ record, events }];
  });
  if (news.length === 0) return [];
  const view = await readStore(store);
  return news.flatMap(({ record: { ticket: id, n, agent }, events }) => {
    const ticket = view.byId.get(id);
    if (ticket === undefined) return [];
    const run = `${id}/${n}`;
    const notice = (event: EventName, subject: string): TicketEvent => {
      const made = noticeOf(store.dir, event, briefOf(view, ticket), store.host.now(), subject);
      return { ...made, id: `${made.id}/${n}`, actor: agent };
    };
    const lines = events.flatMap(linesOf).slice(-MAX_LINES);
    const done =
      lines.length === 0 ? [] : [{ ...notice("ticket.run_progress", lines.at(-1) ?? ""), progress: { run, lines } }];
    const rejected = events.flatMap(
      (one) => rejectedIn(one, run, (text) => notice("ticket.output_rejected", text)) ?? [],
    );
    return [...done, ...rejected];
  });
}

/**
 * Runs that were followed and are over, of which the last may not have been heard; and those between two looks whose
 * answer is mended by one that is live.
 */
function endedSince(store: Store, live: readonly RunRecord[], places: Places, isFirst: boolean): RunRecord[] {
  if (isFirst) return [];
  const names = new Set(live.map(({ run }) => run));
  const known = [...places.values()];
  const over = known.filter(({ record, isOver }) => !isOver && !names.has(record.run)).map(({ record }) => record);
  const repaired = live.flatMap(({ ticket, repairOf: n, run }) => {
    if (n === undefined || places.has(run)) return [];
    const isKnown = known.some(({ record }) => record.ticket === ticket && record.n === n);
    return isKnown ? [] : (readRun(store, { ticket, n }) ?? []);
  });
  return [...over, ...repaired].map((record) => ({ ...record, state: "ended" }));
}

/** What people want to hear of while it goes on: what is said and done, not how much it costs. */
function linesOf(event: LoggedEvent): string[] {
  if (!["text", "tool", "retry", "denied"].includes(event.type)) return [];
  if (event.type === "tool" && event.phase !== "begin" && event.ok !== false) return [];
  return saidBy(event)
    .split("\n")
    .filter((line) => line.trim() !== "");
}
