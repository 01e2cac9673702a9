import { type Provider, type RemoteItem, type Scalar, TrackerError } from "../../provider.ts";
import { actOf, partsOf, refusedHash, type Update } from "../plan.ts";
import type { Outcome } from "./outcome.ts";

type Updated = Pick<Outcome, "item" | "refused" | "whys">;

/** Changes an item; where that is refused, part by part, so that one bad value does not hold the others back. */
export async function pushUpdate(provider: Provider, write: Update, before: RemoteItem | undefined): Promise<Updated> {
  try {
    return await writeUpdate(provider, write, before);
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "refused") throw error;
    return await byParts(provider, write, before, error);
  }
}

/** Fields that a tracker may leave as they are without a word, by rules of its own; texts it may spell anew. */
const KEPT: readonly Scalar[] = ["status", "priority", "assignee", "parent"];

/** Sends a change once. What was taken and is as it was before was refused, whatever was answered. */
export async function writeUpdate(provider: Provider, write: Update, before: RemoteItem | undefined): Promise<Updated> {
  const { item } = await provider.write(actOf(write));
  if (before === undefined || item === undefined) return { item };
  const isKept = (field: Scalar): boolean => {
    const sent = write.fields[field];
    const there = item.fields[field];
    return sent !== undefined && there !== sent.r && there === before.fields[field];
  };
  const kept = KEPT.filter(isKept);
  if (kept.length === 0) return { item };
  const why = `${item.name} keeps it as it was`;
  return {
    // Where nothing of it was done, nothing was sent as far as anybody can see.
    item: kept.length === partsOf(write).length ? undefined : item,
    refused: Object.fromEntries(kept.map((field) => [field, refusedHash(write.fields[field]?.r)])),
    whys: Object.fromEntries(kept.map((field) => [field, why])),
  };
}

async function byParts(
  provider: Provider,
  write: Update,
  before: RemoteItem | undefined,
  error: TrackerError,
): Promise<Updated> {
  let done: Updated = {};
  const parts = partsOf(write);
  for (const part of parts) {
    try {
      if (parts.length === 1) throw error;
      const { item = done.item, refused, whys } = await writeUpdate(provider, part, before);
      done = { item, refused: { ...done.refused, ...refused }, whys: { ...done.whys, ...whys } };
    } catch (cause) {
      if (!(cause instanceof TrackerError) || cause.fault !== "refused") throw cause;
      done = {
        item: done.item,
        refused: { ...done.refused, [part.part]: refusedHash(part.value) },
        whys: { ...done.whys, [part.part]: cause.message },
      };
    }
  }
  return done;
}
