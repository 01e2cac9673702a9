import type { Write } from "../plan.ts";
import type { Outcome } from "./outcome.ts";

/** A change that was not made there, and why; it names the change. */
export interface Left {
  readonly id: string;
  readonly why: string;
}

/** Something that the tracker refused: it is not sent again as it is, so whoever ran this sync hears of it now. */
export interface Refused extends Left {
  /** What was refused of the ticket. */
  readonly part: string;
}

/** A change as a person knows it: `title, status`, `comment`, `relation to mya-1`. */
function nameOf(write: Write): string {
  switch (write.kind) {
    case "create":
      return "new item";
    case "update":
      return partsOfWrite(write).join(", ");
    case "comment":
    case "editComment":
      return "comment";
    case "relate":
    case "unrelate":
      return `relation to ${write.dep}`;
  }
}

/** A part that was refused, as a person knows it. */
export function namePart(part: string): string {
  if (part === "create") return "new item";
  if (part.startsWith("note ")) return "comment";
  return part.startsWith("dep ") ? `relation to ${part.slice("dep ".length)}` : part;
}

/** What a write would change, each as it is marked where it is refused. */
export function partsOfWrite(write: Write): readonly string[] {
  if (write.kind !== "update") return [write.mark[0]];
  const isOfLabels = Object.keys(write.add).length + Object.keys(write.remove).length > 0;
  return [...Object.keys(write.fields), ...(isOfLabels ? ["labels"] : [])];
}

/** Whether something was sent, and done: not where nobody knows, nor where all of it was refused. */
export function isDone({ write, item, error, isHeld, isStale }: Outcome): boolean {
  if (isHeld || isStale || error !== undefined) return false;
  return write.kind !== "update" || item !== undefined;
}

/** What was not done, but may be by the next sync. */
export function undoneOf(outcomes: readonly Outcome[], waiting: readonly Write[]): readonly Left[] {
  const undone = outcomes.filter(
    (one) => one.isHeld || one.isStale || (one.error !== undefined && one.error.fault !== "refused"),
  );
  return [
    ...undone.map(({ write, error, why }) => leftBy(write, error?.message ?? why ?? "not sent")),
    ...waiting.map((write) => leftBy(write, "changed here meanwhile")),
  ];
}

function leftBy(write: Write, why: string): Left {
  return { id: write.id, why: `${nameOf(write)}: ${why}` };
}

/** What was refused, whole changes and parts of them. */
export function refusedOf(outcomes: readonly Outcome[]): readonly Refused[] {
  return outcomes.flatMap(({ write, error, refused = {}, whys = {} }): Refused[] => {
    const { id } = write;
    if (error?.fault === "refused")
      return [{ id, part: write.mark[0], why: `${nameOf(write)} was refused: ${error.message}` }];
    return Object.keys(refused).map((part) => ({ id, part, why: `${part} was refused: ${whys[part] ?? ""}` }));
  });
}
