import { cardOf } from "../data/model.ts";
import type { Config, Line } from "../data/shapes.ts";
import { PICK_KEYS } from "../page/pick.ts";
import type { Acts } from "./lineView.tsx";
import { todosOf } from "./todos.ts";
import type { ShownLine } from "./typed.ts";
import { goTo, lineAt, placeOf, stopsIn } from "./walk.ts";

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

/** What keys act on. */
export interface Keyed {
  readonly box: HTMLElement | null;
  readonly shown: readonly ShownLine[];
  readonly config: Config;
  readonly acts: Acts;
  /** The line that had the keyboard last. */
  readonly last: string | undefined;
  /** The line that shows until when it can be put away. */
  readonly snoozing: string;
}

/** What a key does in the inbox; true where it did something. Only the line that has the keyboard is acted on. */
export function pressInInbox({ key, target, repeat }: KeyboardEvent, keyed: Keyed): boolean {
  const { box, shown, last } = keyed;
  const at = target instanceof Element ? target : document.body;
  if (at !== document.body && at.id !== "main" && box?.contains(at) !== true) return false;
  const here = lineAt(at);
  const step = STEPS[key];
  if (step !== undefined) {
    const stops = stopsIn(box);
    const from = at.matches("[data-stop]") ? stops.indexOf(at as HTMLElement) : placeOf(stops, here ?? last);
    // Coming from elsewhere the last line is where it goes on.
    const isElsewhere = here === undefined && !at.matches("[data-stop]");
    goTo(stops[Math.max(0, Math.min(isElsewhere ? Math.max(0, from) : from + step, stops.length - 1))]);
    return stops.length > 0;
  }
  if (here === undefined && !at.matches("[data-stop]")) return begin(key, keyed);
  const line = shown.find((one) => one.line.key === here && !one.isGone)?.line;
  if (line === undefined) return false;
  // A key that is held does what it does once.
  return repeat || actOn(line, key, keyed);
}

/** A key of a line while none has the keyboard: the last one, else the first, gets it; it acts when it is seen who that is. */
function begin(key: string, { box, shown, config, last }: Keyed): boolean {
  const stops = stopsIn(box);
  const stop = stops[Math.max(0, placeOf(stops, last))];
  const line = shown.find((one) => one.line.key === lineAt(stop ?? null) && !one.isGone)?.line;
  if (line === undefined) return false;
  const field = key === "r" ? inLine(box, line.key, "[data-answer]") : undefined;
  const isKnown = todosOf(line, config).some((one) => one.key === key) || "eh".includes(key);
  if (field === undefined && !isKnown && PICK_KEYS[key] === undefined) return false;
  goTo(stop);
  // To type harms nobody.
  field?.focus();
  return true;
}

function actOn(line: Line, key: string, { box, acts, config, snoozing }: Keyed): boolean {
  if (key === "Escape") {
    if (snoozing !== line.key) return false;
    acts.offerSnooze("");
    inLine(box, line.key, "[data-snooze]")?.focus();
    return true;
  }
  const todo = todosOf(line, config).find((one) => one.key === key);
  const field = key === "r" ? inLine(box, line.key, "[data-answer]") : undefined;
  if (todo !== undefined) acts.settle(line, todo);
  else if (field !== undefined) field.focus();
  else if (key === "e") acts.done(line);
  else if (key === "h") acts.offerSnooze(line.key);
  else return cardOf(line.id) !== undefined && PICK_KEYS[key] !== undefined && acts.list(line, PICK_KEYS[key]);
  return true;
}

/** A part of a line. */
export function inLine(box: Element | null, key: string, part: string): HTMLElement | undefined {
  return box?.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"] ${part}`) ?? undefined;
}
