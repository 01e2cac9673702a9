import { call, Problem } from "../../data/api.ts";
import type { Run } from "../people.ts";
import { LogBuffer } from "./logBuffer.ts";
import type { LogEvent } from "./logLines.ts";
import { logStream } from "./logStream.ts";

/** A log as it is read and followed. */
export interface Followed {
  readonly buffer: LogBuffer;
  /** Why it cannot be read. */
  problem(): Problem | undefined;
  /** Whether there was an answer. */
  isRead(): boolean;
  /** Reads what lies before what is held. */
  earlier(): Promise<void>;
  /** Reads it anew where it could not be read. */
  again(): void;
  end(): void;
}

/** What a server answers; see RunLog in /api/openapi.json. */
interface Answer {
  readonly run: Run;
  readonly events: readonly LogEvent[];
  readonly from: number;
  readonly hasEarlier: boolean;
  readonly next: number;
}

/** So many events are read at once. */
const PART = 300;

/**
 * Reads the end of a run's log and follows it until the run is over, while the page is looked at. Where the connection
 * breaks it goes on where it stood. `onChange` hears of all that came in a frame.
 */
export function followLog(run: string, onChange: () => void, onEnded: () => void): Followed {
  const path = `/runs/${encodeURIComponent(run)}/log`;
  const buffer = new LogBuffer();
  const ending = new AbortController();
  const { signal } = ending;
  let problem: Problem | undefined;
  let isRead = false;
  let isReading = false;
  let frame = 0;
  const change = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      onChange();
    });
  };
  const stream = logStream(path, {
    onEvents: (events, from, isAnew) => {
      // What lies before is counted otherwise in a log that was begun anew.
      if (isAnew) buffer.hasEarlier = false;
      buffer.append(events, from);
      change();
    },
    onEnded,
  });
  const read = async (): Promise<void> => {
    isReading = true;
    try {
      const { events, from, hasEarlier, next, run: now } = await call<Answer>(`${path}?limit=${PART}`, { signal });
      buffer.append(events, from);
      buffer.hasEarlier = hasEarlier;
      problem = undefined;
      isRead = true;
      if (now.state !== "ended") stream.begin(next);
    } catch (error) {
      if (!(error instanceof Problem) && !signal.aborted) throw error;
      problem = error as Problem;
    }
    isReading = false;
    change();
  };
  const earlier = async (): Promise<void> => {
    if (isReading || !buffer.hasEarlier || !buffer.hasRoom) return;
    isReading = true;
    try {
      const { events, from, hasEarlier } = await call<Answer>(`${path}?limit=${PART}&before=${buffer.from}`, {
        signal,
      });
      buffer.prepend(events, from, hasEarlier);
    } catch (error) {
      // Whoever wants it asks again.
      if (!(error instanceof Problem) && !signal.aborted) throw error;
    }
    isReading = false;
    change();
  };
  void read();
  return {
    buffer,
    problem: () => problem,
    isRead: () => isRead,
    earlier,
    again: () => void (isRead || isReading || read()),
    end: () => {
      ending.abort();
      stream.end();
      cancelAnimationFrame(frame);
    },
  };
}
