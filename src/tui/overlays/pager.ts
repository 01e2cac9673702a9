import type { Span } from "../../ticket/printed/printedLines.ts";
import type { Overlay } from "../app/ui.ts";
import { THEME } from "../draw/theme.ts";

/** A text that covers the screen until it is left. */
export function pager(title: string, lines: readonly (readonly Span[])[]): Overlay {
  let scroll = 0;
  let fits = 1;
  return {
    draw: (area) => {
      area.wipe();
      const inner = area.box(title, true, "q leaves");
      fits = Math.max(1, inner.height);
      scroll = Math.max(0, Math.min(scroll, lines.length - fits));
      area.zone({
        onWheel: (step) => {
          scroll += step * 3;
        },
      });
      for (const [y, spans] of lines.slice(scroll, scroll + fits).entries()) inner.spans(0, y, spans);
      if (lines.length === 0) inner.put(0, 0, "nothing", THEME.dim);
      return undefined;
    },
    press: (input) => {
      if (input.kind !== "key") return false;
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
        g: -lines.length,
        home: -lines.length,
        G: lines.length,
        end: lines.length,
      };
      const step = steps[input.key];
      if (step !== undefined) scroll = Math.max(0, Math.min(lines.length - fits, Math.round(scroll + step)));
      return ["q", "escape", "enter", "ctrl+c"].includes(input.key);
    },
  };
}
