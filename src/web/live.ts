import { storeQuery } from "./api.ts";
import { readAll, readSome, showTold } from "./model.ts";
import type { Named } from "./shapes.ts";
import { state } from "./state.ts";

/** How the page hears of changes: `live`, or for how long it has not been (milliseconds since 1970). */
export const connection = state<"connecting" | "live" | number>("connecting");
/** The last event of each ticket that was told; what shows one ticket follows it. */
export const lastEvent = state<LiveEvent | undefined>(undefined);

/** An event of the stream, as far as views need it. */
export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly actor: string;
  readonly at: string;
  readonly ticket: Named & { readonly version: string };
}

/** Events of one burst are read together. In milliseconds. */
const BURST = 25;
const RETRY = 1500;

let source: EventSource | undefined;
let lastId = "";
let names: readonly string[] = [];
let waiting = new Set<string>();

/** Begins to listen to the store of the page's address; ends what was listened to before. */
export function listen(events: readonly string[]): void {
  names = events;
  lastId = "";
  open();
}

/** Tabs that nobody looks at let go of their connection: a browser has six for a server. */
export function watchVisibility(): void {
  document.addEventListener("visibilitychange", () => {
    if (names.length === 0) return;
    if (document.hidden) source?.close();
    else if (source?.readyState !== EventSource.OPEN) open();
  });
  window.addEventListener("online", () => names.length > 0 && open());
}

function open(): void {
  source?.close();
  const resume = lastId === "" ? "" : `${storeQuery("") === "" ? "?" : "&"}last_event_id=${encodeURIComponent(lastId)}`;
  const opened = new EventSource(`/api/events${storeQuery("")}${resume}`);
  source = opened;
  opened.addEventListener("hello", (event) => {
    const isBack = typeof connection.get() === "number";
    remember(event as MessageEvent<string>);
    connection.set("live");
    if (isBack) void readAll();
  });
  opened.addEventListener("reset", (event) => {
    remember(event as MessageEvent<string>);
    connection.set("live");
    void readAll();
  });
  for (const name of names) opened.addEventListener(name, (event) => hear(event as MessageEvent<string>));
  opened.onerror = () => {
    if (source !== opened) return;
    if (typeof connection.get() !== "number") connection.set(Date.now());
    // The browser tries again by itself, but not after an answer that is none of a stream.
    if (opened.readyState === EventSource.CLOSED) setTimeout(() => source === opened && open(), RETRY);
  };
}

function hear(message: MessageEvent<string>): void {
  remember(message);
  const event = JSON.parse(message.data) as LiveEvent;
  showTold(event.ticket);
  lastEvent.set(event);
  waiting.add(event.ticket.id);
  if (waiting.size > 1) return;
  setTimeout(() => {
    const ids = waiting;
    waiting = new Set();
    void readSome(ids);
  }, BURST);
}

function remember({ lastEventId }: MessageEvent<string>): void {
  if (lastEventId !== "") lastId = lastEventId;
}
