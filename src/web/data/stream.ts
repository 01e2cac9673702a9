/** How a window stands to the server's events: `live`, or since when the connection is lost (milliseconds since 1970). */
export type Standing = "live" | number;

/** What a window wants to hear. */
export interface StreamOptions {
  /** The query that names the store; "" for the first. */
  readonly query: string;
  /** After this position: what the window knows already. */
  readonly from: string;
  /** Which config.yml the window has read. */
  readonly config: string;
  /** The names of the events that matter. */
  readonly names: readonly string[];
  readonly onEvent: (data: string) => void;
  readonly onStanding: (standing: Standing) => void;
  /** Something was not heard: all is to be read anew. */
  readonly onMissed: () => void;
  /** Whether to hear though nobody looks. */
  readonly staysHidden: () => boolean;
  /** The server answers, and not with events. */
  readonly onRefused: () => void;
}

/** What windows say to each other. */
type Said =
  | { readonly kind: "where" }
  | { readonly kind: "stand"; readonly at: string; readonly config: string; readonly standing: Standing }
  | { readonly kind: "event"; readonly name: string; readonly id: string; readonly data: string };

const RETRY = 1500;
/** Events that are about no ticket; what is known before `reset` is to be read anew. */
const OWN_NAMES = ["hello", "reset", "config"];

/**
 * Follows the events of a store by one connection for all windows of a browser, which has six for a server. The window
 * that has the lock holds it and tells the others; when it is closed, hidden or killed the browser gives the lock to the
 * next, which resumes where it stands itself. Without locks (a page of another machine without TLS) each window has
 * a connection of its own while it is looked at. The function that it answers with ends the following.
 */
export function followStream(options: StreamOptions): () => void {
  const ending = new AbortController();
  const channel = new BroadcastChannel(`ayo events ${options.query}`);
  const canShare = "locks" in navigator;
  let { from: at, config } = options;
  let source: EventSource | undefined;
  let standing: Standing | undefined;

  const say = (said: Said): void => void (canShare && channel.postMessage(said));
  const stand = (now: Standing): void => {
    standing = now;
    say({ kind: "stand", at, config, standing: now });
    options.onStanding(now);
  };
  const take = (name: string, id: string, data: string): void => {
    if (id !== "") at = id;
    const before = config;
    config = configIn(name, data) ?? config;
    if (name === "reset" || before !== config) options.onMissed();
    else if (!OWN_NAMES.includes(name)) options.onEvent(data);
  };
  const connect = (): void => {
    source?.close();
    const opened = openSource(addressOf(options.query, at), options.names, (name, id, data) => {
      take(name, id, data);
      if (name !== "hello") say({ kind: "event", name, id, data });
      if (name === "hello" || name === "reset") stand("live");
    });
    source = opened;
    opened.onerror = () => {
      if (source !== opened) return;
      if (typeof standing !== "number") stand(Date.now());
      // The browser tries again by itself, but not after an answer that is none of a stream.
      if (opened.readyState !== EventSource.CLOSED) return;
      options.onRefused();
      setTimeout(() => source === opened && connect(), RETRY);
    };
  };
  const disconnect = (): void => {
    source?.close();
    [source, standing] = [undefined, undefined];
  };
  const tellStanding = (): void => {
    if (standing === undefined) return;
    say({ kind: "stand", at, config, standing });
    // Browsers slow down, or stop, what is hidden: a window that is looked at is to hold the connection.
    if (document.hidden) turns.again();
  };
  channel.onmessage = ({ data: said }: MessageEvent<Said>) => {
    if (said.kind === "where") tellStanding();
    else if (said.kind === "event") take(said.name, said.id, said.data);
    else if (source === undefined) {
      // What was told before this window listened, or while it slept.
      const hasMissed = said.standing === "live" && (said.at !== at || said.config !== config);
      ({ at, config } = said);
      options.onStanding(said.standing);
      if (hasMissed) options.onMissed();
    }
  };
  const turns = canShare ? lockedTurns(channel.name, connect, disconnect) : ownTurns(connect, disconnect);
  const look = (): void => {
    turns.want(!document.hidden || options.staysHidden());
    if (!document.hidden && source === undefined) say({ kind: "where" });
  };
  document.addEventListener("visibilitychange", look, { signal: ending.signal });
  window.addEventListener("online", () => source !== undefined && connect(), { signal: ending.signal });
  look();
  return () => {
    ending.abort();
    turns.want(false);
    channel.close();
  };
}

/** Which config.yml a message tells of, where it does. */
function configIn(name: string, data: string): string | undefined {
  const isTold = name === "config" || name === "hello";
  return isTold ? (JSON.parse(data) as Pick<StreamOptions, "config">).config : undefined;
}

function openSource(
  address: string,
  names: readonly string[],
  take: (name: string, id: string, data: string) => void,
): EventSource {
  const opened = new EventSource(address);
  for (const name of [...OWN_NAMES, ...names]) {
    opened.addEventListener(name, ({ lastEventId, data }) => take(name, lastEventId, data));
  }
  return opened;
}

function addressOf(query: string, at: string): string {
  const resume = at === "" ? "" : `${query === "" ? "?" : "&"}last_event_id=${encodeURIComponent(at)}`;
  return `/api/events${query}${resume}`;
}

/** Whose turn it is to hold the connection. */
interface Turns {
  /** Says whether this window wants to: only one that is looked at does. */
  want(isWanted: boolean): void;
  /** Gives it to the next who waits, and waits for another. */
  again(): void;
}

function ownTurns(begin: () => void, end: () => void): Turns {
  let is = false;
  return {
    want: (isWanted) => {
      if (is !== isWanted) (isWanted ? begin : end)();
      is = isWanted;
    },
    again: () => {},
  };
}

function lockedTurns(name: string, begin: () => void, end: () => void): Turns {
  let request: AbortController | undefined;
  const want = (isWanted: boolean): void => {
    if (isWanted === (request !== undefined)) return;
    request?.abort();
    request = undefined;
    if (!isWanted) return;
    request = new AbortController();
    const { signal } = request;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        begin();
        signal.addEventListener("abort", () => {
          end();
          resolve();
        });
      });
    // A window that is hidden before its turn comes waits no longer: it has asked for that itself.
    navigator.locks.request(name, { signal }, hold).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  };
  return {
    want,
    again: () => {
      want(false);
      want(true);
    },
  };
}
