import type { JSX } from "preact";
import { termFor } from "../../data/filter/filterTerms.ts";
import type { Model } from "../../data/model.ts";
import type { Card } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import type { Lane } from "../lanes.ts";
import { beginDrag, type Dragging } from "../move/drag.ts";
import { ItemKey, Step, Unsure } from "./badges.tsx";
import { CardLink, ChooseBox } from "./cardLink.tsx";
import { Blocked, Due, OfProject, Question, Who } from "./signs.tsx";
import { Term } from "./term.tsx";

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
          <ItemKey card={card} />
          {type === null ? null : (
            <Term term={termFor("type", type)} class={`type ${type}`}>
              {type}
            </Term>
          )}
          <Blocked card={card} />
          <Question card={card} />
          <Unsure card={card} />
          <Term
            term={termFor("priority", String(priority))}
            class="priority"
            title={say.did.priority(String(priority))}
          >
            P{priority}
          </Term>
        </span>
        <span class="title" dir="auto">
          {title}
        </span>
        <span class="bottom">
          <span class="tags" title={card.tags.join(", ")}>
            {card.tags.map((tag) => (
              <Term key={tag} term={termFor("tag", tag)} class="tag">
                {tag}
              </Term>
            ))}
          </span>
          <Step card={card} />
          <Progress done={card.criteria.done} total={card.criteria.total} sign="☑" what={say.board.criteria} />
          <Progress done={count?.done ?? 0} total={count?.total ?? 0} sign="▣" what={say.board.parts} />
          <OfProject word={card.project} />
          <Due card={card} />
          <Who card={card} />
        </span>
      </CardLink>
      <ChooseBox id={id} />
    </>
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
    <span class={p.done === p.total ? "progress full" : "progress"} title={`${say.ofTotal(p.done, p.total)} ${p.what}`}>
      <span aria-hidden="true">{p.sign}</span> {p.done}/{p.total}
      <span class="sr"> {p.what}</span>
    </span>
  );
}
