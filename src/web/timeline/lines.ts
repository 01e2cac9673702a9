import type { Bar, Plan } from "./plan.ts";

/** A line from what is waited for to what waits, in CSS pixels. */
export interface Tie {
  readonly from: string;
  readonly to: string;
  readonly d: string;
  /** What waits is to be done before what it waits for. */
  readonly isTight: boolean;
}

/** The lines between rows of which one at least is drawn; `rows` are the first that is and the one after the last. */
export function tiesOf(
  { rows, rowOf }: Plan,
  [first, after]: readonly [number, number],
  { x, rowHeight }: { readonly x: (moment: number) => number; readonly rowHeight: number },
): Tie[] {
  const ties: Tie[] = [];
  const add = (bar: Bar, row: number, dep: string): void => {
    const other = rowOf.get(dep);
    const before = other === undefined ? undefined : rows[other];
    if (other === undefined || before?.kind !== "ticket") return;
    const [x1, y1] = [x(before.bar.to), (other + 0.5) * rowHeight];
    const [x2, y2] = [x(bar.from), (row + 0.5) * rowHeight];
    const turn = x2 >= x1 + 12 ? x2 - 6 : x1 + 6;
    const middle = x2 >= x1 + 12 ? y1 : y2 - Math.sign(y2 - y1) * (rowHeight / 2);
    const d =
      x2 >= x1 + 12 ? `M${x1} ${y1}H${turn}V${y2}H${x2}` : `M${x1} ${y1}H${turn}V${middle}H${x2 - 6}V${y2}H${x2}`;
    ties.push({ from: dep, to: bar.card.id, d, isTight: bar.kind === "due" && before.bar.to > bar.to });
  };
  for (let row = first; row < after; row++) {
    const one = rows[row];
    if (one?.kind === "ticket") for (const dep of one.bar.card.deps) add(one.bar, row, dep);
  }
  return ties;
}
