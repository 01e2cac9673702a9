import type { Overlay } from "../app/ui.ts";
import type { Area } from "../draw/area.ts";
import { edited, inserted, type LineField, lineField } from "../draw/lineField.ts";
import { drawRows } from "../draw/rows.ts";
import { THEME } from "../draw/theme.ts";
import { cut, widthOf } from "../screen/width.ts";

/** Something that can be chosen. */
export interface Choice {
  readonly value: string;
  readonly text: string;
  /** Told beside it, quietly. */
  readonly about?: string;
}

/** A list to choose from by typing a part of it. */
export interface PickerOptions {
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Those that hold now. */
  readonly chosen?: readonly string[];
  /** Several can be chosen, by space. */
  readonly isMany?: boolean;
  /** What is typed is a choice too. */
  readonly isFree?: boolean;
  readonly onDone: (values: readonly string[] | undefined) => void;
}

/** Opens it in the middle of the screen. */
export function picker(options: PickerOptions): Overlay {
  const { title, choices, isMany = false, isFree = false, onDone } = options;
  const chosen = new Set(options.chosen ?? []);
  let field: LineField = lineField();
  let cursor = Math.max(
    0,
    choices.findIndex(({ value }) => chosen.has(value)),
  );
  let scroll = 0;
  const found = (): readonly Choice[] => {
    const words = field.text.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = choices.filter(({ text, about = "" }) =>
      words.every((word) => `${text} ${about}`.toLowerCase().includes(word)),
    );
    const typed = field.text.trim();
    const isNew = isFree && typed !== "" && !choices.some(({ value }) => value === typed);
    return isNew ? [...fitting, { value: typed, text: typed, about: "as typed" }] : fitting;
  };
  const take = (choice: Choice | undefined): boolean => {
    if (choice === undefined && !isMany) return false;
    onDone(isMany && chosen.size > 0 ? [...chosen] : choice === undefined ? [] : [choice.value]);
    return true;
  };
  const toggle = ({ value }: Choice): void => void (chosen.delete(value) || chosen.add(value));
  return {
    draw: (area) => {
      const list = found();
      cursor = Math.max(0, Math.min(cursor, list.length - 1));
      const inner = boxIn(area, title, Math.max(...choices.map(widthOfChoice), 24), list.length + 2);
      const start = inner.put(0, 0, "> ", THEME.key);
      const end = inner.put(start, 0, field.text);
      scroll = drawRows(inner.part(0, 1, inner.width, inner.height - 1), {
        count: list.length,
        cursor,
        hasKeys: true,
        scroll,
        draw: (line, index) =>
          drawChoice(line, list[index], { isMany, isChosen: chosen.has(list[index]?.value ?? "") }),
        onPress: (index) => {
          cursor = index;
        },
        onWheel: (step) => {
          cursor += step;
        },
      });
      if (list.length === 0) inner.put(0, 1, "nothing fits", THEME.dim);
      return { x: inner.x + Math.min(end, inner.width - 1), y: inner.y };
    },
    press: (input) => {
      if (input.kind === "paste") field = inserted(field, input.text);
      if (input.kind !== "key") return false;
      const list = found();
      const { key } = input;
      if (key === "escape" || key === "ctrl+c") {
        onDone(undefined);
        return true;
      }
      if (key === "enter") return take(list[cursor]);
      const steps: Readonly<Record<string, number>> = {
        up: -1,
        "ctrl+p": -1,
        down: 1,
        "ctrl+n": 1,
        pageup: -10,
        pagedown: 10,
      };
      const step = steps[key];
      if (step !== undefined) cursor = Math.max(0, Math.min(list.length - 1, cursor + step));
      else if (isMany && (key === "tab" || (key === "space" && field.text === ""))) {
        const choice = list[cursor];
        if (choice !== undefined) toggle(choice);
      } else {
        field = edited(field, key) ?? field;
        cursor = 0;
      }
      return false;
    },
  };
}

function drawChoice(
  line: Area,
  choice: Choice | undefined,
  { isMany, isChosen }: { readonly isMany: boolean; readonly isChosen: boolean },
): void {
  if (choice === undefined) return;
  const x = line.put(
    0,
    0,
    isMany ? (isChosen ? "[x] " : "[ ] ") : isChosen ? `${line.glyphs.done} ` : "  ",
    THEME.good,
  );
  const end = line.put(x, 0, cut(choice.text, line.width - x));
  line.put(end + 2, 0, cut(choice.about ?? "", Math.max(0, line.width - end - 3)), THEME.dim);
}

function widthOfChoice({ text, about = "" }: Choice): number {
  return widthOf(text) + (about === "" ? 0 : widthOf(about) + 2) + 6;
}

/** A frame in the middle of an area, with what is below it wiped. */
export function boxIn(area: Area, title: string, width: number, height: number): Area {
  const boxWidth = Math.min(area.width, Math.max(width + 4, title.length + 6));
  const boxHeight = Math.min(area.height, height + 2);
  const part = area.part(
    Math.floor((area.width - boxWidth) / 2),
    Math.max(0, Math.floor((area.height - boxHeight) / 3)),
    boxWidth,
    boxHeight,
  );
  part.wipe();
  part.zone({ onPress: () => {}, onWheel: () => {} });
  const inner = part.box(title, true);
  return inner.part(1, 0, inner.width - 2, inner.height);
}
