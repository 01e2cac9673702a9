import { beginChannel, findFollowed } from "../../actions/channel/beginChannel.ts";
import { LAST_MESSAGES } from "../../actions/channel/channel.ts";
import type { ChannelEvent } from "../../actions/channel/channelEvent.ts";
import { type Following, followTickets } from "../../actions/channel/following.ts";
import { followProgress } from "../../actions/channel/progress.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import type { Workflow } from "../workflow.ts";
import type { Feed } from "./feed.ts";
import { eventText, greeting, type Pipe, pastOf } from "./sse.ts";

/** Where a client begins. */
export interface ChannelStart {
  readonly lastSeen: string | undefined;
  /** So many of the last messages, for who comes for the first time. */
  readonly tail?: number | undefined;
}

/**
 * The channel of a ticket as server-sent events: its last messages, or what came since the client saw the last, and then
 * what comes. `hello` stands between them and says from where a client resumes; `reset` instead of a past that the store
 * does not know.
 * @throws not_found, ambiguous_id, before anything is sent
 */
export async function channelStream(
  { feed, store }: Workflow,
  id: string,
  { lastSeen, tail = LAST_MESSAGES }: ChannelStart,
): Promise<Pipe> {
  const ticket = await findFollowed(store(), id);
  return async ({ send, cut, onEnd }) => {
    const fail = (error: Error): void => {
      feed.warn(`a stream of ${ticket.id} ended: ${error.message}`);
      cut();
    };
    const live = liveChannel(feed, send, fail);
    onEnd(live.stop);
    onEnd(followProgress(store, live.hear, fail));
    await feed.ready;
    const { journal } = store();
    const past = lastSeen ? await pastOf(feed, lastSeen) : undefined;
    if (journal !== undefined && lastSeen && past !== undefined) {
      const following = await followTickets(journal, { tickets: [ticket], from: lastSeen });
      const last = past.at(-1);
      const at = last?.position ?? last?.id ?? lastSeen;
      following.hear(past);
      send(`retry: 1000\n${partsOf(await following.tell({ from: lastSeen, to: at }))}${greeting(at, false)}`);
      return live.begin({ following, at, known: past });
    }
    // What was published up to here is known; what comes while the last messages are read waits.
    const at = feed.position() ?? "";
    live.forget();
    const { events, following } = await beginChannel(store(), [ticket], { at, tail });
    const first = events.map((event) => eventText(event).replace(/^id: .*\n/, ""));
    send(`retry: 1000\n${first.join("")}${greeting(at || undefined, Boolean(lastSeen))}`);
    return live.begin({ following, at, known: [] });
  };
}

interface Begun {
  readonly following: Following;
  readonly at: string;
  /** Events that were sent and may come again. */
  readonly known: readonly TicketEvent[];
}

type Part =
  | { readonly events: readonly TicketEvent[] }
  | { readonly progress: readonly ChannelEvent[] }
  | { readonly to: string };

/** What happens from now on: it waits until the past was sent, and goes out one round after another. */
function liveChannel(feed: Feed, send: (text: string) => void, fail: (error: Error) => void) {
  let waiting: Part[] = [];
  let begun: Begun | undefined;
  let at = "";
  let turn: Promise<void> = Promise.resolve();
  const pass = async (part: Part, { following, known }: Begun): Promise<void> => {
    if ("progress" in part) {
      send(partsOf(following.pass(part.progress)));
      return;
    }
    const isNew = (event: TicketEvent): boolean => known.every(({ id }) => id !== event.id);
    if ("events" in part) following.hear(part.events.filter(isNew));
    const isNotice = "events" in part && part.events.every(({ cause }) => cause.commit === null);
    if ("events" in part && !isNotice) return;
    const round = "to" in part ? { from: at, to: part.to } : undefined;
    send(partsOf(await following.tell(round)));
    at = round?.to ?? at;
  };
  const take = (part: Part): void => {
    const now = begun;
    if (now === undefined) waiting.push(part);
    else turn = turn.then(() => pass(part, now)).catch(fail);
  };
  const stop = feed.subscribe(
    (events) => take({ events }),
    ({ to }) => take({ to }),
  );
  return {
    stop,
    hear: (progress: readonly ChannelEvent[]): void => take({ progress }),
    forget: (): void => {
      waiting = [];
    },
    begin: (start: Begun): void => {
      begun = start;
      at = start.at;
      for (const part of waiting.splice(0)) take(part);
    },
  };
}

function partsOf(events: readonly ChannelEvent[]): string {
  return events.map(eventText).join("");
}
