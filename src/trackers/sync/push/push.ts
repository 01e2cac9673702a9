import { type Provider, type RemoteComment, type RemoteItem, TrackerError, type TrackerFault } from "../../provider.ts";
import { actOf, type Write } from "../plan.ts";
import type { Known, Outcome } from "./outcome.ts";
import { pushAgain } from "./pushAgain.ts";
import { pushUpdate } from "./pushUpdate.ts";

/** What was sent. */
export interface Pushed {
  readonly outcomes: readonly Outcome[];
  /** Why no more is sent now. */
  readonly stopped: TrackerError | undefined;
  /** An item changed while we were at it, or is made by halves: it is to be read again. */
  readonly isStale: boolean;
}

/** Two changes may bear the same time. */
function hasChanged(before: RemoteItem | undefined, now: RemoteItem | undefined): boolean {
  return before?.updatedAt !== now?.updatedAt || before?.fields.description !== now?.fields.description;
}

/** After these nothing else would go through either. */
const STOPS: readonly TrackerFault[] = ["limit", "auth", "unreachable", "broken", "turn"];
/** Answers in a row that did not come. */
const MOST_UNSURE = 3;

/** Sends writes in their order, and says what became of each. An error that is not the tracker's passes through. */
export async function push(
  provider: Provider,
  writes: readonly Write[],
  known: Known,
  onSent: (count: number) => void,
): Promise<Pushed> {
  const outcomes: Outcome[] = [];
  const run: Run = { failed: new Set(), full: undefined, stopped: undefined, unsure: 0 };
  for (const [at, write] of writes.entries()) {
    const held = heldBy(write, run);
    const outcome = held ?? (await send(provider, write, known));
    outcomes.push(outcome);
    if (write.kind === "create" && (held ?? outcome.error) !== undefined) run.failed.add(write.key);
    if (held !== undefined) continue;
    onSent(at + 1);
    note(outcome, run);
  }
  const failed = run.stopped === undefined ? await pushAgain(provider, outcomes, known) : undefined;
  if (failed !== undefined) note(failed, run);
  return { outcomes, stopped: run.stopped, isStale: outcomes.some((one) => one.isStale || isHalf(one)) };
}

/** Of an item that was refused as a whole, or made of its texts alone, there is more to send. */
function isHalf({ write, error, isHeld }: Outcome): boolean {
  if (write.kind !== "create" || isHeld) return false;
  return error === undefined ? write.isPlain || write.hasMore : !write.isPlain && error.fault === "refused";
}

/** What was learned while sending. */
interface Run {
  /** Items that were not made. */
  readonly failed: Set<string>;
  /** No more items are made. */
  full: TrackerError | undefined;
  stopped: TrackerError | undefined;
  /** Answers in a row that did not come. */
  unsure: number;
}

function heldBy(write: Write, { failed, full, stopped }: Run): Outcome | undefined {
  const why = stopped ?? (write.kind === "create" ? full : undefined);
  const isHeld = why !== undefined || needsOf(write).some((key) => failed.has(key));
  return isHeld ? { write, isHeld, why: why?.message } : undefined;
}

function note({ error }: Outcome, run: Run): void {
  run.unsure = error?.fault === "ambiguous" ? run.unsure + 1 : 0;
  if (error?.fault === "quota") run.full = error;
  if (error !== undefined && (STOPS.includes(error.fault) || run.unsure >= MOST_UNSURE)) run.stopped = error;
}

/** The items that a write needs to be there. */
function needsOf(write: Write): readonly string[] {
  if (write.kind === "create") return [];
  return write.kind === "relate" ? [write.key, write.blocker] : [write.key];
}

async function send(provider: Provider, write: Write, known: Known): Promise<Outcome> {
  try {
    return { write, ...(await act(provider, write, known)) };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { write, error };
  }
}

type Answered = Omit<Outcome, "write">;

async function act(provider: Provider, write: Write, known: Known): Promise<Answered> {
  const make = async (): Promise<Answered> => await provider.write(actOf(write));
  switch (write.kind) {
    case "create":
      return await orThere(make, async () => ({ item: await provider.get(write.key) }));
    case "update": {
      // Texts are changed line by line: one that was changed a moment ago is merged first.
      if (write.fields.description !== undefined) {
        const [now] = await provider.getMany([write.key]);
        if (hasChanged(known.get(write.key), now)) return { isStale: true };
      }
      return await pushUpdate(provider, write, known.get(write.key));
    }
    case "comment":
      return await orThere(make, async () => ({ comment: await commentAt(provider, write) }));
    case "editComment": {
      // A comment has no history that would tell what was written over.
      const now = await commentAt(provider, write);
      return now === undefined || now.body === write.seen ? await make() : { isStale: true };
    }
    case "relate":
      return await orThere(
        async () => ({ relation: write.relation, ...(await make()) }),
        async () => ({ relation: await relationFor(provider, write) }),
      );
    case "unrelate":
      return await orThere(make, async () => ({}), "gone");
  }
}

async function commentAt(
  provider: Provider,
  { key: item, comment }: Write & { readonly kind: "comment" | "editComment" },
): Promise<RemoteComment | undefined> {
  const all = await provider.comments(undefined, [item]);
  return all.find(({ key, made }) => key === comment || made === comment);
}

async function relationFor(
  provider: Provider,
  { key, blocker }: Write & { readonly kind: "relate" },
): Promise<string | undefined> {
  const all = await provider.relations(undefined);
  return all.find((one) => !one.away && one.blocker === blocker && one.blocked === key)?.key;
}

/** Makes something; where it is there already, by whoever, looks at what there is. */
async function orThere(
  make: () => Promise<Answered>,
  look: () => Promise<Answered>,
  fault: TrackerFault = "exists",
): Promise<Answered> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== fault) throw error;
    return { ...(await look()), isOld: true };
  }
}
