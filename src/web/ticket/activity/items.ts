import type { Shown } from "../../data/shapes.ts";
import { say } from "../../words/say.ts";
import type { Entry, Told } from "./tell.ts";

/** A run of an agent on the server's machine; see `ayo run list`. */
export interface Run {
  readonly run: string;
  readonly agent: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly why: string | null;
  readonly review: boolean;
  readonly at: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly cost: number | null;
  readonly said: string | null;
}

type Note = Shown["ticket"]["notes"][number];
type Commit = Shown["linkedCommits"][number];

/** Something that happened. */
export type Item =
  | { readonly kind: "note"; readonly key: string; readonly at: string; readonly note: Note; readonly n: number }
  | ChangeItem
  | { readonly kind: "commit"; readonly key: string; readonly at: string; readonly commit: Commit }
  | { readonly kind: "run"; readonly key: string; readonly at: string; readonly run: Run };

/** A change of the ticket, in words. */
export interface ChangeItem extends Told {
  readonly kind: "change";
  readonly key: string;
  readonly at: string;
  readonly by: string;
  readonly entry: Entry;
}

/** Small changes of one actor in a row. */
export interface Fold {
  readonly kind: "fold";
  readonly key: string;
  readonly by: string;
  readonly at: string;
  readonly items: readonly ChangeItem[];
}

/** What a ticket's stream is made of; entries oldest first. */
export interface Sources {
  readonly entries: readonly Entry[];
  /** Whether there are older ones that were not read. */
  readonly isCut: boolean;
  readonly notes: readonly Note[];
  readonly commits: readonly Commit[];
  readonly runs: readonly Run[];
  readonly tell: (entry: Entry) => Told;
}

/** All that happened in the order in which it did; what is older than the oldest change that was read is left out. */
export function itemsOf({ entries, isCut, notes, commits, runs, tell }: Sources): Item[] {
  const placed: { readonly place: number; readonly item: Item }[] = [];
  const times = entries.map(({ at }) => Date.parse(at));
  const add = (item: Item, entry?: number): void => {
    const place = entry ?? lastBefore(times, Date.parse(item.at)) + 0.5;
    if (place >= 0 || !isCut) placed.push({ place, item });
  };
  const saidIn = new Map<string, number>();
  entries.forEach((entry, n) => {
    for (const id of newNotesOf(entry)) saidIn.set(id, n);
    if (isOnlyNotes(entry)) return;
    const key = entry.commit ?? `pending ${entry.at}`;
    add({ kind: "change", key, at: entry.at, by: entry.actor, entry, ...tell(entry) }, n);
  });
  const seen = new Map<string, number>();
  notes.forEach((note, n) => {
    const again = seen.get(note.id) ?? 0;
    seen.set(note.id, again + 1);
    const entry = saidIn.get(note.id);
    const item = { kind: "note", key: `note ${note.id} ${again}`, at: note.at, note, n } as const;
    add(item, entry === undefined ? undefined : entry + 0.25);
  });
  for (const commit of commits)
    if (commit.date !== null) add({ kind: "commit", key: commit.oid, at: commit.date, commit });
  for (const run of runs) add({ kind: "run", key: run.run, at: run.started ?? run.at, run });
  return placed.sort(inOrder).map(({ item }) => item);
}

function inOrder(left: { place: number; item: Item }, right: { place: number; item: Item }): number {
  return left.place - right.place || Date.parse(left.item.at) - Date.parse(right.item.at) || 0;
}

/** The last of the times that is not after one; -1 where all are. */
function lastBefore(times: readonly number[], time: number): number {
  return times.findLastIndex((one) => one <= time);
}

/** The notes that came with a change; one that was edited stays where it was said. */
function newNotesOf({ changes: { notes } }: Entry): readonly string[] {
  const listOf = (value: unknown): readonly Partial<Note>[] => (Array.isArray(value) ? value : []);
  const gone = listOf(notes?.from);
  const isEdited = (note: Partial<Note>): boolean => gone.some(({ at, by }) => at === note.at && by === note.by);
  return listOf(notes?.to).flatMap((note) => (note.id === undefined || isEdited(note) ? [] : note.id));
}

/** A note that was added stands for itself. */
function isOnlyNotes({ kind, changes }: Entry): boolean {
  const { notes } = changes;
  if (kind !== "changed" || notes === undefined || Object.keys(changes).length !== 1) return false;
  return Array.isArray(notes.from) && notes.from.length === 0;
}

/** Fewer small changes than this stay as they are. */
const FOLDED = 3;

/** Small changes of one actor in a row as one. */
export function fold(items: readonly Item[]): (Item | Fold)[] {
  const folded: (Item | Fold)[] = [];
  let row: ChangeItem[] = [];
  const end = (): void => {
    const [first] = row;
    const last = row.at(-1);
    if (first === undefined || last === undefined) return;
    if (row.length < FOLDED) folded.push(...row);
    // It keeps its name, and so stays open, while it grows.
    else folded.push({ kind: "fold", key: `fold ${first.key}`, by: first.by, at: last.at, items: row });
    row = [];
  };
  for (const item of items) {
    const isSmall = item.kind === "change" && item.isSmall;
    if (!isSmall || row[0]?.by !== item.by) end();
    if (isSmall) row.push(item);
    else folded.push(item);
  }
  end();
  return folded;
}

/** What a fold says before it is opened: its changes in short, each kind once. */
export function foldText({ items }: Fold): string {
  const kinds = new Map<string, number>();
  for (const { text } of items) kinds.set(text, (kinds.get(text) ?? 0) + 1);
  const [first = "", second = "", ...rest] = [...kinds].map(([text, count]) =>
    count === 1 ? text : `${text} (${count}×)`,
  );
  const shown = second === "" ? first : `${first}, ${second}`;
  return rest.length === 0 ? shown : say.activity.andMore(shown, rest.length);
}
