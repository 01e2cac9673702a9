import type { ComponentChildren, JSX } from "preact";
import { toggleTerm } from "../../data/filter/filterTerms.ts";
import { type Card, isFinished } from "../../data/shapes.ts";
import { route, setParams, ticketHref } from "../../page/router.ts";
import { useValue } from "../../page/state.ts";
import { say } from "../../words/say.ts";
import { loadTicket } from "../beside.tsx";
import type { Lane } from "../lanes.ts";
import { focusCard, focused } from "../move/drag.ts";
import { isNarrow, openBeside } from "../panel.ts";
import { beginRange, chooseTo, selecting, selection, toggleCard } from "../selection.ts";

/** A ticket that has the keyboard, opens by a click and can be selected: a card, or a row of the list. */
export function CardLink({
  card,
  lane,
  kind,
  isOpen,
  isTabStop,
  onPress,
  children,
}: {
  readonly card: Card;
  /** What it stands in. */
  readonly lane: Lane;
  readonly kind: string;
  /** Beside the board. */
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  readonly onPress?: (event: PointerEvent) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { id } = card;
  const isChosen = useValue(selection).ids.has(id);
  return (
    <a
      class={`${kind} ${isFinished(card) ? "finished" : ""} ${isChosen ? "chosen" : ""}`}
      {...(isOpen ? { "aria-current": "true" as const } : {})}
      href={ticketHref(id)}
      data-card={id}
      draggable={false}
      tabIndex={isTabStop ? 0 : -1}
      onDragStart={(event) => event.preventDefault()}
      onPointerEnter={() => void loadTicket()}
      onPointerDown={(event) => {
        // It has not the keyboard yet: a range begins where that is.
        if (event.shiftKey) beginRange(focused.get().id);
        onPress?.(event);
      }}
      onFocus={() => {
        focused.set({ id, wanted: false });
        void loadTicket();
      }}
      onClick={(event) => clickCard(event, id, lane)}
    >
      {isChosen ? <span class="sr">{say.board.selected} </span> : null}
      {children}
    </a>
  );
}

/** The box that selects a card. */
export function ChooseBox({ id }: { readonly id: string }): JSX.Element {
  return (
    <input
      type="checkbox"
      class="choose"
      // Keys select by Shift and Space, so that each column is one stop.
      tabIndex={-1}
      aria-label={say.board.select(id)}
      checked={useValue(selection).ids.has(id)}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => toggleCard(id)}
    />
  );
}

/** A click on what can be filtered by filters; another opens it, with Ctrl it chooses the card, with Shift all up to it. */
function clickCard(event: MouseEvent, id: string, lane: Lane): void {
  const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
  const term =
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-term]")?.dataset.term : undefined;
  const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-href]") : null;
  if (isPlain && item !== null && !selecting.get()) window.open(item.dataset.href, "_blank", "noopener,noreferrer");
  else if (isPlain && term !== undefined && !selecting.get())
    setParams({ q: toggleTerm(route.get().params.q ?? "", term) }, true);
  else if (event.shiftKey) chooseTo(id, "", [lane]);
  else if (event.ctrlKey || event.metaKey || selecting.get()) toggleCard(id);
  else if (isNarrow()) return;
  else openBeside(id);
  event.preventDefault();
  focusCard(id);
}
