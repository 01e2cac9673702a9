import { clusters, widthOf } from "../../textWidth.ts";
import type { Overlay } from "../app/ui.ts";
import { edited, inserted, type LineField, lineField } from "../draw/lineField.ts";
import { THEME } from "../draw/theme.ts";

/** A line to type, at the bottom of the screen. */
export interface PromptOptions {
  readonly label: string;
  readonly text?: string;
  /** What was typed before, oldest first. */
  readonly history?: readonly string[];
  /** What the word at the cursor may go on with. */
  readonly complete?: (text: string) => readonly string[] | Promise<readonly string[]>;
  /** Called as it is typed. */
  readonly onInput?: (text: string) => void;
  readonly onDone: (text: string | undefined) => void;
  readonly redraw: () => void;
}

const SHOWN = 8;

/** Asks for a line: Enter takes it, Escape leaves it, Tab completes, up and down go through what was typed before. */
export function prompt(options: PromptOptions): Overlay {
  const { label, history = [], complete, onInput, onDone, redraw } = options;
  let field: LineField = lineField(options.text);
  let at = history.length;
  let offers: readonly string[] = [];
  let offer = -1;
  const set = (next: LineField): void => {
    field = next;
    offers = [];
    offer = -1;
    onInput?.(field.text);
  };
  const take = (step: 1 | -1): void => {
    if (offers.length === 0) return;
    offer = (offer + step + offers.length) % offers.length;
    field = lineField(offers[offer]);
    onInput?.(field.text);
  };
  const completeNow = async (step: 1 | -1): Promise<void> => {
    offers = (await complete?.(field.text)) ?? [];
    if (offers.length === 1) set(lineField(`${offers[0]} `));
    else take(step);
    redraw();
  };
  const tab = (step: 1 | -1): false | Promise<false> => {
    if (offers.length === 0) return completeNow(step).then(() => false as const);
    take(step);
    return false;
  };
  const press = (key: string): boolean | Promise<boolean> => {
    if (key === "tab" || key === "shift+tab") return tab(key === "tab" ? 1 : -1);
    const isOver = key === "enter" || LEAVING.includes(key);
    if (isOver) onDone(key === "enter" ? field.text : undefined);
    else edit(key);
    return isOver;
  };
  const walk = (step: 1 | -1): void => {
    at = Math.max(0, Math.min(history.length, at + step));
    set(lineField(history[at] ?? ""));
  };
  const edit = (key: string): void => {
    const step = STEPS[key];
    if (step === undefined) set(edited(field, key) ?? field);
    else if (offers.length > 0) take(step);
    else walk(step);
  };
  return {
    draw: (area) => {
      const y = area.height - 1;
      const line = area.part(0, y, area.width, 1);
      line.wipe();
      const start = line.put(0, 0, `${label} `, THEME.key);
      const before = [...clusters(field.text)].slice(0, field.at).join("");
      const room = Math.max(1, area.width - start - 1);
      const skip = Math.max(0, widthOf(before) - room);
      const shown = skip === 0 ? field.text : dropCells(field.text, skip);
      line.put(start, 0, shown);
      const first = Math.max(0, Math.min(offer - SHOWN + 1, offers.length - SHOWN));
      for (const [index, text] of offers.slice(first, first + SHOWN).entries()) {
        const row = area.part(0, y - Math.min(SHOWN, offers.length) + index, Math.min(area.width, 60), 1);
        row.wipe();
        row.put(1, 0, text, first + index === offer ? THEME.cursor : THEME.dim);
      }
      return { x: area.x + start + Math.min(room, widthOf(before) - skip), y: area.y + y };
    },
    press: (input) => {
      if (input.kind === "key") return press(input.key);
      if (input.kind === "paste") set(inserted(field, input.text));
      return false;
    },
  };
}

const LEAVING: readonly string[] = ["escape", "ctrl+c", "ctrl+g"];
const STEPS: Readonly<Record<string, 1 | -1>> = { up: -1, "ctrl+p": -1, down: 1, "ctrl+n": 1 };

function dropCells(text: string, cells: number): string {
  let dropped = 0;
  let rest = "";
  for (const cluster of clusters(text)) {
    if (dropped < cells) dropped += widthOf(cluster);
    else rest += cluster;
  }
  return rest;
}
