import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { call, Problem, ticketPath } from "../data/api.ts";
import { type LiveEvent, lastEvents } from "../data/events.ts";
import { type Model, model } from "../data/model.ts";
import type { Shown } from "../data/shapes.ts";
import { draftName } from "../page/drafts.ts";
import { useKeys } from "../page/keys.ts";
import { hrefOf, route } from "../page/router.ts";
import { readStored, useValue } from "../page/state.ts";
import { Actions, press } from "./actions.tsx";
import { Criteria } from "./criteria.tsx";
import { Fields } from "./fields.tsx";
import { Notes } from "./notes.tsx";
import { Relations } from "./relations.tsx";
import { typedText } from "./textDraft.ts";
import { TextEditor } from "./textEditor.tsx";
import { TicketHistory } from "./ticketHistory.tsx";
import { TitleEditor } from "./titleEditor.tsx";

/** The page of the ticket that the address names, kept up to date while others change it. */
export function TicketView({ model }: { readonly model: Model }): JSX.Element {
  const { id } = useValue(route);
  return <TicketPage key={id} id={id} known={model} />;
}

function TicketPage({ id, known }: { readonly id: string; readonly known: Model }): JSX.Element {
  const { shown, problem, read } = useTicket(id, known);
  useEffect(() => {
    document.title = `${shown?.ticket.title ?? id} · ayo`;
  }, [shown?.ticket.title, id]);
  useKeys((event) => shown !== undefined && problem === undefined && press(event, shown, read));
  if (problem !== undefined) return <Missing id={id} problem={problem} />;
  if (shown === undefined) return <p class="waiting">Reading {id}…</p>;
  const isTicket = (other: string): boolean => known.cards.has(other);
  return (
    <article class="ticket">
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf("board")}>Board</a>
        {shown.parent === null ? null : (
          <>
            {" / "}
            <a href={hrefOf("ticket", {}, shown.parent.id)}>{shown.parent.title || shown.parent.id}</a>
          </>
        )}
        {" / "}
        <span>{shown.ticket.id}</span>
      </nav>
      <TitleEditor shown={shown} read={read} />
      <Actions shown={shown} model={known} read={read} />
      <div class="sides">
        <div class="text">
          <TextEditor shown={shown} read={read} isTicket={isTicket} />
          <Criteria shown={shown} model={known} read={read} />
          <Notes shown={shown} read={read} isTicket={isTicket} />
          <TicketHistory id={shown.ticket.id} version={shown.ticket.version} commits={shown.linkedCommits} />
        </div>
        <aside aria-label="Fields and relations">
          <Fields shown={shown} model={known} read={read} />
          <Relations shown={shown} read={read} />
        </aside>
      </div>
    </article>
  );
}

/** Everything about a ticket, read again when it, or what it is tied to, changes. */
function useTicket(id: string, known: Model) {
  const [shown, setShown] = useState<Shown>();
  const [problem, setProblem] = useState<Problem>();
  const events = useValue(lastEvents);
  const reads = useRef<Reads>({ begun: 0, shown: 0, state: undefined, unfinished: undefined }).current;
  const readNow = async (turn: number): Promise<void> => {
    try {
      const answer = await call<Shown>(ticketPath(id));
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
  }, [state, known.config]);
  useEffect(() => {
    const isUnseen = ({ ticket, cause }: LiveEvent): boolean => cause.commit === null || !known.cards.has(ticket.id);
    if (events.some((event) => event.ticket.id === id && isUnseen(event))) void read();
  }, [events]);
  return { shown, problem, read };
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

function Missing({ id, problem }: { readonly id: string; readonly problem: Problem }): JSX.Element {
  const { text } = problem.data;
  return (
    <div class="failure">
      <h1>{problem.code === "not_found" ? `There is no ticket ${id}` : `${id} cannot be shown`}</h1>
      <p>{problem.message}</p>
      {typeof text === "string" && text !== "" ? (
        <>
          <p>Mend the file in an editor; this page follows. It reads now:</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{text}</pre>
        </>
      ) : null}
      <Typed id={id} />
      <a href={hrefOf("board")}>To the board</a>
    </div>
  );
}

/** What was typed for a ticket that is gone: not to be lost with it. */
function Typed({ id }: { readonly id: string }): JSX.Element | null {
  const typed = [typedText(id), readStored(draftName("note", id))].filter((text) => text !== undefined && text !== "");
  if (typed.length === 0) return null;
  return (
    <>
      <p>What you had typed here and not saved:</p>
      {typed.map((text) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        <pre key={text} tabIndex={0}>
          {text}
        </pre>
      ))}
    </>
  );
}
