import type { TicketEvent } from "../../ticket/events/events.ts";
import { HttpProblem } from "../problem.ts";
import type { Feed } from "./feed.ts";

/** How often a quiet stream shows a sign of life, in milliseconds: proxies close what says nothing for a minute. */
const HEARTBEAT = 15_000;
const MIB = 1024 * 1024;
/** What streams may cost a server. */
export interface StreamLimits {
  /** So many are open at once. */
  readonly streams: number;
  /** A client that does not read is let go once so much waits for it, in bytes. */
  readonly waiting: number;
  /** Once so much waits for all clients together, the one that most waits for is let go, in bytes. */
  readonly waitingInAll: number;
}
const LIMITS: StreamLimits = { streams: 500, waiting: 4 * MIB, waitingInAll: 32 * MIB };
/** The headers of a stream. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** All event streams of one server, which end together. */
export interface Streams {
  /**
   * The events of a store as server-sent events, from now on or after the one that the client saw last. `hello` comes
   * first, and `reset` instead of a past that the store does not know: the client then reads everything anew.
   * @throws HttpProblem too_many_streams
   */
  open(feed: Feed, lastSeen: string | undefined, client: Client): Response;
  /**
   * A stream of what `pipe` sends.
   * @throws HttpProblem too_many_streams
   */
  pipe(pipe: Pipe, client: Client): Response;
  /** Ends them all. */
  close(): void;
}

/** Where the parts of a stream go. */
export interface Sink {
  send(text: string): void;
  /** Ends the stream: the client comes back and goes on. */
  cut(): void;
  /** Called when the stream ends, whoever ends it; to be told before anything is waited for. */
  onEnd(stop: () => void): void;
}

/** Sends what a stream says, from its beginning on. */
export type Pipe = (sink: Sink) => Promise<void>;

/** Who listens to a stream. */
export interface Client {
  /** Aborted when it is gone. */
  readonly signal: AbortSignal;
  /** Breaks the connection, with what waits to be sent. */
  cut(): void;
}

interface Open {
  send(text: string): void;
  /** Bytes that the client did not take yet. */
  waiting(): number;
  end(): void;
  /** Ends it with what waits: its client does not read. */
  cut(): void;
}

/** The streams of a new server: none yet. */
export function streamsOf(limits: StreamLimits = LIMITS): Streams {
  const open = new Set<Open>();
  // A timer must not keep a server alive that was told to end.
  const beat = setInterval(() => {
    for (const one of [...open]) one.send(":\n\n");
  }, HEARTBEAT).unref();
  const relieve = (): void => {
    const most = [...open]
      .map((one) => ({ one, bytes: one.waiting() }))
      .sort((left, right) => right.bytes - left.bytes);
    let sum = most.reduce((total, { bytes }) => total + bytes, 0);
    for (const { one, bytes } of most) {
      if (sum <= limits.waitingInAll) return;
      one.cut();
      sum -= bytes;
    }
  };
  const streams: Streams = {
    open: (feed, lastSeen, client) => streams.pipe(allEvents(feed, lastSeen), client),
    pipe: (pipe, client) => {
      if (open.size >= limits.streams) {
        throw new HttpProblem("too_many_streams", `${limits.streams} streams of events are open; close some`);
      }
      const body = new ReadableStream<Uint8Array>(source(pipe, client, { limits, relieve, open }), {
        highWaterMark: limits.waiting,
        size: (part) => part?.length ?? 0,
      });
      return new Response(body, { headers: STREAM_HEADERS });
    },
    close: () => {
      clearInterval(beat);
      for (const one of [...open]) one.end();
    },
  };
  return streams;
}

interface Room {
  readonly limits: StreamLimits;
  readonly open: Set<Open>;
  /** Lets clients go where too much waits for all of them. */
  relieve(): void;
}

function source(pipe: Pipe, { signal, cut }: Client, room: Room) {
  let end: () => void = () => {};
  return {
    start: async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const stops: (() => void)[] = [];
      end = () => {
        room.open.delete(one);
        for (const stop of stops.splice(0)) stop();
        close(controller);
      };
      const cutOff = (): void => {
        end();
        cut();
      };
      const one = openTo(controller, room, { end, cut: cutOff });
      room.open.add(one);
      signal.addEventListener("abort", end);
      if (signal.aborted) return end();
      await pipe({ send: (text) => one.send(text), cut: cutOff, onEnd: (stop) => void stops.push(stop) });
    },
    cancel: () => end(),
  };
}

/** All that happens in a store, after what the client missed. */
function allEvents(feed: Feed, lastSeen: string | undefined): Pipe {
  return async ({ send, onEnd }) => {
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
    onEnd(unsubscribe);
    // No event of a ticket, and nothing to resume from: `hello` says which configuration there is.
    onEnd(feed.onConfig(() => send(`event: config\ndata: ${JSON.stringify({ config: feed.config() })}\n\n`)));
    await feed.ready;
    const past = await pastOf(feed, lastSeen);
    send(`retry: 1000\n${greeting(feed.position(), past === undefined, { config: feed.config() })}`);
    send((past ?? []).map(eventText).join(""));
    known = new Set(past?.map(({ id }) => id));
    sendNew(waiting);
    waiting = undefined;
  };
}

/** What came after `lastSeen`; nothing for a client that comes for the first time, undefined for an unknown past. */
export async function pastOf(feed: Feed, lastSeen: string | undefined): Promise<readonly TicketEvent[] | undefined> {
  if (lastSeen === undefined || lastSeen === "") return [];
  try {
    return await feed.since(lastSeen);
  } catch {
    return undefined;
  }
}

/** The first event of a stream: where it stands, or that what is known is to be read anew. */
export function greeting(
  position: string | undefined,
  isReset: boolean,
  more: { readonly config?: string } = {},
): string {
  const id = position === undefined ? "" : `id: ${position}\n`;
  return `event: ${isReset ? "reset" : "hello"}\n${id}data: ${JSON.stringify({ position: position ?? null, ...more })}\n\n`;
}

/** An event as a part of a stream. A notice has no id that a client could resume from. */
export function eventText(event: TicketEvent): string {
  const id = event.cause.commit === null ? "" : `id: ${event.position ?? event.id}\n`;
  return `${id}event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`;
}

function openTo(
  controller: ReadableStreamDefaultController<Uint8Array>,
  { limits, relieve }: Room,
  { end, cut }: Pick<Open, "end" | "cut">,
): Open {
  const encoder = new TextEncoder();
  const waiting = (): number => limits.waiting - (controller.desiredSize ?? limits.waiting);
  const send = (text: string): void => {
    if (text === "") return;
    const bytes = encoder.encode(text);
    try {
      controller.enqueue(bytes);
    } catch {
      end();
      return;
    }
    if (waiting() > limits.waiting) cut();
    // For a client that reads no more than this waits: all are counted only where there is one that does not.
    else if (waiting() > bytes.length) relieve();
  };
  return { send, waiting, end, cut };
}

function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    // The client closed it first.
  }
}
