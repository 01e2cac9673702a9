import type { View } from "../../store/disk/view.ts";
import { readHistory } from "../../store/history/historyTable.ts";
import { type Mark, type Marks, readMarks } from "../../store/history/inboxMarks.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { Need } from "./item.ts";
import { needsOf } from "./needs.ts";

/** A need, and what its owner did with it. */
export interface Marked {
  readonly need: Need;
  readonly mark: Mark | undefined;
}

/** Somebody's inbox, with what was put away. */
export async function inboxOf(
  store: Store,
  view: View,
  name: string,
): Promise<{ readonly needs: readonly Marked[]; readonly trouble?: string }> {
  const needs = await needsOf(store, view, await readHistory(store), name);
  const { marks, trouble } = readMarks(store, name);
  const find = markFinder(marks, needs);
  const marked = needs.map((need) => ({ need, mark: find(need) }));
  return trouble === undefined ? { needs: marked } : { needs: marked, trouble };
}

/** Whether a line does not show now. */
export function isAway(mark: Mark | undefined, now: number): boolean {
  return mark !== undefined && (mark.done !== undefined || (mark.until ?? 0) > now);
}

/** The mark on a line that is still about the same; a note that was edited has its mark from before. */
function markFinder(marks: Marks, needs: readonly Need[]): (need: Need) => Mark | undefined {
  if (marks.size === 0) return () => undefined;
  const keys = new Set(needs.map(({ key }) => key));
  const edited = new Map<string, Mark>();
  for (const [key, mark] of marks) if (!keys.has(key)) edited.set(`${noteOf(key) ?? ""} ${mark.about}`, mark);
  return ({ key, about }) => {
    const mark = marks.get(key);
    if (mark?.about === about) return mark;
    const note = noteOf(key);
    return note === undefined ? undefined : edited.get(`${note} ${about}`);
  };
}

/** The ticket in the key of a note. */
function noteOf(key: string): string | undefined {
  const at = key.indexOf(":note ");
  return at < 0 ? undefined : key.slice(0, at);
}

/** What needs somebody now, without what was put away. */
export async function needsNow(store: Store, view: View, as: string | undefined): Promise<readonly Need[]> {
  const { needs } = await inboxOf(store, view, actorOf(as, store).name);
  return needs.filter(({ mark }) => !isAway(mark, view.now)).map(({ need }) => need);
}
