import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { call, Problem, ticketPath } from "../data/api.ts";
import { type LiveEvent, lastEvents } from "../data/events.ts";
import { type Model, model } from "../data/model.ts";
import type { Shown } from "../data/shapes.ts";
import { useValue } from "../page/state.ts";
import { treesSoon } from "../writing/trees.ts";
import { shownText } from "./text/shownText.ts";

/** Everything about a ticket, read again when it, or what it is tied to, changes. */
export function useTicket(id: string, known: Model) {
  const [shown, setShown] = useState<Shown>();
  const [problem, setProblem] = useState<Problem>();
  const events = useValue(lastEvents);
  const reads = useRef<Reads>({ begun: 0, shown: 0, state: undefined, unfinished: undefined }).current;
  const ending = useRef(new AbortController()).current;
  // Who walks on needs no answer about what was passed.
  useEffect(() => () => ending.abort(), []);
  const readNow = async (turn: number): Promise<void> => {
    try {
      const answer = await call<Shown>(ticketPath(id), { signal: ending.signal, orKept: reads.shown === 0 });
      await textsRead(answer);
      if (turn < reads.shown) return;
      reads.shown = turn;
      setShown(answer);
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof Problem) || turn < reads.shown) return;
      // What is shown, and typed, stays where the server is only away or busy.
      const isKept = error.isPassing && (reads.shown > 0 || error.code === "offline");
      if (!isKept) setProblem(error);
    }
  };
  const read = useCallback((): Promise<void> => {
    const state = stateAround(model.get(), id);
    if (reads.unfinished !== undefined && reads.state === state) return reads.unfinished;
    reads.state = state;
    const unfinished = readNow(++reads.begun).finally(() => {
      if (reads.unfinished === unfinished) reads.unfinished = undefined;
    });
    reads.unfinished = unfinished;
    return unfinished;
  }, []);
  const state = useMemo(() => stateAround(known, id), [known, id]);
  useEffect(() => {
    if (reads.shown === 0 || reads.state !== state) void read();
    // Read anew when the store is, as after a lost connection: the first try may have been in vain.
  }, [state, known.config]);
  useEffect(() => {
    const isUnseen = ({ ticket, cause }: LiveEvent): boolean => cause.commit === null || !known.cards.has(ticket.id);
    if (events.some((event) => event.ticket.id === id && isUnseen(event))) void read();
  }, [events]);
  return { shown, problem, read };
}

/** So many notes are read with it, the latest. */
const NOTES = 100;

/** A ticket is shown with its texts as they look. */
function textsRead({ ticket: { id, body, checklist, notes } }: Shown): Promise<void> {
  const lines = checklist.map(({ text }) => ({ text, isLine: true }));
  const noted = notes.slice(-NOTES).map(({ text }) => ({ text }));
  return treesSoon([{ text: shownText(body) }, ...lines, ...noted], `/trees/${encodeURIComponent(id)}`);
}

/** The readings of one ticket, numbered as they began. */
interface Reads {
  begun: number;
  /** Which of them is shown. */
  shown: number;
  /** What was known of the ticket and its neighbours when the last one began. */
  state: string | undefined;
  unfinished: Promise<void> | undefined;
}

/** The versions of a ticket and of those that its page names: another text where the page is to be read again. */
function stateAround(known: Model | Problem | undefined, id: string): string {
  if (known === undefined || known instanceof Problem) return "";
  const { deps = [], links = [], parent = null } = known.cards.get(id) ?? {};
  const named = new Set([id, ...deps, ...links, parent]);
  const near = [...known.cards.values()].filter(
    (card) => named.has(card.id) || card.parent === id || card.deps.includes(id) || card.links.includes(id),
  );
  return near
    .map((card) => `${card.id} ${card.shortVersion}`)
    .sort()
    .join();
}
