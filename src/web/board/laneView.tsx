import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createTicket } from "../data/commands.ts";
import type { Model } from "../data/model.ts";
import { type Column, isFinished } from "../data/shapes.ts";
import { Similar } from "../data/similar.tsx";
import { draftName, useDraft } from "../page/drafts.ts";
import { useValue } from "../page/state.ts";
import { CardView } from "./cardView.tsx";
import { useDrawnRows } from "./drawnRows.ts";
import { CARD_HEIGHT, type Lane } from "./lanes.ts";
import { type Drag, dragged, focused } from "./move/drag.ts";
import { draggingOf } from "./move/drop.ts";

/** A column of the board; only the cards that can be seen are in the page. */
export function LaneView({
  lane,
  lanes,
  model,
  isFirstStop,
  beside,
}: {
  readonly lane: Lane;
  /** All columns. */
  readonly lanes: readonly Lane[];
  readonly model: Model;
  /** Whether its first card takes the tab key where no card has had the focus yet. */
  readonly isFirstStop: boolean;
  /** The ticket that is open beside the board. */
  readonly beside: string;
}): JSX.Element {
  const { column, total, cards } = lane;
  const drag = useValue(dragged);
  const limit = column.limit ?? null;
  const isOver = limit !== null && total > limit;
  const isTarget = drag?.over === column.id && model.cards.get(drag.id)?.status !== column.id;
  const refuses = isTarget && !mayMove(model, drag.id, column);
  const isSlim = total === 0 && isFinished(column);
  const count = cards.length === total ? String(total) : `${cards.length} of ${total}`;
  return (
    <section
      class={`lane ${column.category ?? "none"} ${isSlim ? "slim" : ""} ${isTarget ? "target" : ""} ${refuses ? "refuses" : ""}`}
      data-column={column.id}
      aria-label={`${column.name}, ${count}`}
    >
      <header>
        <h2 title={column.role === undefined ? undefined : `for a ${column.role}`}>{column.name}</h2>
        <span class={isOver ? "count over" : "count"} title={isOver ? "more than this column should hold" : ""}>
          {limit === null ? count : `${count} / ${limit}`}
        </span>
        {isFinished(column) ? null : <QuickAdd column={column} model={model} />}
      </header>
      <Cards lane={lane} lanes={lanes} model={model} isFirstStop={isFirstStop} beside={beside} />
    </section>
  );
}

/** Whether the configuration lets a ticket go there; what else holds it back the server knows. */
function mayMove({ config, cards }: Model, id: string, column: Column): boolean {
  const from = cards.get(id)?.status ?? "";
  return config.board.transitions?.[from]?.includes(column.id) ?? true;
}

function Cards({ lane, lanes, model, isFirstStop, beside }: Parameters<typeof LaneView>[0]): JSX.Element {
  const stop = useValue(focused);
  const drag = useValue(dragged);
  const { box, rows, onScroll } = useDrawnRows(lane, CARD_HEIGHT);
  const tabStop = lane.cards.some(({ id }) => id === stop.id) ? stop.id : isFirstStop ? lane.cards[0]?.id : undefined;
  return (
    // Scrolled by keys through its cards.
    <div class="cards" ref={box} onScroll={onScroll}>
      <ul class="all" aria-label={lane.column.name} style={{ height: `${lane.height}px` }}>
        {rows.map((row) =>
          row.kind === "heading" ? (
            <li key={`:${row.text}`} class="heading" style={{ top: `${row.top}px` }}>
              {row.text} <span class="count">{row.count}</span>
            </li>
          ) : (
            <li
              key={row.card.id}
              class={`place ${lineAt(drag, lane, row.card.id)}`}
              aria-posinset={row.n + 1}
              aria-setsize={lane.cards.length}
              style={{ top: `${row.top}px` }}
            >
              <CardView
                card={row.card}
                dragging={draggingOf(row.card.id, lanes)}
                count={model.children.get(row.card.id)}
                lane={lane}
                isOpen={beside === row.card.id}
                isDragged={drag?.id === row.card.id}
                isTabStop={tabStop === row.card.id}
              />
            </li>
          ),
        )}
      </ul>
      {lane.cards.length === 0 ? (
        <p class="empty">{lane.total === 0 ? "Nothing here." : "Nothing that fits the filter."}</p>
      ) : null}
    </div>
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
        aria-label={`New ticket in ${column.name}`}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        +
      </button>
      {isOpen ? (
        <form class="quick" onSubmit={(event) => void submit(event)}>
          <input
            ref={field}
            aria-label={`Title of a new ticket in ${column.name}`}
            placeholder="Title, then Enter"
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
