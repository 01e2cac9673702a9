import { readStore } from "../store/disk/view.ts";
import { CARD_FIELDS } from "../ticket/cardFields.ts";
import type { Workflow } from "./workflow.ts";

/** The board of so many tickets is no moment's work. */
const MANY = 1000;

/**
 * Makes a large board's first answer ready while a browser is still on its way; `ask` sends a request as one would.
 * Whatever is in the way of it is said to whoever asks.
 */
export async function warm({ store }: Workflow, ask: (path: string) => Promise<unknown>): Promise<void> {
  try {
    const { entries } = await readStore(store());
    if (entries !== undefined && entries.size >= MANY) await ask(`/api/board?fields=${CARD_FIELDS}`);
  } catch {
    // It was nobody's question.
  }
}
