import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createTicket } from "../data/commands.ts";
import type { Model } from "../data/model.ts";
import { type Column, isFinished } from "../data/shapes.ts";
import { Similar } from "../data/shown/similar.tsx";
import { draftName, useDraft } from "../page/drafts.ts";
import { useValue } from "../page/state.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { CardRows, Empty } from "./cards/cardRows.tsx";
import { CardView } from "./cards/cardView.tsx";
import { useDrawnRows } from "./drawnRows.ts";
import { toggleFolded } from "./fold.ts";
import { CARD_HEIGHT, type Lane, type Row } from "./lanes.ts";
import { type Drag, dragged, focused } from "./move/drag.ts";
import { draggingOf } from "./move/drop.ts";

/** A column of the board; only the cards that can be seen are in the page. */
export function LaneView({
  lane,
  lanes,
  model,
  isFirstStop,
  beside,
  drawn,
}: {
  readonly lane: Lane;
  /** All columns. */
  readonly lanes: readonly Lane[];
  readonly model: Model;
  /** Whether its first card takes the tab key where no card has had the focus yet. */
  readonly isFirstStop: boolean;
  /** The ticket that is open beside the board. */
  readonly beside: string;
  /** What is drawn of it, where the board scrolls and not the column. */
  readonly drawn?: readonly Row[];
}): JSX.Element {
  const { column, isFolded = false } = lane;
  const drag = useValue(dragged);
  const isTarget = drag?.over === column.id && model.cards.get(drag.id)?.status !== column.id;
  const signs = {
    slim: lane.total === 0 && isFinished(column) && !isFolded,
    folded: isFolded,
    target: isTarget,
    refuses: isTarget && !mayMove(model, drag.id, column),
  };
  const names = Object.entries(signs).flatMap(([name, is]) => (is ? [name] : []));
  const props = { lane, lanes, model, isFirstStop, beside };
  return (
    <section
      class={["lane", column.category ?? "none", ...names].join(" ")}
      data-column={column.id}
      aria-label={`${column.name}, ${countOf(lane)}`}
    >
      <Head lane={lane} model={model} />
      {isFolded ? null : drawn === undefined ? (
        <ScrolledCards {...props} />
      ) : (
        <div class="cards">
          <Cards {...props} drawn={drawn} />
        </div>
      )}
    </section>
  );
}

function countOf({ shown, total }: Lane): string {
  return shown === total ? String(total) : say.ofTotal(number(shown), number(total));
}

/** The same where there is little room: `2/4`. */
function shortCount({ shown, total }: Lane): string {
  return shown === total ? number(total) : `${number(shown)}/${number(total)}`;
}

function Head({ lane, model }: { readonly lane: Lane; readonly model: Model }): JSX.Element {
  const { column, total, isFolded = false } = lane;
  const limit = column.limit ?? null;
  const isOver = limit !== null && total > limit;
  return (
    <header>
      <h2 title={column.role === undefined ? column.name : say.board.forRole(column.role)}>{column.name}</h2>
      <span class={isOver ? "count over" : "count"} title={isOver ? say.board.tooMany : countOf(lane)}>
        {limit === null ? shortCount(lane) : `${shortCount(lane)} / ${limit}`}
      </span>
      {isFinished(column) || isFolded ? null : <QuickAdd column={column} model={model} />}
      <button
        key="fold"
        type="button"
        class="quiet fold"
        aria-expanded={!isFolded}
        aria-label={isFolded ? say.board.openColumn(column.name) : say.board.collapse(column.name)}
        title={isFolded ? column.name : "f"}
        onClick={() => toggleFolded(model.config.dir, `column:${column.id}`)}
      >
        <span aria-hidden="true">{isFolded ? "»" : "«"}</span>
      </button>
    </header>
  );
}

/** Whether the configuration lets a ticket go there; what else holds it back the server knows. */
function mayMove({ config, cards }: Model, id: string, column: Column): boolean {
  const from = cards.get(id)?.status ?? "";
  return config.board.transitions?.[from]?.includes(column.id) ?? true;
}

type CardsProps = Parameters<typeof LaneView>[0];

/** A column that scrolls by itself. */
function ScrolledCards(props: CardsProps): JSX.Element {
  const { lane } = props;
  const { box, rows, onScroll } = useDrawnRows(lane, CARD_HEIGHT);
  return (
    // Scrolled by keys through its cards.
    <div class="cards" ref={box} onScroll={onScroll}>
      <Cards {...props} drawn={rows} />
      <Empty lane={lane} />
    </div>
  );
}

function Cards({ lane, lanes, model, isFirstStop, beside, drawn = [] }: CardsProps): JSX.Element {
  const stop = useValue(focused);
  const drag = useValue(dragged);
  const tabStop = lane.cards.some(({ id }) => id === stop.id) ? stop.id : isFirstStop ? lane.cards[0]?.id : undefined;
  return (
    <CardRows lane={lane} drawn={drawn} label={lane.column.name} signOf={(id) => lineAt(drag, lane, id)}>
      {(card) => (
        <CardView
          card={card}
          dragging={draggingOf(card.id, lanes)}
          count={model.children.get(card.id)}
          lane={lane}
          isOpen={beside === card.id}
          isDragged={drag?.id === card.id}
          isTabStop={tabStop === card.id}
        />
      )}
    </CardRows>
  );
}

/** On which side of a card a line shows where another one comes down. */
function lineAt(drag: Drag | undefined, { column }: Lane, id: string): string {
  if (drag?.spot === undefined || drag.over !== column.id) return "";
  const { before, after } = drag.spot;
  return after === id ? "line-above" : after === "" && before === id ? "line-below" : "";
}

/** A title and Enter make a ticket in this column. */
function QuickAdd({ column, model }: { readonly column: Column; readonly model: Model }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { text, put, sent } = useDraft(draftName("quick", column.id));
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isOpen) field.current?.focus();
  }, [isOpen]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const title = text.trim();
    if (title === "") return setOpen(false);
    const status = column.id === model.config.board.initial ? {} : { status: column.id };
    const made = await createTicket({ title, ...status });
    if (made !== undefined) sent(text);
  };
  return (
    <>
      <button
        type="button"
        class="quiet add"
        aria-label={say.board.newIn(column.name)}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        +
      </button>
      {isOpen ? (
        <form class="quick" onSubmit={(event) => void submit(event)}>
          <input
            ref={field}
            aria-label={say.board.titleIn(column.name)}
            placeholder={say.board.titleHint}
            maxLength={500}
            value={text}
            onInput={(event) => put(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
          />
          <Similar title={text} />
        </form>
      ) : null}
    </>
  );
}
