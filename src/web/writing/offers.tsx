import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Problem, storeQuery } from "../data/api.ts";
import { type Model, model } from "../data/model.ts";
import { isFinished } from "../data/shapes.ts";
import { countNames, readAgents } from "../data/shown/names.ts";
import { say } from "../words/say.ts";
import { type Begun, begunAt, type Named, type Offer, offerNames, offerTickets } from "./completion.ts";
import { caretPlace, putText } from "./putText.ts";

/** The list that is open: for which word, what it offers, and where. */
interface Open {
  readonly begun: Begun;
  readonly offers: readonly Offer[];
  readonly chosen: number;
  readonly place: { readonly left: number; readonly top: number };
}

/** What completes names and ids in a field. */
export interface Offers {
  readonly open: Open | undefined;
  /** Looks at the word before the caret. */
  look(): void;
  /** What a key does while the list is open; true where it did something. */
  press(event: KeyboardEvent): boolean;
  take(offer: Offer): void;
  /** Whether what is typed stands there already: the space behind a word that was completed. */
  isTyped(text: string | null): boolean;
  point(chosen: number): void;
  close(): void;
  /** Has agents read whom no ticket names. */
  prepare(): void;
}

/** Agents of the store that was asked last, and when. */
let agents: readonly string[] = [];
let asked = { store: "", at: Number.NEGATIVE_INFINITY };
/** For so long they are not read again. In milliseconds. */
const FRESH = 60_000;

/** Names and ids for the word that is being typed in a field. */
export function useOffers(field: RefObject<HTMLTextAreaElement | null>): Offers {
  const [open, setOpen] = useState<Open>();
  /** The word whose list was closed: it stays closed while that is typed. */
  const left = useRef(-1);
  /** Where a gap was put behind a word: a space that is typed there is that one. */
  const gapEnd = useRef(-1);
  const close = (): void => setOpen(undefined);
  const look = (): void => {
    const box = field.current;
    const begun =
      box === null || box.selectionStart !== box.selectionEnd ? undefined : begunAt(box.value, box.selectionStart);
    if (begun?.from !== left.current) left.current = -1;
    const offers = begun === undefined || left.current === begun.from ? [] : offersFor(begun, box?.value ?? "");
    const isEmpty = box === null || begun === undefined || offers.length === 0;
    setOpen(isEmpty ? undefined : { begun, offers, chosen: 0, place: caretPlace(box, begun.from) });
  };
  const take = ({ insert }: Offer): void => {
    const box = field.current;
    if (box === null || open === undefined) return;
    const { from, word } = open.begun;
    const mark = /[@#]/.test(box.value.charAt(from)) ? 1 : 0;
    const to = from + mark + word.length;
    const gap = box.value.charAt(to) === " " ? "" : " ";
    const end = from + insert.length + 1;
    close();
    putText(box, { from, to, insert: insert + gap, select: [end, end] });
    gapEnd.current = end;
  };
  const isTyped = (typed: string | null): boolean => {
    const isGap = typed === " " && field.current?.selectionStart === gapEnd.current;
    gapEnd.current = -1;
    return isGap;
  };
  const press = (event: KeyboardEvent): boolean => {
    if (open === undefined) return false;
    const { offers, chosen } = open;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setOpen({ ...open, chosen: (chosen + step + offers.length) % offers.length });
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(offers[chosen] as Offer);
    else if (event.key === "Escape") {
      left.current = open.begun.from;
      close();
    } else return false;
    return true;
  };
  return {
    open,
    look,
    press,
    take,
    isTyped,
    point: (chosen) => open !== undefined && chosen !== open.chosen && setOpen({ ...open, chosen }),
    close,
    prepare,
  };
}

/** Reads the agents, where that was not done of late. */
function prepare(): void {
  const store = storeQuery("");
  if (asked.store === store && performance.now() - asked.at < FRESH) return;
  asked = { store, at: performance.now() };
  void readAgents().then((names) => {
    agents = names;
  });
}

function offersFor(begun: Begun, text: string): Offer[] {
  const known = model.get();
  if (known === undefined || known instanceof Problem) return [];
  if (begun.kind === "name") return offerNames(begun.word, namesIn(known));
  const tickets = [...known.cards.values()].map((card) => ({ ...card, isFinished: isFinished(card) }));
  return offerTickets(begun, text[begun.from] === "#", tickets);
}

/** Who has most tickets comes first. */
function namesIn(known: Model): Named[] {
  const me = known.config.actor.name;
  return [...countNames(known, agents)]
    .sort(([, left], [, right]) => right - left)
    .map(([name]) => ({ name, hint: name === me ? say.picker.you : name.startsWith("@") ? say.writing.agent : "" }));
}

/** The list below the word, which the field's keys and the pointer choose from. */
export function OfferList({ name, offers }: { readonly name: string; readonly offers: Offers }): JSX.Element | null {
  const { open, take, point } = offers;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current !== null && open !== undefined) place(list.current, open.place);
  }, [open]);
  return (
    <>
      <span class="sr" role="status">
        {open === undefined ? "" : say.writing.suggestionCount(open.offers.length)}
      </span>
      {open === undefined ? null : (
        <div class="offers" role="listbox" id={`${name}-list`} aria-label={say.writing.suggestions} ref={list}>
          {open.offers.map((offer, n) => (
            // Keys are the field's, as a combobox has it.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
            // biome-ignore lint/a11y/useFocusableInteractive: see above.
            <div
              key={offer.insert}
              id={`${name}-${n}`}
              role="option"
              aria-selected={n === open.chosen}
              // The field keeps the keyboard.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
              onMouseMove={() => point(n)}
            >
              <span class="text" dir="auto">
                {offer.text}
              </span>
              <span class="hint">{offer.hint === offer.text ? "" : offer.hint}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/** Below the word, above it where there is no room, and never outside of the window. */
function place(list: HTMLElement, { left, top }: Open["place"]): void {
  const { width, height } = list.getBoundingClientRect();
  const isBelow = top + height + 8 <= innerHeight;
  const x = Math.max(8, Math.min(left, innerWidth - width - 8));
  Object.assign(list.style, { left: `${x}px`, top: `${isBelow ? top + 4 : Math.max(8, top - height - 28)}px` });
}
