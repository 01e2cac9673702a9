import { state } from "../page/state.ts";
import { storeQuery } from "./api.ts";
import { isOwnCommit, whenAnswered } from "./changes.ts";
import { isShown, readAll, readSome, showEvent } from "./model.ts";
import type { Config, Named } from "./shapes.ts";

/** How the page hears of changes: `live`, or for how long it has not been (milliseconds since 1970). */
export const connection = state<"connecting" | "live" | number>("connecting");
/** What others changed of late: the events of the last burst. */
export const lastEvents = state<readonly LiveEvent[]>([]);

/** An event of the stream, as far as views need it. */
export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly actor: string;
  readonly at: string;
  readonly ticket: Named & { readonly version: string; readonly parent: string | null };
  readonly cause: { readonly commit: string | null };
}

/** Events of one burst are read together. In milliseconds. */
const BURST = 25;
/** For so long events wait for the answers to changes of this page, which may tell the same. In milliseconds. */
const ANSWER_WAIT = 3000;
/** After these a ticket is no longer on the board, though its version is the same. */
const LEAVING = ["ticket.deleted", "ticket.archived"];
const RETRY = 1500;

let source: EventSource | undefined;
let lastId = "";
let names: readonly string[] = [];
let waiting: LiveEvent[] = [];

/** Begins to listen to the store of the page's address, from where it was read; ends what was listened to before. */
export function listen({ events, position }: Pick<Config, "events" | "position">): void {
  names = events;
  lastId = position ?? "";
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
  if (isOwnCommit(event.cause.commit)) return;
  const { ticket } = event;
  showEvent(ticket, LEAVING.includes(event.event) ? undefined : ticket.version);
  waiting.push(event);
  if (waiting.length === 1) setTimeout(() => void readChanged(), BURST);
}

/** Reads what others changed; what an answer has told already is not read again. */
async function readChanged(): Promise<void> {
  await whenAnswered(ANSWER_WAIT);
  const events = waiting.filter(({ cause }) => !isOwnCommit(cause.commit));
  waiting = [];
  const news = events.filter((event) => !isAlreadyShown(event));
  if (news.length > 0) void readSome(new Set(news.flatMap(({ ticket: { id, parent } }) => [id, parent ?? id])));
  if (events.length > 0) lastEvents.set(events);
}

function isAlreadyShown({ event, ticket, cause }: LiveEvent): boolean {
  return cause.commit !== null && !LEAVING.includes(event) && isShown(ticket.id, ticket.version);
}

function remember({ lastEventId }: MessageEvent<string>): void {
  if (lastEventId !== "") lastId = lastEventId;
}
