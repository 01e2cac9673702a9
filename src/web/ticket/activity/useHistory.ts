import { useEffect, useRef, useState } from "preact/hooks";
import { call, ticketPath } from "../../data/api.ts";
import { type LiveEvent, lastEvents } from "../../data/events.ts";
import { useValue } from "../../page/state.ts";
import type { Run } from "./items.ts";
import type { Entry } from "./tell.ts";

/** What is known of a ticket's history; see `ayo ticket history`. */
export interface Known {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many there are before those. */
  readonly earlier: number;
  readonly runs: readonly Run[];
  /** Reads more of what came before. */
  more(): void;
}

interface Answer {
  readonly entries: readonly Entry[];
  readonly total: number;
}

/** So many changes are read first. */
const FIRST = 100;
/** Each time somebody asks for more there are so many times as many. */
const GROWTH = 5;

/** The last changes of a ticket, and what comes: of a version that is new only what came since is read. */
export function useHistory(id: string, version: string): Known {
  const [known, setKnown] = useState<Answer>({ entries: [], total: 0 });
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const [limit, setLimit] = useState(FIRST);
  const [turn, setTurn] = useState(0);
  const latest = useRef({ known, limit: 0 });
  const events = useValue(lastEvents);
  useEffect(() => {
    // What was changed and changed back is the version that is shown already.
    const isUnread = ({ ticket, cause }: LiveEvent): boolean =>
      ticket.id === id && ticket.version === version && !known.entries.some(({ commit }) => commit === cause.commit);
    if (events.some(isUnread)) setTurn((count) => count + 1);
  }, [events]);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const keep = (next: Answer): void => {
      latest.current = { known: next, limit };
      setKnown(next);
      // Every run leaves its mark on the ticket.
      if (next.entries.some(({ changes }) => "dispatched" in changes))
        void readRuns(id, signal).then(setRuns, () => {});
    };
    // Where it cannot be read what is there stays; the next change tries it again.
    readNew(id, latest.current, limit, signal).then(keep, () => {});
    return () => stop.abort();
  }, [id, version, limit, turn]);
  return {
    entries: known.entries,
    earlier: Math.max(0, known.total - known.entries.length),
    runs,
    more: () => setLimit(limit * GROWTH),
  };
}

async function readNew(
  id: string,
  { known, limit: had }: { readonly known: Answer; readonly limit: number },
  limit: number,
  signal: AbortSignal,
): Promise<Answer> {
  const settled = known.entries.filter(({ commit }) => commit !== null);
  const newest = settled.at(-1)?.commit;
  if (newest != null && limit === had) {
    try {
      const { entries, total } = await read(id, `limit=${limit}&since=${newest}`, signal);
      const pending = known.entries.length - settled.length;
      // More came than are read at once: some in between would be missing.
      if (total <= entries.length) {
        return { entries: [...settled, ...[...entries].reverse()], total: known.total - pending + total };
      }
    } catch (error) {
      if (signal.aborted) throw error;
      // The commit is there no more, as after a history that was written anew.
    }
  }
  const { entries, total } = await read(id, `limit=${limit}`, signal);
  return { entries: [...entries].reverse(), total };
}

function read(id: string, query: string, signal: AbortSignal): Promise<Answer> {
  return call<Answer>(ticketPath(id, `/history?${query}`), { signal });
}

async function readRuns(id: string, signal: AbortSignal): Promise<readonly Run[]> {
  const { runs } = await call<{ runs: readonly Run[] }>(`/runs?limit=100&id=${encodeURIComponent(id)}`, { signal });
  return runs;
}
