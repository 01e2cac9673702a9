import type { JSX } from "preact";
import { isBlocked } from "../../data/filter/filter.ts";
import { termFor } from "../../data/filter/filterTerms.ts";
import { projects } from "../../data/projectList.ts";
import { type Card, claimName } from "../../data/shapes.ts";
import { dueOf } from "../../data/shown/due.ts";
import { Dot } from "../../page/dot.tsx";
import { useValue } from "../../page/state.ts";
import { dayText, halfMinute, timeLeft } from "../../page/times.ts";
import { say } from "../../words/say.ts";
import { Term } from "./term.tsx";

/** The project's colour and name. */
export function OfProject({ word }: { readonly word: string | null }): JSX.Element | null {
  const { find } = useValue(projects);
  if (word === null) return null;
  const { name = word, slug = word, color = null } = find(word) ?? {};
  return (
    <Term term={termFor("project", slug)} class="project" title={say.did.project(name)}>
      <Dot color={color} />
      <span>{name}</span>
    </Term>
  );
}

/** When it is due; what is over stands out. `isDay` says the day alone, and that of finished tickets too. */
export function Due({ card, isDay = false }: { readonly card: Card; readonly isDay?: boolean }): JSX.Element | null {
  useValue(halfMinute);
  const due = dueOf(card, Date.now());
  const day = dayText(card.due ?? "");
  if (isDay && day !== "") {
    return (
      <span class={due?.isOver ? "due over" : "due"} title={due?.text}>
        {day}
        {due?.isOver ? <span class="sr"> {say.board.overdue}</span> : null}
      </span>
    );
  }
  if (due === undefined) return null;
  return (
    <span class={due.isOver ? "due over" : "due"} title={due.text}>
      <span aria-hidden="true">
        {due.isOver ? "⚠" : "⚑"} {due.day}
      </span>
      <span class="sr">{due.text}</span>
    </span>
  );
}

/** That it waits, and for what. */
export function Blocked({ card }: { readonly card: Card }): JSX.Element | null {
  if (!isBlocked(card)) return null;
  const { blockedBy } = card;
  const text = blockedBy.length === 0 ? say.categories.blocked : say.did.waits(blockedBy.join(", "));
  return (
    <span class="blocked" title={text}>
      <span aria-hidden="true">⊘{blockedBy.length > 0 ? blockedBy.length : ""}</span>
      <span class="sr">{text}</span>
    </span>
  );
}

/** That it asks something. */
export function Question({ card: { question } }: { readonly card: Card }): JSX.Element | null {
  if (question === undefined) return null;
  return (
    <span class="asks" title={question}>
      <span aria-hidden="true">?</span>
      <span class="sr">{say.board.asks(question)}</span>
    </span>
  );
}

/** Who works on it, or whose it is. */
export function Who({ card }: { readonly card: Card }): JSX.Element | null {
  const { claim, assignee } = card;
  useValue(halfMinute);
  if (claim !== null) {
    const left = claim.until === null ? "" : timeLeft(claim.until);
    const text = `${claimName(card)} ${claim.by}${claim.until === null ? "" : `, ${say.times.left(left)}`}`;
    return (
      <Term term={termFor("claimed-by", claim.by)} class="who claimed" title={text}>
        <span aria-hidden="true">
          ● {claim.by} {left}
        </span>
        <span class="sr">{text}</span>
      </Term>
    );
  }
  if (assignee === null) return null;
  // Of several the first one is meant, as they are in one word.
  return (
    <Term term={termFor("assignee", assignee.split(", ")[0] ?? "")} class="who" title={assignee}>
      {assignee}
    </Term>
  );
}
