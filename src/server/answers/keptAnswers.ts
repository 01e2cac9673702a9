import { nextMoment } from "../../store/disk/sameState.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { keep, kept, runtimeKey } from "../../store/open/runtime.ts";
import type { Store } from "../../store/open/store.ts";
import type { Content } from "./content.ts";

interface Kept {
  readonly answer: Promise<Content>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The answers that are kept of one state of a store. */
interface Shelf {
  readonly byQuestion: Map<string, Kept>;
  /** What they are together, in bytes. */
  size: number;
}

/** An answer that depends on the moment (`due:<7d`) is given again for at most so long, in milliseconds. */
const MAX_AGE = 2000;
/** And any other one: what lies beside the tickets' own files may be edited unheard. */
const MAX_LASTING = 60_000;
/** So many answers are kept of one state, and so many bytes. */
const MOST = 64;
const MOST_BYTES = 8 * 1024 * 1024;

const SHELVES = new WeakMap<View["state"], Shelf>();
const TURN = runtimeKey<Promise<View> | undefined>("view of this turn", () => undefined);

/**
 * The answer to a question that was asked before of the same state of the store, or a new one. Only for what depends on
 * nothing but the store's view: many clients that look at one list cost little more than one. `isLasting`: nor on the
 * moment, until a lease ends.
 */
export async function keptAnswer(
  store: Store,
  question: string,
  make: () => Promise<Content>,
  isLasting = false,
): Promise<Content> {
  const view = await viewOfTurn(store);
  const shelf = SHELVES.get(view.state) ?? { byQuestion: new Map<string, Kept>(), size: 0 };
  SHELVES.set(view.state, shelf);
  const { byQuestion } = shelf;
  const now = store.host.now();
  const known = byQuestion.get(question);
  if (known !== undefined && now < known.until) return known.answer;
  if (byQuestion.size >= MOST) clear(shelf);
  const until = isLasting ? Math.min(now + MAX_LASTING, nextMoment(view)) : now + MAX_AGE;
  const kept = { answer: make().then(inBytes), until };
  byQuestion.set(question, kept);
  const isKept = (): boolean => byQuestion.get(question) === kept;
  kept.answer.then(
    ({ body }) => {
      if (!isKept()) return;
      shelf.size += body.length;
      if (shelf.size <= MOST_BYTES) return;
      clear(shelf);
      if (body.length > MOST_BYTES) return;
      byQuestion.set(question, kept);
      shelf.size = body.length;
    },
    () => isKept() && byQuestion.delete(question),
  );
  return kept.answer;
}

function clear(shelf: Shelf): void {
  shelf.byQuestion.clear();
  shelf.size = 0;
}

function inBytes(answer: Content): Content {
  const { body } = answer;
  return typeof body === "string" ? { ...answer, body: new TextEncoder().encode(body) } : answer;
}

/**
 * The view as it is now. Requests that were there before the same turn of the event loop began share one look at the
 * disk, which comes after all of them.
 */
function viewOfTurn(store: Store): Promise<View> {
  const known = kept(store, TURN);
  if (known !== undefined) return known;
  const view = readStore(store);
  keep(store, TURN, view);
  setImmediate(() => keep(store, TURN, undefined));
  return view;
}
