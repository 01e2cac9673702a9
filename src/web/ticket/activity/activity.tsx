import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Model } from "../../data/model.ts";
import type { Shown } from "../../data/shapes.ts";
import { storedState, useValue } from "../../page/state.ts";
import { say } from "../../words/say.ts";
import type { Attaching } from "../../writing/files.ts";
import { type Fold, fold, type Item, itemsOf } from "./items.ts";
import { ItemView } from "./itemView.tsx";
import { NoteBox } from "./noteBox.tsx";
import { tell } from "./tell.ts";
import { type Known, useHistory } from "./useHistory.ts";

interface Props {
  readonly shown: Shown;
  readonly model: Model;
  readonly read: () => Promise<void>;
  readonly isTicket: (id: string) => boolean;
  readonly attaching: Attaching;
}

/** What of it is shown; the browser remembers. */
const wanted = storedState("activity", "all");
/** So many notes are drawn where they alone are shown; earlier ones when they are asked for. */
const NOTES = 50;

/** All that happened to a ticket, the newest last, and below it a place to say something. */
export function Activity(props: Props): JSX.Element {
  const { id, version } = props.shown.ticket;
  const known = useHistory(id, version);
  const isNotes = useValue(wanted) === "notes";
  const section = useRef<HTMLElement>(null);
  useSteadyBox(section.current);
  return (
    <section class="activity" aria-label={say.activity.heading} ref={section}>
      <header>
        <h2>{say.activity.heading}</h2>
        <Choice name="all" text={say.all} isChosen={!isNotes} />
        <Choice name="notes" text={say.activity.notes(props.shown.ticket.notes.length)} isChosen={isNotes} />
      </header>
      {isNotes ? <NotesAlone {...props} /> : <Everything {...props} known={known} />}
      <NoteBox id={id} read={props.read} attaching={props.attaching} />
    </section>
  );
}

function Choice(p: { readonly name: string; readonly text: string; readonly isChosen: boolean }): JSX.Element {
  return (
    <button type="button" class="quiet" aria-pressed={p.isChosen} onClick={() => wanted.set(p.name)}>
      {p.text}
    </button>
  );
}

function Everything({ shown, model, known, ...rest }: Props & { readonly known: Known }): JSX.Element {
  const { entries, earlier, runs, more } = known;
  const { notes } = shown.ticket;
  const { columns } = model;
  const items = useMemo(() => {
    const columnName = (id: string): string => columns.find((one) => one.id === id)?.name ?? id;
    const isCut = earlier > 0 || entries.length === 0;
    const commits = shown.linkedCommits;
    return fold(itemsOf({ entries, isCut, notes, commits, runs, tell: (entry) => tell(entry, columnName) }));
    // Columns are other ones with each answer of the server; their names seldom.
  }, [entries, earlier, runs, shown, columns.map(({ name }) => name).join()]);
  return (
    <>
      <Earlier count={earlier} show={more} />
      <List items={items} shown={shown} {...rest} />
    </>
  );
}

function NotesAlone({ shown, ...rest }: Omit<Props, "model">): JSX.Element {
  const { notes } = shown.ticket;
  const [count, setCount] = useState(NOTES);
  const items = useMemo(() => {
    const all = itemsOf({
      entries: [],
      isCut: false,
      notes,
      commits: [],
      runs: [],
      tell: () => ({ text: "", isSmall: false }),
    });
    return all.slice(-count);
  }, [notes, count]);
  return (
    <>
      <Earlier count={notes.length - items.length} show={() => setCount(count * 4)} />
      <List items={items} shown={shown} {...rest} />
    </>
  );
}

function Earlier({ count, show }: { readonly count: number; readonly show: () => void }): JSX.Element | null {
  if (count <= 0) return null;
  return (
    <button type="button" class="quiet" onClick={show}>
      {say.activity.earlier(count)}
    </button>
  );
}

function List({ items, ...rest }: { readonly items: readonly (Item | Fold)[] } & Omit<Props, "model">): JSX.Element {
  return (
    <ol class="stream">
      {items.map((item) => (
        <ItemView key={item.key} item={item} {...rest} />
      ))}
    </ol>
  );
}

/** What comes above the field in which somebody types does not push it away. */
function useSteadyBox(section: HTMLElement | null): void {
  const typing = document.activeElement;
  const isBelow = section !== null && typing?.closest(".note-box")?.parentElement === section;
  const before = isBelow && typing !== null ? typing.getBoundingClientRect().top : 0;
  useLayoutEffect(() => {
    if (!isBelow || typing === null || !typing.isConnected) return;
    const moved = typing.getBoundingClientRect().top - before;
    const scroller = typing.closest(".beside .content, main");
    if (moved !== 0 && scroller !== null) scroller.scrollTop += moved;
  });
}
