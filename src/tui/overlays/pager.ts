import type { Span } from "../../ticket/printed/printedLines.ts";
import type { Overlay } from "../app/ui.ts";
import { edited, inserted, type LineField, lineField } from "../draw/lineField.ts";
import { THEME } from "../draw/theme.ts";

type Lines = readonly (readonly Span[])[];

const plain = (spans: readonly Span[]): string => spans.map(({ text }) => text).join("");

/**
 * A text that covers the screen until it is left; `/` searches in it. One that grows is asked for at each frame, and
 * begins at its end, which it follows until somebody goes up.
 */
export function pager(title: string, text: Lines | (() => Lines), isLog = false): Overlay {
  const read = typeof text === "function" ? text : () => text;
  let scroll = isLog ? Number.MAX_SAFE_INTEGER : 0;
  let fits = 1;
  let isFollowing = isLog;
  let typing: LineField | undefined;
  let wanted = "";
  const find = (from: number, step: 1 | -1): void => {
    const lines = read();
    for (let tried = 0, at = from; tried < lines.length; tried++, at += step) {
      const index = (at + lines.length) % lines.length;
      if (
        !plain(lines[index] ?? [])
          .toLowerCase()
          .includes(wanted.toLowerCase())
      )
        continue;
      scroll = index;
      isFollowing = false;
      return;
    }
  };
  const search = (key: string): void => {
    if (key === "enter" && typing !== undefined) {
      if (typing.text !== "") wanted = typing.text;
      typing = undefined;
      find(scroll, 1);
    } else if (["escape", "ctrl+c"].includes(key)) typing = undefined;
    else if (typing !== undefined) typing = edited(typing, key) ?? typing;
  };
  const walk = (key: string): void => {
    const { length } = read();
    const step = stepOf(key, fits, length);
    if (step === undefined) return;
    const last = Math.max(0, length - fits);
    scroll = Math.max(0, Math.min(last, Math.round(Math.min(scroll, last) + step)));
    isFollowing = isLog && scroll === last;
  };
  const press = (key: string): boolean => {
    if (key === "/") typing = lineField();
    else if (key === "n" || key === "N") find(scroll + (key === "n" ? 1 : -1), key === "n" ? 1 : -1);
    else walk(key);
    return ["q", "escape", "enter", "ctrl+c"].includes(key);
  };
  return {
    draw: (area) => {
      const lines = read();
      area.wipe();
      const inner = area.box(title, true, "/ searches, q leaves");
      fits = Math.max(1, inner.height);
      const last = Math.max(0, lines.length - fits);
      scroll = isFollowing ? last : Math.max(0, Math.min(scroll, last));
      area.zone({ onWheel: (step) => walk(step < 0 ? "k" : "j") });
      for (const [y, spans] of lines.slice(scroll, scroll + fits).entries()) {
        inner.spans(0, y, spans);
        if (wanted !== "" && plain(spans).toLowerCase().includes(wanted.toLowerCase())) inner.mark(y, THEME.found);
      }
      if (lines.length === 0) inner.put(0, 0, "nothing", THEME.dim);
      if (typing === undefined) return undefined;
      const line = area.part(0, area.height - 1, area.width, 1);
      line.wipe();
      return { x: area.x + line.put(line.put(0, 0, "/ ", THEME.key), 0, typing.text), y: area.y + area.height - 1 };
    },
    press: (input) => {
      if (input.kind === "paste" && typing !== undefined) typing = inserted(typing, input.text);
      if (input.kind !== "key") return false;
      if (typing === undefined) return press(input.key);
      search(input.key);
      return false;
    },
  };
}

/** How far a key goes in a text of so many lines, of which so many fit. */
function stepOf(key: string, fits: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    j: 1,
    down: 1,
    k: -1,
    up: -1,
    space: fits,
    pagedown: fits,
    "ctrl+d": fits / 2,
    pageup: -fits,
    "ctrl+u": -fits / 2,
    g: -count,
    home: -count,
    G: count,
    end: count,
  };
  return steps[key];
}
