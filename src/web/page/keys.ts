import { useLayoutEffect, useRef } from "preact/hooks";
import { hrefOf, navigate, route } from "./router.ts";
import { state } from "./state.ts";
import { toggleTheme } from "./theme.ts";

/** The dialog that is open. */
export const dialog = state<"" | "palette" | "create" | "help" | "ask" | "pick">("");

const GOTO: Readonly<Record<string, () => void>> = {
  i: () => navigate(hrefOf("inbox")),
  b: () => navigate(hrefOf("board")),
  a: () => navigate(hrefOf("agents")),
  g: () => navigate(hrefOf("graph")),
  s: () => navigate(hrefOf("search")),
  t: () => navigate(hrefOf("stats")),
  p: () => navigate(hrefOf("projects")),
  w: () => navigate(hrefOf("pipelines")),
  y: () => navigate(hrefOf("sync")),
  l: () => navigate(hrefOf("timeline")),
};

const KEYS: Readonly<Record<string, () => void>> = {
  c: () => dialog.set("create"),
  "?": () => dialog.set("help"),
  t: toggleTheme,
  "/": () => document.querySelector<HTMLInputElement>("[data-filter]")?.focus(),
};

/** What a view does with a key; true where it did something. */
export type KeyHandler = (event: KeyboardEvent) => boolean;

/** The first key of a sequence that was pressed; the page says what can follow. */
export const sequence = state<"" | "g">("");

/** The views' own, the newest last; those for keys together with Alt, Ctrl or Meta stand by themselves. */
const handlers: KeyHandler[] = [];
const chords: KeyHandler[] = [];
/** Keys that go on while they are held; others do what they do once. */
const STEPS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", ..."jk+=-"];

/** Has a view's keys followed, after the sequences and before what holds everywhere; what it answers with ends that. */
export function onKeys(handler: KeyHandler): () => void {
  handlers.push(handler);
  return () => void handlers.splice(handlers.indexOf(handler), 1);
}

/** The keys of a component, while it is there. */
export function useKeys(handler: KeyHandler): void {
  useHandler(handler, handlers);
}

/** The keys of a component that are pressed together with Alt, Ctrl or Meta, while it is there. */
export function useChords(handler: KeyHandler): void {
  useHandler(handler, chords);
}

function useHandler(handler: KeyHandler, among: KeyHandler[]): void {
  const latest = useRef(handler);
  latest.current = handler;
  useLayoutEffect(() => {
    const own: KeyHandler = (event) => latest.current(event);
    among.push(own);
    return () => void among.splice(among.indexOf(own), 1);
  }, []);
}

/** Whether a key is being typed into something; a box that is ticked takes none. */
export function isTyping({ target }: Event): boolean {
  if (target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type)) return false;
  // How a text will look is a part of writing it: letters mean nothing else there.
  if (target instanceof Element && target.closest(".writing [role=tabpanel]") !== null) return true;
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Follows the keys of the page; the function that it answers with ends that. */
export function startKeys(): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const endSequence = (): void => sequence.set("");
  document.addEventListener("keydown", press, { signal });
  document.addEventListener("pointerdown", endSequence, { signal });
  document.addEventListener("focusin", (event) => isTyping(event) && endSequence(), { signal });
  window.addEventListener("blur", endSequence, { signal });
  leaveChosenLists(signal);
  const unfollow = route.follow(endSequence);
  return () => {
    ending.abort();
    unfollow();
  };
}

/** A list that was opened by pointer gives the keyboard back once something was chosen: `c` would choose Closed there. */
function leaveChosenLists(signal: AbortSignal): void {
  let pointed: EventTarget | null = null;
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      pointed = target;
    },
    { signal },
  );
  document.addEventListener(
    "change",
    ({ target }) => {
      if (target instanceof HTMLSelectElement && target === pointed) target.blur();
    },
    { signal },
  );
}

function press(event: KeyboardEvent): void {
  if (isPaletteKey(event)) {
    event.preventDefault();
    sequence.set("");
    dialog.set(dialog.get() === "palette" ? "" : "palette");
  }
  if (isTyping(event)) blurOnEscape(event);
  if (isForOthers(event)) return;
  const isChord = event.ctrlKey || event.metaKey || event.altKey;
  if (isChord ? chords.some((one) => one(event)) : handle(event)) event.preventDefault();
}

/** The one place that decides what a key means; true where it meant something. */
function handle(event: KeyboardEvent): boolean {
  const { key } = event;
  if (["Shift", "Control", "Alt", "Meta", "CapsLock"].includes(key)) return false;
  if (sequence.get() !== "") {
    sequence.set("");
    // Whatever it is, it was not meant for a ticket.
    if (key.length === 1 || key === "Enter" || key === "Escape") return run(GOTO[key]) || true;
  }
  if (event.repeat && !STEPS.includes(key)) return (key === " " || key === "Enter") && isOnCard(event);
  if (key === "g") {
    sequence.set("g");
    return true;
  }
  return [...handlers].reverse().some((handle) => handle(event)) || run(KEYS[key]);
}

function run(todo: (() => void) | undefined): boolean {
  todo?.();
  return todo !== undefined;
}

function isOnCard({ target }: Event): boolean {
  return target instanceof Element && target.closest("[data-card]") !== null;
}

function isPaletteKey({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "k" && (ctrlKey || metaKey);
}

/** Keys that are typed, or that a dialog or the browser has taken. */
function isForOthers(event: KeyboardEvent): boolean {
  return event.isComposing || event.defaultPrevented || dialog.get() !== "" || isTyping(event);
}

function blurOnEscape({ key, target }: KeyboardEvent): void {
  if (key === "Escape" && dialog.get() === "") (target as HTMLElement).blur();
}
