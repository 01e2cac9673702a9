import type { Area } from "./area.ts";
import { THEME } from "./theme.ts";

/** A list of which only what fits is drawn. */
export interface RowsOptions {
  readonly count: number;
  /** The line with the cursor; -1 for none. */
  readonly cursor: number;
  readonly hasKeys: boolean;
  /** The first line that was seen last time. */
  readonly scroll: number;
  /** Lines a row takes. */
  readonly height?: number;
  readonly draw: (area: Area, index: number, isCursor: boolean) => void;
  readonly onPress?: (index: number, isTwice: boolean) => void;
  readonly onWheel?: (step: number) => void;
}

/** Draws it; the answer is the first line that is seen now: the cursor's is always. */
export function drawRows(area: Area, options: RowsOptions): number {
  const { count, cursor, hasKeys, height = 1, draw, onPress, onWheel } = options;
  const fits = Math.max(1, Math.floor(area.height / height));
  const first = scrollTo({ ...options, fits });
  if (onWheel !== undefined) area.zone({ onWheel });
  for (let index = first; index < Math.min(count, first + fits); index++) {
    const line = area.part(0, (index - first) * height, area.width, height);
    if (onPress !== undefined) line.zone({ onPress: (isTwice) => onPress(index, isTwice) });
    draw(line, index, index === cursor);
    if (index === cursor) for (let y = 0; y < height; y++) line.mark(y, hasKeys ? THEME.cursor : THEME.cursorAway);
  }
  if (count > fits && area.width > 2) drawThumb(area, { first, fits, count });
  return first;
}

function scrollTo({ cursor, scroll, count, fits }: RowsOptions & { readonly fits: number }): number {
  const last = Math.max(0, count - fits);
  if (cursor < 0) return Math.min(scroll, last);
  const edge = Math.min(2, Math.floor((fits - 1) / 2));
  const first = Math.min(Math.max(scroll, cursor - fits + 1 + edge), Math.max(0, cursor - edge));
  return Math.max(0, Math.min(first, last));
}

function drawThumb(
  area: Area,
  { first, fits, count }: { readonly first: number; readonly fits: number; readonly count: number },
): void {
  const size = Math.max(1, Math.round((area.height * fits) / count));
  const at = Math.round(((area.height - size) * first) / Math.max(1, count - fits));
  for (let y = 0; y < size; y++) area.put(area.width - 1, at + y, area.glyphs.thumb, THEME.dim);
}
