import { AyoError } from "../../../error.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { refreshIndex } from "../../disk/refresh.ts";
import { type View, viewOf } from "../../disk/view.ts";
import type { Index } from "../../open/entry.ts";
import { applyParts, deferPlan } from "../apply.ts";
import { updateIndexAfter } from "../ownCommits.ts";
import { type Applied, type Part, type Plan, wholeOf } from "../plan.ts";
import { StartOver } from "../startOver.ts";
import type { Settled } from "./callers.ts";
import type { Drafted } from "./draftAll.ts";
import { type Attempt, GoAlone, type Looked } from "./round.ts";

/** Writes what was drafted, and says to each caller how it went. @throws StartOver, GoAlone */
export async function writeAll(
  attempt: Attempt,
  { index, isWaiting }: Looked,
  drafted: readonly Drafted[],
  notices: readonly string[],
): Promise<Settled[]> {
  const parts = drafted.flatMap((one) => ("part" in one && one.part !== undefined ? [one.part] : []));
  const [first, ...more] = parts;
  const looked = { index, isWaiting };
  const written = first === undefined ? undefined : await writeParts(attempt, looked, [first, ...more]);
  const told = [...notices, ...(await settle(attempt, index, drafted, written))];
  // Whoever lost the lock has not brought the index up to date, and looks again.
  const { store } = attempt;
  const isCurrent = store.index !== undefined;
  const after = async (): Promise<View> => viewOf(store, isCurrent ? index : await refreshIndex(store, false));
  return drafted.map((one, at) => {
    if ("error" in one) return { error: one.error };
    // What was done on the way is told to the first.
    const common = { result: one.result, notices: at === 0 ? told : [] };
    if (one.part === undefined || written === undefined) return { outcome: { ...common, after: async () => one.view } };
    const own = written.noticesOf(one.part);
    return { outcome: { ...common, ...written.madeOf(one.part), notices: [...common.notices, ...own], after } };
  });
}

/** What was written, and what of it to tell to whom. */
interface Written {
  readonly plan: Plan;
  readonly applied: Applied;
  readonly madeOf: (part: Part) => { readonly commit?: string; readonly deferred?: string };
  readonly noticesOf: (part: Part) => readonly string[];
}

async function writeParts(
  attempt: Attempt,
  { index, isWaiting }: Pick<Looked, "index" | "isWaiting">,
  parts: readonly [Part, ...Part[]],
): Promise<Written> {
  const { journal } = attempt;
  const [only] = parts;
  const plan = wholeOf(parts);
  const applied: Applied = isWaiting
    ? { state: "deferred", reason: "earlier changes wait for git" }
    : await unlessTogether(parts, () => applyParts(journal, index, parts));
  if (applied.state === "committed") {
    const { commits } = applied;
    return {
      plan,
      applied,
      madeOf: (part) => ({ commit: commits[parts.indexOf(part)] as string }),
      noticesOf: (part) => applied.notices.filter((notice) => isOf(part, parts, notice)),
    };
  }
  if (parts.length > 1) throw new GoAlone();
  const told = await defer(attempt, index, only, applied.reason);
  return { plan, applied, madeOf: () => ({ deferred: applied.reason }), noticesOf: () => told };
}

/** Whether what happened to a file is to be told to the caller of this part: the last that changed it, or the first. */
function isOf(part: Part, parts: readonly Part[], notice: string): boolean {
  const file = notice.slice(0, Math.max(0, notice.indexOf(" ")));
  return part === (parts.findLast(({ plan }) => plan.files.has(file)) ?? parts[0]);
}

/** A file that one of them may not change must not keep the others from their change. @throws GoAlone */
async function unlessTogether<T>(parts: readonly Part[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw parts.length > 1 && error instanceof AyoError ? new GoAlone() : error;
  }
}

async function defer(
  { journal, heldLock }: Attempt,
  { head }: Index,
  { store, plan }: Part,
  reason: string,
): Promise<readonly string[]> {
  // Whoever asked may wait for its commit, and does it himself.
  if (!plan.mayDefer) store.host.request?.refuse();
  if (!plan.mayDefer) throw new AyoError("git_busy", `nothing was changed: ${reason}`);
  // Whoever lost his lock may have moved the branch all the same, while we waited for git.
  return deferPlan(store, journal, plan, () => heldLock.isLost() || readHead(journal.repository).oid !== head);
}

/** What follows changes that are made: it can fail, and they cannot any more. Returns what to tell of that. */
async function settle(
  { store, journal, heldLock }: Attempt,
  index: Looked["index"],
  drafted: readonly Drafted[],
  written: Written | undefined,
): Promise<readonly string[]> {
  try {
    // A cache that somebody else is at is not ours to write.
    if (heldLock.isLost()) store.index = undefined;
    else if (written !== undefined) await updateIndexAfter(store, journal, index, written.plan, written.applied);
    for (const one of drafted) if ("result" in one) one.caller.options.onDone?.(one.result);
    return [];
  } catch (error) {
    if (error instanceof StartOver) throw error;
    store.index = undefined;
    return [`the change is made; what follows it failed: ${(error as Error).message}`];
  }
}
