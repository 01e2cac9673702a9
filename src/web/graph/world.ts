import type { Drawn } from "./graphData.ts";
import { STEP } from "./sizes.ts";

/** What stands out. */
export interface Emphasis {
  /** Others are faded; undefined for none. */
  readonly only: ReadonlySet<number> | undefined;
  readonly hovered: number;
  /** Numbers of nodes, in order. */
  readonly critical: readonly number[];
}

/** The colours of the page, as its style says. */
export interface Palette {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly paper: string;
  readonly accent: string;
  readonly categories: Readonly<Record<string, string>>;
}

/** A place in the world. */
export type Point = { readonly x: number; readonly y: number };

/** What part of the world is seen. */
export type Seen = Readonly<Record<"left" | "top" | "right" | "bottom", number>>;

/** Where a node is in the world. */
export function boxOf({ layout }: Drawn, node: number): { readonly x: number; readonly y: number } {
  return {
    x: (layout.x[node] ?? 0) * STEP.x,
    y: (layout.y[node] ?? 0) * STEP.y,
  };
}
