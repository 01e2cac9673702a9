import type { JSX } from "preact";
import { dueOf } from "../data/due.ts";
import { isBlocked } from "../data/filter.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { type Card, claimName } from "../data/shapes.ts";
import { Dot } from "../page/dot.tsx";
import { useValue } from "../page/state.ts";
import { halfMinute, timeLeft } from "../page/times.ts";
import { CardLink, ChooseBox } from "./cardLink.tsx";
import type { Lane } from "./lanes.ts";
import { beginDrag, type Dragging } from "./move/drag.ts";

interface Props {
  readonly card: Card;
  readonly dragging: Dragging;
  /** The column that it stands in. */
  readonly lane: Lane;
  /** Of its parts. */
  readonly count: Model["children"] extends ReadonlyMap<string, infer T> ? T | undefined : never;
  /** Beside the board. */
  readonly isOpen: boolean;
  readonly isDragged: boolean;
  readonly isTabStop: boolean;
}

/** One ticket on the board, with a box to select it. */
export function CardView({ card, dragging, lane, count, isOpen, isDragged, isTabStop }: Props): JSX.Element {
  const { id, title, type, priority } = card;
  return (
    <>
      <CardLink
        card={card}
        lane={lane}
        kind={`card p${priority} ${isDragged ? "held" : ""}`}
        isOpen={isOpen}
        isTabStop={isTabStop}
        onPress={(event) => beginDrag(event, id, dragging)}
      >
        <span class="top">
          <span class="id">{id}</span>
          {card.externalKey === undefined ? null : <span class="key">{card.externalKey}</span>}
          {type === null ? null : <span class={`type ${type}`}>{type}</span>}
          {isBlocked(card) ? <Blocked card={card} /> : null}
          <span class="priority" title={`priority ${priority}`}>
            P{priority}
          </span>
        </span>
        <span class="title" dir="auto">
          {title}
        </span>
        <span class="bottom">
          <span class="tags" title={card.tags.join(", ")}>
            {card.tags.map((tag) => (
              <span key={tag} class="tag">
                {tag}
              </span>
            ))}
          </span>
          <Progress done={card.criteria.done} total={card.criteria.total} sign="☑" what="criteria" />
          <Progress done={count?.done ?? 0} total={count?.total ?? 0} sign="▣" what="parts" />
          <OfProject word={card.project} />
          <Due card={card} />
          <Who card={card} />
        </span>
      </CardLink>
      <ChooseBox id={id} />
    </>
  );
}

/** The project's colour and name. */
function OfProject({ word }: { readonly word: string | null }): JSX.Element | null {
  const { find } = useValue(projects);
  if (word === null) return null;
  const { name = word, color = null } = find(word) ?? {};
  return (
    <span class="project" title={`project ${name}`}>
      <Dot color={color} />
      <span>{name}</span>
    </span>
  );
}

/** When it is due; what is over stands out. */
function Due({ card }: { readonly card: Card }): JSX.Element | null {
  useValue(halfMinute);
  const due = dueOf(card, Date.now());
  return due === undefined ? null : <span class={due.isOver ? "due over" : "due"}>{due.text}</span>;
}

function Blocked({ card: { blockedBy } }: { readonly card: Card }): JSX.Element {
  const text = blockedBy.length === 0 ? "blocked" : `waits for ${blockedBy.join(", ")}`;
  return (
    <span class="blocked" title={text}>
      <span aria-hidden="true">⊘{blockedBy.length > 0 ? blockedBy.length : ""}</span>
      <span class="sr">{text}</span>
    </span>
  );
}

function Progress(p: {
  readonly done: number;
  readonly total: number;
  readonly sign: string;
  readonly what: string;
}): JSX.Element | null {
  if (p.total === 0) return null;
  return (
    <span class={p.done === p.total ? "progress full" : "progress"} title={`${p.done} of ${p.total} ${p.what}`}>
      <span aria-hidden="true">{p.sign}</span> {p.done}/{p.total}
      <span class="sr"> {p.what}</span>
    </span>
  );
}

function Who({ card }: { readonly card: Card }): JSX.Element | null {
  const { claim, assignee } = card;
  useValue(halfMinute);
  if (claim !== null) {
    const left = claim.until === null ? "" : timeLeft(claim.until);
    const text = `${claimName(card)} ${claim.by}${claim.until === null ? "" : `, ${left} left`}`;
    return (
      <span class="who claimed" title={text}>
        <span aria-hidden="true">
          ● {claim.by} {left}
        </span>
        <span class="sr">{text}</span>
      </span>
    );
  }
  return assignee === null ? null : <span class="who">{assignee}</span>;
}
