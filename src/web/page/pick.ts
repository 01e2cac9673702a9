import { capital } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { dialog } from "./keys.ts";
import { state } from "./state.ts";

/** What can be chosen for tickets from a list. */
export type PickKind = "status" | "assignee" | "priority" | "tags" | "project" | "parent" | "deps" | "due";

/** What is being chosen, and for which tickets. */
export interface Picking {
  readonly kind: PickKind;
  readonly ids: readonly string[];
  /** What the list opens below; in the middle of the page where there is nothing. */
  readonly anchor?: DOMRect;
}

/** The list that is open. */
export const picking = state<Picking | undefined>(undefined);

/** The keys that open lists, wherever a ticket has the keyboard; with Shift where a capital stands. */
export const PICK_KEYS: Readonly<Record<string, PickKind>> = {
  m: "status",
  a: "assignee",
  p: "priority",
  l: "tags",
  P: "project",
  U: "parent",
  W: "deps",
  D: "due",
};

/** What buttons, commands and lists call the list. */
export function pickName(kind: PickKind): string {
  return capital(say.fields[kind]);
}

/** Opens a list for tickets, at what was pressed. */
export function pick(kind: PickKind, ids: readonly string[], anchor?: Element | null): void {
  if (ids.length === 0) return;
  const at = anchor?.getBoundingClientRect();
  picking.set({ kind, ids, ...(at === undefined ? {} : { anchor: at }) });
  dialog.set("pick");
}

/** Opens the list that a key stands for; false where it stands for none. */
export function pickByKey(key: string, ids: readonly string[], anchor?: Element | null): boolean {
  const kind = PICK_KEYS[key];
  if (kind === undefined || ids.length === 0) return false;
  pick(kind, ids, anchor);
  return true;
}

/** Which tickets a command means that names none: asked from the view that was shown last. */
const aims: (() => readonly string[])[] = [];

/** Tells which tickets a view means, as long as it is shown; the function that it answers with ends that. */
export function aim(means: () => readonly string[]): () => void {
  aims.push(means);
  return () => void aims.splice(aims.indexOf(means), 1);
}

/** The tickets that a command means now. */
export function aimed(): readonly string[] {
  return aims.at(-1)?.() ?? [];
}
