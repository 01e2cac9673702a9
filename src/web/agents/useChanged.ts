import { useEffect, useState } from "preact/hooks";
import { call, Problem, ticketPath } from "../data/api.ts";
import { lastEvents } from "../data/events.ts";
import { useValue } from "../page/state.ts";
import { halfMinute } from "../page/times.ts";

/** What the work on a ticket has changed, without its lines; see TicketDiff in /api/openapi.json. */
export interface Changed {
  readonly branch: string | null;
  readonly base: string | null;
  readonly commits: readonly string[];
  readonly pullRequestUrl: string | null;
  readonly files: readonly {
    readonly path: string;
    readonly from?: string;
    readonly added: number | null;
    readonly removed: number | null;
  }[];
}

/** The files that work has changed, read again when its ticket changes, and every half minute while it goes on. */
export function useChanged(id: string, stand: string, isLive: boolean): Changed | undefined {
  const [changed, setChanged] = useState<{ readonly id: string; readonly changed: Changed }>();
  const beat = useValue(halfMinute);
  const events = useValue(lastEvents);
  const [news, setNews] = useState(0);
  useEffect(() => {
    if (events.some(({ ticket }) => ticket.id === id)) setNews((count) => count + 1);
  }, [events]);
  useEffect(() => {
    const ending = new AbortController();
    call<Changed>(ticketPath(id, "/diff?stat=true"), { signal: ending.signal }).then(
      (answer) => setChanged({ id, changed: answer }),
      (error: unknown) => {
        // Without git, or while the server is away, there is nothing to show.
        if (!(error instanceof Problem) && !ending.signal.aborted) throw error;
      },
    );
    return () => ending.abort();
  }, [id, stand, news, isLive ? beat : 0]);
  return changed?.id === id ? changed.changed : undefined;
}
