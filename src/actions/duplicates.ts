import * as v from "valibot";
import type { Signatures } from "../search/similar/signatures.ts";
import { similarPairs } from "../search/similar/similarPairs.ts";
import { isFinished, readStore, type View } from "../store/disk/view.ts";
import type { Problem, Ticket } from "../ticket/ticket.ts";
import { compareTime } from "../ticket/time.ts";
import { action, flag, limitOf } from "./input/action.ts";
import { areRelated } from "./query/related.ts";
import { allSignatures } from "./search/similar.ts";

/** One of two tickets that are likely about the same. */
export interface DuplicateSide {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

/** Two tickets that are likely about the same; `first` is the older one. */
export interface DuplicatePair {
  readonly first: DuplicateSide;
  readonly second: DuplicateSide;
  /** From 0 to 1. */
  readonly score: number;
}

/** Likely pairs of a store, the likeliest first. */
export interface Duplicates {
  readonly pairs: readonly DuplicatePair[];
  readonly total: number;
  readonly truncated: boolean;
  readonly problems: readonly Problem[];
}

const LIMIT = 50;

/** `ayo ticket duplicates`: pairs that nobody has linked, marked or finished both of. */
export const duplicates = action({
  name: "duplicates",
  summary: "List pairs of tickets that are likely about the same",
  writes: false,
  input: v.object({
    limit: limitOf("how many pairs at most"),
    finished: flag("also pairs of which one is finished"),
  }),
  run: async (store, input): Promise<Duplicates> => {
    const view = await readStore(store);
    const signatures = allSignatures(store, view);
    const found = pairsOf(view, signatures, input.finished === true);
    const pairs = found.slice(0, input.limit ?? LIMIT);
    return { pairs, total: found.length, truncated: pairs.length < found.length, problems: view.problems };
  },
});

function pairsOf(view: View, signatures: Signatures, finished: boolean): DuplicatePair[] {
  const isOpen = (ticket: Ticket): boolean => !isFinished(view.board, ticket.status);
  const wanted = view.tickets.filter((ticket) => finished || isOpen(ticket)).map(({ id }) => id);
  return similarPairs(signatures, wanted).flatMap(({ left, right, score }) => {
    const [first, second] = [view.byId.get(left), view.byId.get(right)].sort(byAge);
    if (first === undefined || second === undefined || areRelated(first, second)) return [];
    if (!isOpen(first) && !isOpen(second)) return [];
    return [{ first: side(first), second: side(second), score: Math.round(score * 100) / 100 }];
  });
}

function byAge(left: Ticket | undefined, right: Ticket | undefined): number {
  const [a, b] = [left?.fields.created ?? "", right?.fields.created ?? ""];
  // Nobody knows when a ticket without a time was made: it was there before.
  if (a !== b && (a === "" || b === "")) return a === "" ? -1 : 1;
  if (a !== b) return compareTime(a, b);
  return (left?.id ?? "") < (right?.id ?? "") ? -1 : 1;
}

function side({ id, title, status }: Ticket): DuplicateSide {
  return { id, title, status };
}
