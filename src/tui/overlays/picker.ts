import { cut, widthOf } from "../../textWidth.ts";
import type { Overlay } from "../app/ui.ts";
import type { Area } from "../draw/area.ts";
import { edited, inserted, type LineField, lineField } from "../draw/lineField.ts";
import { drawRows } from "../draw/rows.ts";
import { THEME } from "../draw/theme.ts";
import { type Choice, fitting } from "./choices.ts";

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
  const width = Math.max(...choices.map(widthOfChoice), 24);
  let field: LineField = lineField();
  let cursor = Math.max(
    0,
    choices.findIndex(({ value }) => chosen.has(value)),
  );
  let scroll = 0;
  const done = (values: readonly string[] | undefined): true => {
    onDone(values);
    return true;
  };
  const take = (choice: Choice | undefined): boolean => {
    if (isMany && chosen.size > 0) return done([...chosen]);
    return choice !== undefined && done([choice.value]);
  };
  const press = (key: string, list: readonly Choice[]): void => {
    const step = STEPS[key];
    const value = list[cursor]?.value;
    const isToggle = isMany && (key === "tab" || (key === "space" && field.text === ""));
    if (step !== undefined) cursor = Math.max(0, Math.min(list.length - 1, cursor + step));
    else if (!isToggle) {
      field = edited(field, key) ?? field;
      cursor = 0;
    } else if (value !== undefined && !chosen.delete(value)) chosen.add(value);
  };
  return {
    draw: (area) => {
      const list = fitting(choices, field.text, isFree);
      cursor = Math.max(0, Math.min(cursor, list.length - 1));
      const inner = boxIn(area, title, width, list.length + 2);
      const end = inner.put(inner.put(0, 0, "> ", THEME.key), 0, field.text);
      scroll = drawRows(inner.part(0, 1, inner.width, inner.height - 1), {
        count: list.length,
        cursor,
        hasKeys: true,
        scroll,
        draw: (line, index) => drawChoice(line, list[index], isMany, chosen),
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
      if (input.key === "escape" || input.key === "ctrl+c") return done(undefined);
      const list = fitting(choices, field.text, isFree);
      if (input.key === "enter") return take(list[cursor]);
      press(input.key, list);
      return false;
    },
  };
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  "ctrl+p": -1,
  down: 1,
  "ctrl+n": 1,
  pageup: -10,
  pagedown: 10,
};

function drawChoice(line: Area, choice: Choice | undefined, isMany: boolean, chosen: ReadonlySet<string>): void {
  if (choice === undefined) return;
  const isChosen = chosen.has(choice.value);
  const box = isMany ? (isChosen ? "[x] " : "[ ] ") : isChosen ? `${line.glyphs.done} ` : "  ";
  const x = line.put(0, 0, box, THEME.good);
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
