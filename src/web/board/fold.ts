import { storedState, useValue } from "../page/state.ts";

/** What is collapsed, for this browser; of each store its own. */
const kept = storedState("folded", "{}");

function keptIn(text: string): Readonly<Record<string, readonly string[]>> {
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === "object" && raw !== null ? (raw as Record<string, readonly string[]>) : {};
  } catch {
    return {};
  }
}

/** What of a store is collapsed: `column:open`, `assignee:@coder`. */
export function useFolded(store: string): ReadonlySet<string> {
  const all = keptIn(useValue(kept))[store];
  return new Set(Array.isArray(all) ? all : []);
}

/** Collapses a column or a row, or opens it again. */
export function toggleFolded(store: string, key: string): void {
  const all = keptIn(kept.get());
  const names = new Set(all[store] ?? []);
  if (!names.delete(key)) names.add(key);
  kept.set(JSON.stringify({ ...all, [store]: [...names] }));
}
