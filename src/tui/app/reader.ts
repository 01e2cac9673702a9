import { AyoError } from "../../error.ts";
import type { Span } from "../../ticket/printed/printedLines.ts";
import { ticketPreview } from "../data/preview.ts";
import { type Data, knownData, readData } from "../data/source.ts";
import { ticketLanes } from "../views/lanes.ts";
import { type OtherRow, otherRows } from "../views/otherRows.ts";
import type { Outside } from "./app.ts";
import { placeOf, showLanes } from "./cursor.ts";
import { type TypedFilter, typedFilter } from "./typedFilter.ts";
import type { Ui, ViewName } from "./ui.ts";

/** What the cursor rests on is read after so long; who holds a key down reads nothing. In milliseconds. */
const REST_MS = 40;
/** What an agent at work says is read again after so long. In milliseconds. */
const LIVE_MS = 700;
/** Views that are made of more than tickets. */
const OTHERS: readonly ViewName[] = ["inbox", "agents", "projects"];

/** Reads the store and what the cursor stands on; what was asked for last is what shows. */
export interface Reader {
  /** Shows what was known when the store was last read, if anything: the first frame waits for no file. */
  begin(): Promise<void>;
  refresh(): Promise<void>;
  show(view: ViewName): Promise<void>;
  /** The cursor has moved: what it stands on is read once it rests. */
  moved(): void;
  filter(text: string): Promise<void>;
  filterSoon(text: string): void;
  lineOf(key: string): readonly Span[] | undefined;
  /** The command that a line asks for. */
  actOf(key: string): string;
}

/** The reader of a screen. */
export function readerOf(
  ui: Ui,
  outside: Outside,
  { redraw, onGone }: { readonly redraw: () => void; readonly onGone: (id: string) => void },
): Reader {
  let others: readonly OtherRow[] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const typed = typedFilter(ui, (text) => filter(text), redraw);
  const readPreview = async (): Promise<void> => {
    const { row } = placeOf(ui);
    const other = others?.find(({ key }) => key === row?.key);
    if (row === undefined || (row.id === "" && other === undefined)) return;
    const preview = await unlessGone(other?.preview() ?? ticketPreview(outside.store, row.id));
    if (preview === undefined || placeOf(ui).row?.key !== row.key) return;
    if (ui.preview?.key !== row.key) Object.assign(ui, { previewScroll: 0, isAtEnd: true });
    ui.preview = { ...preview, key: row.key };
    redraw();
    if (other?.isLive === true) timer = setTimeout(() => void readPreview(), LIVE_MS);
  };
  const moved = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void readPreview(), REST_MS);
    redraw();
  };
  const put = (): void => {
    if (others !== undefined) showLanes(ui, [{ name: ui.view, rows: others }]);
    else if (ui.data !== undefined) showLanes(ui, ticketLanes(ui.view, ui.data));
    moved();
  };
  const read = async (): Promise<void> => {
    const { view, filter: query } = ui;
    // Whoever changes these meanwhile has asked for another reading.
    const isStale = (): boolean => view !== ui.view || query !== ui.filter;
    try {
      const [data, rows] = await Promise.all([readData(outside.store, query), otherRows(view, outside)]);
      if (isStale()) return;
      others = rows;
      tellGone(ui, data, onGone);
      showData(ui, data);
    } catch (error) {
      if (isStale()) return;
      showTrouble(ui, error, typed);
    }
    put();
  };
  const refresh = oneAtATime(read);
  const filter = (text: string): Promise<void> => {
    typed.end();
    ui.filter = text.trim();
    return refresh();
  };
  return {
    begin: async () => {
      if (await showKnown(ui, outside)) put();
    },
    refresh,
    moved,
    filter,
    filterSoon: typed.take,
    show: async (view) => {
      const id = placeOf(ui).row?.id ?? "";
      Object.assign(ui, { view, isWhole: false, pane: "main", lanes: [] });
      others = undefined;
      if (!OTHERS.includes(view)) {
        // The ticket that it stood on is looked at from another side.
        if (id !== "") ui.cursors.set(view, { key: id, lane: 0, at: 0 });
        return put();
      }
      redraw();
      await refresh();
    },
    actOf: (key) => others?.find((row) => row.key === key)?.act ?? "",
    lineOf: (key) => others?.find((row) => row.key === key)?.spans,
  };
}

async function showKnown(ui: Ui, { store }: Outside): Promise<boolean> {
  if (ui.filter !== "" || OTHERS.includes(ui.view)) return false;
  ui.data = await knownData(store);
  return ui.data !== undefined;
}

/**
 * Has something done once more after each call, however many calls come while it is done: what is asked for again and
 * again is done again and again, and none waits for more than two.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    next = undefined;
    current = work().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (current === undefined) return begin();
    next ??= current.then(begin, begin);
    return next;
  };
}

function showData(ui: Ui, data: Data): void {
  Object.assign(ui, { data, trouble: "", filterProblem: "" });
  if (ui.standing === "reading") ui.standing = "live";
  for (const id of ui.marks) if (!data.view.byId.has(id)) ui.marks.delete(id);
}

function showTrouble(ui: Ui, error: unknown, typed: TypedFilter): void {
  if (!(error instanceof AyoError)) throw error;
  if (error.code !== "bad_input" || ui.filter === "") ui.trouble = placed(error);
  else if (!typed.hold(error.message)) ui.filterProblem = error.message;
}

/** What is wrong, with the file and the line where that is known and not said. */
function placed({ message, data }: AyoError): string {
  const { path, line } = (data ?? {}) as { readonly path?: unknown; readonly line?: unknown };
  if (typeof path !== "string" || message.includes(path)) return message;
  return `${path}${typeof line === "number" && line > 0 ? `:${line}` : ""}: ${message}`;
}

/** The cursor goes to what took the place of a ticket that is gone: that is said, since nobody here has done it. */
function tellGone(ui: Ui, { view }: Data, tell: (id: string) => void): void {
  const id = placeOf(ui).row?.id ?? "";
  if (ui.standing !== "reading" && ui.data?.view.byId.has(id) === true && !view.byId.has(id)) tell(id);
}

/** What is gone meanwhile has nothing to show. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}
