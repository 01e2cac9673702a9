import type { TicketEvent } from "../ticket/events.ts";
import type { Feed } from "./feed.ts";

/** How often a quiet stream shows a sign of life, in milliseconds: proxies close what says nothing for a minute. */
const HEARTBEAT = 15_000;
/** A client that does not read is let go once so much waits for it, in bytes. */
const MAX_WAITING = 4 * 1024 * 1024;

/**
 * The events of a store as server-sent events, from now on or after the one that the client saw last. `hello` comes
 * first, and `reset` instead of a past that the store does not know: the client then reads everything anew.
 */
export function eventStream(feed: Feed, lastSeen: string | undefined, signal: AbortSignal): Response {
  let end: () => void = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start: async (controller) => {
        const send = sender(controller, () => end());
        // What happens while the past is read waits here.
        let waiting: TicketEvent[] | undefined = [];
        // The past may reach further than what was published so far.
        let known: ReadonlySet<string> = new Set();
        const sendNew = (events: readonly TicketEvent[]): void => {
          const fresh = events.filter(({ id }) => !known.has(id));
          if (fresh.some(({ cause }) => cause.commit !== null)) known = new Set();
          send(fresh.map(eventText).join(""));
        };
        const unsubscribe = feed.subscribe((events) => {
          if (waiting === undefined) sendNew(events);
          else waiting.push(...events);
        });
        const beat = setInterval(() => send(":\n\n"), HEARTBEAT);
        end = () => {
          clearInterval(beat);
          unsubscribe();
          close(controller);
        };
        signal.addEventListener("abort", end);
        await feed.ready;
        const past = await pastOf(feed, lastSeen);
        send(`retry: 1000\n${greeting(feed, past === undefined)}`);
        send((past ?? []).map(eventText).join(""));
        known = new Set(past?.map(({ id }) => id));
        sendNew(waiting);
        waiting = undefined;
      },
      cancel: () => end(),
    },
    { highWaterMark: MAX_WAITING, size: (part) => part?.length ?? 0 },
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}

/** What came after `lastSeen`; nothing for a client that comes for the first time, undefined for an unknown past. */
async function pastOf(feed: Feed, lastSeen: string | undefined): Promise<readonly TicketEvent[] | undefined> {
  if (lastSeen === undefined || lastSeen === "") return [];
  try {
    return await feed.since(lastSeen);
  } catch {
    return undefined;
  }
}

function greeting(feed: Feed, isReset: boolean): string {
  const position = feed.position();
  const id = position === undefined ? "" : `id: ${position}\n`;
  return `event: ${isReset ? "reset" : "hello"}\n${id}data: {"position":${JSON.stringify(position ?? null)}}\n\n`;
}

/** A notice has no id that a client could resume from. */
function eventText(event: TicketEvent): string {
  const id = event.cause.commit === null ? "" : `id: ${event.id}\n`;
  return `${id}event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`;
}

function sender(controller: ReadableStreamDefaultController<Uint8Array>, giveUp: () => void): (text: string) => void {
  const encoder = new TextEncoder();
  return (text) => {
    if (text === "") return;
    try {
      if ((controller.desiredSize ?? 0) < 0) giveUp();
      else controller.enqueue(encoder.encode(text));
    } catch {
      giveUp();
    }
  };
}

function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    // The client closed it first.
  }
}
