import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { call, Problem, ticketPath } from "../api.ts";
import { draftName } from "../drafts.ts";
import { useKeys } from "../keys.ts";
import { lastEvent } from "../live.ts";
import type { Model } from "../model.ts";
import { hrefOf, route } from "../router.ts";
import type { Shown } from "../shapes.ts";
import { readKept, useValue } from "../state.ts";
import { Actions, press } from "./actions.tsx";
import { Criteria } from "./criteria.tsx";
import { Fields } from "./fields.tsx";
import { Notes } from "./notes.tsx";
import { Past } from "./past.tsx";
import { Relations } from "./relations.tsx";
import { typedText } from "./textDraft.ts";
import { TextEditor } from "./textEditor.tsx";
import { TitleEditor } from "./titleEditor.tsx";

/** The page of one ticket, kept up to date while others change it. */
export function TicketView({ model }: { readonly model: Model }): JSX.Element {
  const { id } = useValue(route);
  const { shown, problem, read } = useTicket(id);
  useEffect(() => {
    document.title = `${shown?.ticket.title ?? id} · ayo`;
  }, [shown?.ticket.title, id]);
  useKeys((event) => shown !== undefined && problem === undefined && press(event, shown, read));
  if (problem !== undefined) return <Missing id={id} problem={problem} />;
  if (shown === undefined) return <p class="waiting">Reading {id}…</p>;
  const isTicket = (other: string): boolean => model.cards.has(other);
  return (
    <article class="ticket" key={shown.ticket.id}>
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
      <Actions shown={shown} model={model} read={read} />
      <div class="sides">
        <div class="text">
          <TextEditor shown={shown} read={read} isTicket={isTicket} />
          <Criteria shown={shown} model={model} read={read} />
          <Notes shown={shown} read={read} isTicket={isTicket} />
          <Past id={shown.ticket.id} version={shown.ticket.version} commits={shown.linkedCommits} />
        </div>
        <aside aria-label="Fields and relations">
          <Fields shown={shown} model={model} read={read} />
          <Relations shown={shown} read={read} />
        </aside>
      </div>
    </article>
  );
}

/** Everything about a ticket, read again when it, or what it is tied to, changes. */
function useTicket(id: string) {
  const [shown, setShown] = useState<Shown>();
  const [problem, setProblem] = useState<Problem>();
  const event = useValue(lastEvent);
  const isShown = useRef(false);
  isShown.current = shown !== undefined;
  const read = useCallback(async (): Promise<void> => {
    try {
      const answer = await call<Shown>(ticketPath(id));
      if (route.get().id !== id) return;
      setShown(answer);
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof Problem) || route.get().id !== id) return;
      // What is shown, and typed, stays where the server is only away or busy.
      const isKept = error.isPassing && (isShown.current || error.code === "offline");
      if (!isKept) setProblem(error);
    }
  }, [id]);
  useEffect(() => {
    setShown((old) => (old?.ticket.id === id ? old : undefined));
    void read();
  }, [read]);
  useEffect(() => {
    if (event !== undefined && (shown === undefined || isNear(shown, event.ticket.id))) void read();
  }, [event]);
  return { shown, problem, read };
}

function isNear({ ticket, waitsFor, unlocks, children, links }: Shown, id: string): boolean {
  const near = [waitsFor, unlocks, children, links].flat().some((one) => one.id === id);
  return id === ticket.id || id === ticket.parent || near;
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
  const typed = [typedText(id), readKept(draftName("note", id))].filter((text) => text !== undefined && text !== "");
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
