import { Fragment, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { connection } from "../data/events.ts";
import type { Model } from "../data/model.ts";
import type { Named, Shown } from "../data/shapes.ts";
import { useKeys } from "../page/keys.ts";
import { aim, pickByKey } from "../page/pick.ts";
import { hrefOf, navigate, route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { type Attaching, filesIn, isOfFiles } from "../writing/files.ts";
import { Actions, press } from "./actions.tsx";
import { Activity } from "./activity/activity.tsx";
import { Attachments, PAGE } from "./attachments/attachments.tsx";
import { useAttaching } from "./attachments/useAttaching.ts";
import { Changes } from "./changes/changes.tsx";
import { Fields } from "./fields/fields.tsx";
import { Missing } from "./missing.tsx";
import { Output } from "./output/output.tsx";
import { Parts } from "./parts/parts.tsx";
import { Relations } from "./parts/relations.tsx";
import { InPipeline } from "./parts/run.tsx";
import { Criteria } from "./text/criteria.tsx";
import { TextEditor } from "./text/textEditor.tsx";
import { TitleEditor } from "./text/titleEditor.tsx";
import { useTicket } from "./useTicket.ts";
import { Verification } from "./verification.tsx";

/** The page of the ticket that the address names, kept up to date while others change it. */
export function TicketView({ model }: { readonly model: Model }): JSX.Element {
  const { id } = useValue(route);
  return <TicketPage key={id} id={id} known={model} />;
}

/** A ticket beside the board, without what the board shows already. */
export function TicketBeside({ id, model }: { readonly id: string; readonly model: Model }): JSX.Element {
  return <TicketPage key={id} id={id} known={model} isBeside />;
}

interface Props {
  readonly id: string;
  readonly known: Model;
  readonly isBeside?: boolean;
}

function TicketPage({ id, known, isBeside = false }: Props): JSX.Element {
  const { shown, problem, read } = useTicket(id, known);
  useEffect(() => {
    // A part of an id leads here, too; what else the page does goes by the whole one.
    const { id: whole = id } = shown?.ticket ?? {};
    if (whole !== id && isBeside) setParams({ ticket: whole });
    else if (whole !== id) navigate(ticketHref(whole), { replace: true });
  }, [shown?.ticket.id]);
  const attaching = useAttaching(shown?.ticket.id ?? id, shown?.attachments, read);
  const isRead = shown !== undefined;
  useEffect(() => {
    if (!isBeside) document.title = `${shown?.ticket.title ?? id} · ayo`;
  }, [shown?.ticket.title, id]);
  useEffect(() => {
    // What was followed here is gone: the keyboard begins with the title, and it is read out.
    if (!isBeside && isRead && document.activeElement === document.body)
      document.querySelector<HTMLElement>("[data-heading]")?.focus();
  }, [isRead]);
  useEffect(() => aim(() => [id]), [id]);
  useKeys((event) => {
    if (shown === undefined || problem !== undefined) return false;
    // On the board's side the board decides what keys mean: a card, or all that are chosen.
    const isHere = !isBeside || (event.target instanceof Element && event.target.closest(".beside") !== null);
    if (!isHere && !["e", "n"].includes(event.key)) return false;
    return press(event, shown, read) || pickByKey(event.key, [id]);
  });
  if (problem !== undefined) return <Missing id={id} problem={problem} />;
  if (shown === undefined) return <Awaited id={id} title={known.cards.get(id)?.title} />;
  const isTicket = (other: string): boolean => known.cards.has(other);
  return (
    <article class="ticket" {...dropping(attaching)}>
      <Crumbs shown={shown} model={known} isBeside={isBeside} />
      <TitleEditor shown={shown} read={read} />
      <Actions shown={shown} model={known} read={read} />
      <div class="sides">
        <div class="text">
          <TextEditor shown={shown} read={read} isTicket={isTicket} attaching={attaching} />
          <Criteria shown={shown} model={known} read={read} />
          <InPipeline shown={shown} />
          <Parts shown={shown} model={known} read={read} />
          <Attachments shown={shown} read={read} attaching={attaching} />
          <Output shown={shown} files={attaching.files} />
          <Verification shown={shown} />
          <Changes shown={shown} model={known} read={read} />
          <Activity shown={shown} model={known} read={read} isTicket={isTicket} attaching={attaching} />
        </div>
        <aside aria-label={say.ticket.side}>
          <Fields shown={shown} model={known} read={read} />
          <Relations shown={shown} read={read} />
        </aside>
      </div>
    </article>
  );
}

/** Files that are dropped on the page are attached; in a field they also stand in its text. */
function dropping(attaching: Attaching) {
  return {
    onDragOver: (event: DragEvent): void => {
      if (isOfFiles(event.dataTransfer)) event.preventDefault();
    },
    onDrop: (event: DragEvent): void => {
      const files = filesIn(event.dataTransfer);
      if (files.length === 0) return;
      event.preventDefault();
      attaching.attach(files, PAGE);
    },
  };
}

/** What is known of it already, until the rest has come. */
function Awaited({ id, title }: { readonly id: string; readonly title: string | undefined }): JSX.Element {
  const isOffline = typeof useValue(connection) === "number";
  return (
    <article class="ticket" aria-busy={!isOffline}>
      {title === undefined ? null : <h1>{title}</h1>}
      <p class="waiting">{isOffline ? say.ticket.notKept(id) : say.reading(id)}</p>
    </article>
  );
}

function Crumbs({
  shown,
  model,
  isBeside,
}: {
  readonly shown: Shown;
  readonly model: Model;
  readonly isBeside: boolean;
}): JSX.Element | null {
  const { parent, ticket } = shown;
  const above = wholesOf(parent, model);
  if (isBeside && parent === null) return null;
  return (
    <nav class="crumbs" aria-label={say.ticket.where}>
      {isBeside ? `${say.ticket.partOf} ` : <a href={hrefOf("board")}>{say.header.board}</a>}
      {above.map(({ id, title }, at) => (
        <Fragment key={id}>
          {isBeside && at === 0 ? "" : " / "}
          <a href={hrefOf("ticket", {}, id)} dir="auto">
            {title || id}
          </a>
        </Fragment>
      ))}
      {isBeside ? null : (
        <>
          {" / "}
          <span>{ticket.id}</span>
        </>
      )}
    </nav>
  );
}

/** What a ticket is a part of, from the outermost whole to its own; edits by hand make circles. */
function wholesOf(parent: Shown["parent"], { cards }: Model): readonly Pick<Named, "id" | "title">[] {
  const found = new Map<string, Pick<Named, "id" | "title">>();
  let one: Pick<Named, "id" | "title"> | null | undefined = parent;
  while (one && !found.has(one.id)) {
    found.set(one.id, one);
    one = cards.get(cards.get(one.id)?.parent ?? "");
  }
  return [...found.values()].reverse();
}
