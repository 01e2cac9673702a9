import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { createTicket } from "../data/commands.ts";
import type { Model } from "../data/model.ts";
import { type Column, isFinished } from "../data/shapes.ts";
import { draftName, useDraft } from "../page/drafts.ts";
import { useValue } from "../page/state.ts";
import { CardView } from "./cardView.tsx";
import { dragged, focused } from "./drag.ts";
import { CARD_HEIGHT, type Lane, type Row } from "./lanes.ts";

/** So much above and below what is seen is drawn too, in CSS pixels. */
const OVERSCAN = 400;

/** A column of the board; only the cards that can be seen are in the page. */
export function LaneView({
  lane,
  model,
  isFirstStop,
}: {
  readonly lane: Lane;
  readonly model: Model;
  /** Whether its first card takes the tab key where no card has had the focus yet. */
  readonly isFirstStop: boolean;
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
      <Cards lane={lane} model={model} isFirstStop={isFirstStop} />
    </section>
  );
}

/** Whether the configuration lets a ticket go there; what else holds it back the server knows. */
function mayMove({ config, cards }: Model, id: string, column: Column): boolean {
  const from = cards.get(id)?.status ?? "";
  return config.board.transitions?.[from]?.includes(column.id) ?? true;
}

function Cards({ lane, model, isFirstStop }: Parameters<typeof LaneView>[0]): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState({ top: 0, height: 800 });
  const stop = useValue(focused);
  const drag = useValue(dragged);
  const measure = (): void => {
    const { scrollTop = 0, clientHeight = 800 } = box.current ?? {};
    setViewport((old) =>
      old.top === scrollTop && old.height === clientHeight ? old : { top: scrollTop, height: clientHeight },
    );
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useCardFocus(box, lane, measure);
  const rows = lane.rows.slice(
    firstAfter(lane.rows, viewport.top - OVERSCAN),
    firstAfter(lane.rows, viewport.top + viewport.height + OVERSCAN),
  );
  const tabStop = lane.cards.some(({ id }) => id === stop.id) ? stop.id : isFirstStop ? lane.cards[0]?.id : undefined;
  return (
    // Scrolled by keys through its cards.
    <div class="cards" ref={box} onScroll={measure}>
      <ul class="all" aria-label={lane.column.name} style={{ height: `${lane.height}px` }}>
        {rows.map((row) =>
          row.kind === "heading" ? (
            <li key={`:${row.text}`} class="heading" style={{ top: `${row.top}px` }}>
              {row.text} <span class="count">{row.count}</span>
            </li>
          ) : (
            <li
              key={row.card.id}
              class="place"
              aria-posinset={row.n + 1}
              aria-setsize={lane.cards.length}
              style={{ top: `${row.top}px` }}
            >
              <CardView
                card={row.card}
                columns={model.columns}
                count={model.children.get(row.card.id)}
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

/** Scrolls to the card that is to have the focus, and gives it. */
function useCardFocus(box: { readonly current: HTMLDivElement | null }, lane: Lane, measure: () => void): void {
  const { id, wanted } = useValue(focused);
  useLayoutEffect(() => {
    if (!wanted || box.current === null) return;
    const row = lane.rows.find((one) => one.kind === "card" && one.card.id === id);
    if (row === undefined) return;
    const { scrollTop, clientHeight } = box.current;
    if (row.top < scrollTop) box.current.scrollTop = row.top;
    else if (row.top + CARD_HEIGHT > scrollTop + clientHeight)
      box.current.scrollTop = row.top + CARD_HEIGHT - clientHeight;
    measure();
    const card = box.current.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
    // Not drawn yet: the drawing that follows the scrolling comes here again.
    if (card === null) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** The first row that reaches below a height. */
function firstAfter(rows: readonly Row[], height: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.top ?? 0) + CARD_HEIGHT > height) high = middle;
    else low = middle + 1;
  }
  return low;
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
        </form>
      ) : null}
    </>
  );
}
