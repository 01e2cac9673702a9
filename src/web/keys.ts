import { hrefOf, navigate } from "./router.ts";
import { state } from "./state.ts";
import { toggleTheme } from "./theme.ts";

/** The dialog that is open. */
export const dialog = state<"" | "palette" | "create" | "help" | "ask">("");

/** What the help sheet lists; what a view does with keys of its own is listed there too. */
export const SHORTCUTS: readonly (readonly [
  group: string,
  rows: readonly (readonly [keys: string, what: string])[],
])[] = [
  [
    "Everywhere",
    [
      ["Ctrl K", "find a ticket, or do something"],
      ["c", "new ticket"],
      ["/", "filter or search"],
      ["g b", "board"],
      ["g g", "graph"],
      ["g s", "search"],
      ["g t", "statistics"],
      ["t", "dark or light"],
      ["?", "this sheet"],
      ["Esc", "close, or leave a field"],
    ],
  ],
  [
    "On the board",
    [
      ["← ↑ ↓ →  or  h k j l", "from card to card"],
      ["Enter", "open the ticket"],
      ["Space", "pick the card up, and put it down"],
      ["← →", "with a card picked up: to the next column"],
      ["Esc", "with a card picked up: put it back"],
      ["s, x", "start it, close it"],
    ],
  ],
  [
    "On a ticket",
    [
      ["e", "edit the text"],
      ["n", "write a note"],
      ["s, x", "start it, close it"],
    ],
  ],
  [
    "In the graph",
    [
      ["+ − 0", "nearer, farther, fit"],
      ["← ↑ ↓ →", "move"],
    ],
  ],
];

const GOTO: Readonly<Record<string, () => void>> = {
  b: () => navigate(hrefOf("board")),
  g: () => navigate(hrefOf("graph")),
  s: () => navigate(hrefOf("search")),
  t: () => navigate(hrefOf("stats")),
};

const KEYS: Readonly<Record<string, () => void>> = {
  c: () => dialog.set("create"),
  "?": () => dialog.set("help"),
  t: toggleTheme,
  "/": () => document.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
};

/** Whether a key is being typed into something. */
export function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Follows the shortcuts that hold everywhere; the function that it answers with ends that. */
export function startKeys(): () => void {
  let afterG = Number.NEGATIVE_INFINITY;
  const press = (event: KeyboardEvent): void => {
    if (isPaletteKey(event)) {
      event.preventDefault();
      dialog.set(dialog.get() === "palette" ? "" : "palette");
    }
    if (isTyping(event)) leave(event);
    if (isForOthers(event)) return;
    const isSecond = event.timeStamp - afterG < 1000;
    afterG = !isSecond && event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    run(event, (isSecond ? GOTO : KEYS)[event.key]);
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

function run(event: Event, todo: (() => void) | undefined): void {
  if (todo === undefined) return;
  event.preventDefault();
  todo();
}

function isPaletteKey({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "k" && (ctrlKey || metaKey);
}

/** Keys that are typed, or that a dialog, a view or the browser has taken. */
function isForOthers(event: KeyboardEvent): boolean {
  const isCombined = event.ctrlKey || event.metaKey || event.altKey;
  return isCombined || event.defaultPrevented || dialog.get() !== "" || isTyping(event);
}

function leave({ key, target }: KeyboardEvent): void {
  if (key === "Escape" && dialog.get() === "") (target as HTMLElement).blur();
}
