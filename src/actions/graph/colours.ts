import type { GraphNode } from "./shape.ts";

/** Fill and line of a node by what its status means; dark text is readable on every fill. */
export const COLOURS: Readonly<Record<NonNullable<GraphNode["category"]> | "unknown", readonly [string, string]>> = {
  todo: ["#dbeafe", "#3b82f6"],
  active: ["#fef3c7", "#d97706"],
  blocked: ["#fee2e2", "#dc2626"],
  review: ["#cffafe", "#0891b2"],
  done: ["#dcfce7", "#16a34a"],
  cancelled: ["#f3f4f6", "#9ca3af"],
  failed: ["#fecaca", "#991b1b"],
  missing: ["#ffffff", "#dc2626"],
  unknown: ["#ffffff", "#6b7280"],
};

/** A node's label on one line: what a program could take for a line break or steer a terminal becomes a blank. */
export function lineOf(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, " ").trim();
}

/** What stands below a node's id. */
export function titleOf({ title, category }: GraphNode): string {
  return category === "missing" ? "(missing)" : lineOf(title);
}
