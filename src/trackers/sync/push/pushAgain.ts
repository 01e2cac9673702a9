import { type Provider, TrackerError } from "../../provider.ts";
import { actOf, partsOf, type Write } from "../plan.ts";
import { isDone } from "./left.ts";
import type { Known, Outcome } from "./outcome.ts";
import { writeUpdate } from "./pushUpdate.ts";

/** What may hang on other items: no tracker refuses a text because of another one. */
const HANGS: readonly string[] = ["status", "parent"];

/**
 * Sends once more what was refused and may be right after what was done since: what waits for others is done after them,
 * and what has parts after its parts, in whatever order they were sent. Outcomes are changed in their places; answers the
 * one after which no more can be sent.
 */
export async function pushAgain(provider: Provider, outcomes: Outcome[], known: Known): Promise<Outcome | undefined> {
  for (let last = outcomes.findLastIndex(isDone); last >= 0; ) {
    let next = -1;
    for (const [at, before] of outcomes.entries()) {
      if (at >= last || !isHanging(before)) continue;
      const after = await sendAgain(provider, before, known);
      outcomes[at] = after;
      if (after.error !== undefined && after.error.fault !== "refused") return after;
      if (after !== before) next = outcomes.length;
    }
    last = next;
  }
  return undefined;
}

function isHanging({ write, refused = {}, error }: Outcome): boolean {
  if (write.kind === "relate") return error?.fault === "refused";
  return write.kind === "update" && HANGS.some((part) => refused[part] !== undefined);
}

/** The same outcome, where nothing has changed. */
async function sendAgain(provider: Provider, before: Outcome, known: Known): Promise<Outcome> {
  const { write } = before;
  if (write.kind === "relate") return await relateAgain(provider, before, write);
  if (write.kind !== "update") return before;
  let after = before;
  for (const part of partsOf(write)) {
    if (!HANGS.includes(part.part) || before.refused?.[part.part] === undefined) continue;
    try {
      const { item, refused: kept } = await writeUpdate(provider, part, known.get(write.key));
      if (kept !== undefined) continue;
      const { [part.part]: _, ...refused } = after.refused ?? {};
      after = { ...after, item, refused };
    } catch (error) {
      after = failed(after, error);
      if (after.error !== undefined) return after;
    }
  }
  return after;
}

async function relateAgain(
  provider: Provider,
  before: Outcome,
  write: Write & { readonly kind: "relate" },
): Promise<Outcome> {
  try {
    return { write, relation: write.relation, ...(await provider.write(actOf(write))) };
  } catch (error) {
    return failed(before, error);
  }
}

function failed(before: Outcome, error: unknown): Outcome {
  if (!(error instanceof TrackerError)) throw error;
  return error.fault === "refused" ? before : { write: before.write, error };
}
