import { storeQuery } from "../../data/api.ts";
import type { LogEvent } from "./logLines.ts";

/** Who hears of a stream. */
interface Hears {
  /** Events that lie behind a place of the log; `isAnew` where the log was begun anew before them. */
  onEvents(events: readonly LogEvent[], from: number, isAnew: boolean): void;
  onEnded(): void;
}

/** How soon a server that answers with no stream is asked again, in milliseconds. */
const RETRY = 1500;
/** What the events are called; see `LoggedEvent` in src/store/runs/runEvents.ts. */
const TYPES = ["ayo", "denied", "end", "raw", "retry", "session", "text", "thought", "tool", "usage"];

/**
 * What comes in a run's log, from the place on that it is begun with until the run is over. A page that is hidden holds no
 * connection: a browser has few for a server. After a break it goes on where it stood.
 */
export function logStream(path: string, { onEvents, onEnded }: Hears) {
  const ending = new AbortController();
  /** Where the log goes on; undefined before the beginning and after the end. */
  let at: number | undefined;
  let source: EventSource | undefined;
  /** What came since the last place that the server named: it comes again after a break. */
  let waiting: LogEvent[] = [];
  const settle = (place: string): void => {
    const next = Number(place);
    if (place === "" || at === undefined || next === at) return;
    const [events, from] = [waiting, at];
    waiting = [];
    at = next;
    onEvents(events, from, next < from);
  };
  const disconnect = (): void => {
    source?.close();
    source = undefined;
    waiting = [];
  };
  const connect = (): void => {
    disconnect();
    const query = storeQuery(path);
    const opened = new EventSource(`/api${path}${query}${query === "" ? "?" : "&"}last_event_id=${at}`);
    source = opened;
    for (const type of TYPES) {
      opened.addEventListener(type, ({ data, lastEventId }) => {
        waiting.push(JSON.parse(data) as LogEvent);
        settle(lastEventId);
      });
    }
    opened.addEventListener("hello", ({ lastEventId }) => settle(lastEventId));
    opened.addEventListener("ended", () => {
      at = undefined;
      disconnect();
      onEnded();
    });
    opened.onerror = () => {
      if (source !== opened) return;
      waiting = [];
      // The browser tries again by itself, but not after an answer that is none of a stream.
      if (opened.readyState === EventSource.CLOSED) setTimeout(() => source === opened && connect(), RETRY);
    };
  };
  const look = (): void => {
    if (document.hidden) disconnect();
    else if (source === undefined && at !== undefined) connect();
  };
  document.addEventListener("visibilitychange", look, { signal: ending.signal });
  return {
    begin: (from: number): void => {
      at = from;
      look();
    },
    end: (): void => {
      ending.abort();
      at = undefined;
      disconnect();
    },
  };
}
