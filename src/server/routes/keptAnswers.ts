import { readStore, type View } from "../../store/disk/view.ts";
import { keep, kept, runtimeKey } from "../../store/open/runtime.ts";
import type { Store } from "../../store/open/store.ts";

/** What a response is made of. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As bytes where it is kept. */
  readonly body: string | Uint8Array<ArrayBuffer>;
}

interface Kept {
  readonly answer: Promise<Answer>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** An answer is given again for at most so long, in milliseconds: leases run out without a change. */
const MAX_AGE = 2000;
/** So many answers are kept of one view. */
const MOST = 64;

const KEPT = new WeakMap<View, Map<string, Kept>>();
const TURN = runtimeKey<Promise<View> | undefined>("view of this turn", () => undefined);

/**
 * The answer to a question that was asked before of the same state of the store, or a new one. Only for what depends on
 * nothing but the store's view: many clients that look at one list cost little more than one.
 */
export async function keptAnswer(store: Store, question: string, make: () => Promise<Answer>): Promise<Answer> {
  const view = await viewOfTurn(store);
  const answers = KEPT.get(view) ?? new Map<string, Kept>();
  KEPT.set(view, answers);
  const now = store.host.now();
  const known = answers.get(question);
  if (known !== undefined && now < known.until) return known.answer;
  if (answers.size >= MOST) answers.clear();
  const kept = { answer: make().then(inBytes), until: now + MAX_AGE };
  answers.set(question, kept);
  kept.answer.catch(() => {
    if (answers.get(question) === kept) answers.delete(question);
  });
  return kept.answer;
}

function inBytes(answer: Answer): Answer {
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
