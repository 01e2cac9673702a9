import { type Board, type Category, type Column, DEFAULT_BOARD, type EnterCheck } from "./board.ts";

/** What a status means on this board; undefined for a status that it does not know. */
export function categoryOf(board: Board, status: string): Category | undefined {
  return columnAt(board, status)?.category;
}

/** {@link columnFor}, for lists of thousands, which ask for the same few statuses. */
export function columnAt(board: Board, status: string): Column | undefined {
  let known = columns.get(board);
  if (known === undefined) {
    known = new Map();
    columns.set(board, known);
  }
  let column = known.get(status);
  if (column === undefined) {
    column = columnFor(board, status) ?? null;
    known.set(status, column);
  }
  return column ?? undefined;
}

/** A board never changes; null: not a column. */
const columns = new WeakMap<Board, Map<string, Column | null>>();

/**
 * The column with this id or name, whatever its case, dashes, underscores and blanks; `done` also means `closed`,
 * and the default board stands in for categories without a column.
 */
export function columnFor(board: Board, nameOrId: string): Column | undefined {
  const exact = board.columns.find((column) => column.id === nameOrId);
  if (exact !== undefined) return exact;
  const wanted = fold(nameOrId);
  if (wanted === "") return undefined;
  const all = [...board.columns, ...standIns(board)];
  const named = (name: string) =>
    all.find((column) => fold(column.id) === name) ?? all.find((column) => fold(column.name) === name);
  return named(wanted) ?? (wanted === "done" ? named("closed") : undefined);
}

/** The first column of a category, the default board's where this board has none. */
export function columnOf(board: Board, category: Category): Column {
  const isOne = (column: Column) => column.category === category;
  return (board.columns.find(isOne) ?? DEFAULT_BOARD.columns.find(isOne)) as Column;
}

/** Where a ticket goes when work on it begins: to the first column of work of the phase that it is in, else of all. */
export function workColumn(board: Board, status: string): Column {
  const phase = columnAt(board, status)?.phase;
  const own = phase === undefined ? undefined : board.columns.find(isWorkOf(phase));
  return own ?? columnOf(board, "active");
}

/** Whether any column asks for something of what comes into it. */
export function isAskedSomewhere({ columns }: Board, check: EnterCheck): boolean {
  return columns.some(({ enter }) => enter?.includes(check) === true);
}

function isWorkOf(phase: string): (column: Column) => boolean {
  return (column) => column.category === "active" && column.phase === phase;
}

function standIns(board: Board): Column[] {
  const known = new Set(board.columns.map((column) => column.category));
  return DEFAULT_BOARD.columns.filter((column) => !known.has(column.category));
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]+/g, "");
}
