/** A column of the board, and what it stands for. */
export interface Column {
  readonly id: string;
  readonly category: string;
}

/** States that an issue can be put into: open, or why it is closed. */
export const STATES: readonly string[] = ["open", "completed", "not_planned"];

/** Categories whose issues are closed, if anything. */
const FINISHED: readonly string[] = ["done", "cancelled", "failed"];

/** Why a column cannot be a state; undefined where it can. */
export function whyNot({ id, category }: Column, state: string): string | undefined {
  if (labelOf(state) === undefined || !FINISHED.includes(category)) return undefined;
  return `${id} is for what is finished, which GitHub closes: only columns of open issues can be a label`;
}

/** How config names a state that an issue has by a label: `label:status: in progress`. */
const BY_LABEL = "label:";

/** The state of open issues that bear a label. */
export const stateBy = (label: string): string => `${BY_LABEL}${label}`;

/** The label that makes a state; undefined for one that GitHub has itself. */
export function labelOf(state: string | undefined): string | undefined {
  const name = state?.startsWith(BY_LABEL) ? state.slice(BY_LABEL.length).trim() : "";
  return name === "" ? undefined : name;
}

/** Labels that say what state an issue is in, in the order in which config names them. */
export function stateLabels(states: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(states).flatMap((state) => labelOf(state) ?? []);
}

/**
 * What a column is there: GitHub's own, or by a label that the repository has. What failed is closed by nobody: it stays
 * as it is there.
 */
export function stateOf(
  { id, category }: Column,
  states: Readonly<Record<string, string>>,
  labels: readonly string[],
): string | undefined {
  const byItself = category === "done" ? "completed" : category === "cancelled" ? "not_planned" : "open";
  if (!Object.hasOwn(states, id)) return category === "failed" ? undefined : byItself;
  const wanted = labelOf(states[id])?.toLowerCase();
  // Only an open issue has a state by a label: what is finished is closed there.
  if (wanted !== undefined && FINISHED.includes(category)) return category === "failed" ? undefined : byItself;
  const label = wanted === undefined ? undefined : labels.find((name) => name.toLowerCase() === wanted);
  return label === undefined ? STATES.find((state) => state === states[id]) : stateBy(label);
}
