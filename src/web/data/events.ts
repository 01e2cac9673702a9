import { state } from "../page/state.ts";
import { isNotifying } from "../page/wish.ts";
import { keptSince } from "./answers/kept.ts";
import { storeQuery } from "./api.ts";
import { isOwnCommit, whenAnswered } from "./changes.ts";
import { isShown, keepBoard, readAll, readSome, readWorkflows, showEvent } from "./model.ts";
import type { Config, Named } from "./shapes.ts";
import { followStream } from "./stream.ts";

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
/** So many events are remembered: who takes over the connection of another window is told some again. */
const REMEMBERED = 500;

let end: (() => void) | undefined;
let waiting: LiveEvent[] = [];
const heard = new Set<string>();

/** Begins to listen to the store of the page's address, from where it was read; ends what was listened to before. */
export function listen({ events, position, config }: Pick<Config, "events" | "position" | "config">): void {
  end?.();
  heard.clear();
  end = followStream({
    query: storeQuery(""),
    from: position ?? "",
    config,
    names: events,
    onEvent: hear,
    onStanding: (standing) => {
      const isOld = typeof connection.get() === "number" || keptSince.get() !== undefined;
      const isBack = isOld && standing === "live";
      if (connection.get() === "live" && standing !== "live") keepBoard();
      // How long it has been lost is what the first window says.
      if (standing === "live" || typeof connection.get() !== "number") connection.set(standing);
      if (isBack) void readAll();
    },
    staysHidden: isNotifying,
    onMissed: () => void readAll(),
    // Where it wants its token this leads to its page for that.
    onRefused: () => void readWorkflows(),
  });
}

/** Keeps the board whenever nobody looks at it any longer: the server may be away when somebody looks again. */
export function keepWhenHidden(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && connection.get() === "live") keepBoard();
  });
}

function hear(data: string): void {
  const event = JSON.parse(data) as LiveEvent;
  if (isOwnCommit(event.cause.commit) || isHeard(event)) return;
  const { ticket } = event;
  showEvent(ticket, LEAVING.includes(event.event) ? undefined : ticket.version);
  waiting.push(event);
  if (waiting.length === 1) setTimeout(() => void readChanged(), BURST);
}

function isHeard({ id }: LiveEvent): boolean {
  if (heard.has(id)) return true;
  heard.add(id);
  for (const oldest of heard) {
    if (heard.size <= REMEMBERED) break;
    heard.delete(oldest);
  }
  return false;
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
