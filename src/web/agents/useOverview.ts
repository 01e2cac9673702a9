import { useEffect, useRef, useState } from "preact/hooks";
import { call, Problem } from "../data/api.ts";
import { connection, lastEvents } from "../data/events.ts";
import type { Overview } from "./people.ts";

/** How often it is read while agents are at work, and else; in milliseconds. */
const AT_WORK = 2000;
const QUIET = 10_000;
/** So many runs are told. */
const RUNS = 100;

/** Agents and their runs, read again while the page is looked at: what runs do is in no event of the store. */
export function useOverview(dir: string) {
  const [known, setKnown] = useState<Overview>();
  const [problem, setProblem] = useState<Problem>();
  const reading = useRef<() => void>(() => {});
  useEffect(() => {
    let text = "";
    const watched = watch(
      (overview) => {
        setProblem(undefined);
        const now = JSON.stringify(overview);
        if (now !== text) setKnown(overview);
        text = now;
      },
      // What is shown stays where the server is only away or busy.
      (failure) => (!failure.isPassing || text === "") && setProblem(failure),
    );
    reading.current = watched.read;
    return watched.end;
  }, [dir]);
  return { known, problem, read: (): void => reading.current() };
}

/** Reads again and again: soon after something happened, else from time to time. */
function watch(show: (overview: Overview) => void, fail: (problem: Problem) => void) {
  const ending = new AbortController();
  const { signal } = ending;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isStale = false;
  const readOnce = async (): Promise<number> => {
    try {
      const overview = await ask(signal);
      if (!signal.aborted) show(overview);
      return overview.runs.some(({ state }) => state !== "ended") ? AT_WORK : QUIET;
    } catch (error) {
      if (!(error instanceof Problem) && !signal.aborted) throw error;
      if (!signal.aborted) fail(error as Problem);
      return AT_WORK;
    }
  };
  const read = (): void => {
    clearTimeout(timer);
    isStale = isBusy;
    if (isBusy || document.hidden || signal.aborted) return;
    isBusy = true;
    void readOnce().then((wait) => {
      isBusy = false;
      if (!signal.aborted) timer = setTimeout(read, isStale ? 0 : wait);
    });
  };
  const ends = [lastEvents.follow(read), connection.follow(read)];
  document.addEventListener("visibilitychange", read, { signal });
  read();
  const end = (): void => {
    ending.abort();
    clearTimeout(timer);
    for (const one of ends) one();
  };
  return { read, end };
}

async function ask(signal: AbortSignal): Promise<Overview> {
  const [{ agents }, { runs, tokens, cost }] = await Promise.all([
    call<Overview>("/agents", { signal }),
    call<Overview>(`/runs?limit=${RUNS}`, { signal }),
  ]);
  return { agents, runs, tokens, cost };
}
