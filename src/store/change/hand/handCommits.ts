import { ROOT_COMMIT } from "../../../git/repository/initRepository.ts";
import type { HandEdit } from "../../disk/archive/archiveEdits.ts";
import { refreshIndex } from "../../disk/refresh.ts";
import { isInHook } from "../../hooks/inHook.ts";
import { CONFIG_FILE } from "../../open/config/values.ts";
import { type Index, isTopTicket } from "../../open/entry.ts";
import { type Actor, personOf } from "../../open/identity/identity.ts";
import type { Journal, Store } from "../../open/store.ts";
import { applyPlan } from "../apply.ts";
import { commitUntilDone, updateIndexAfter } from "../ownCommits.ts";
import type { Applied, Plan } from "../plan.ts";
import { hasOtherRecords } from "../record/redo.ts";
import { StartOver } from "../startOver.ts";
import { handEditSentence, undoMassLoss } from "./handEdits.ts";
import type { PassedByHand } from "./handRights.ts";
import { areMarksLeft, committedMarks, dropMarks, keepMarks, keptMarks } from "./marksLeft.ts";
import { readHandEdits } from "./readEdits.ts";

/** For whom hand edits are committed on the way, and what to tell of them. */
interface OnTheWay {
  readonly caller: Actor;
  readonly notices: string[];
}

/** Commits what people changed by hand. @throws StartOver */
export async function commitHandEdits(
  store: Store,
  journal: Journal,
  index: Index,
  { caller, notices }: OnTheWay,
): Promise<void> {
  let edits = await readSettled(store, journal, index);
  if (edits.length === 0) return markLeft(store, journal, index, notices);
  if (journal.mode === "inline") {
    const { awaitCheckout } = await import("./checkouts.ts");
    const checkout = await awaitCheckout(journal, edits.length);
    if (checkout === "waited") throw new StartOver("git may have checked out another commit");
    // Edits stay where they are: the next one commits them.
    if (checkout === "busy") return;
  }
  const restored = await undoMassLoss(store, journal, edits);
  if (restored !== undefined) {
    notices.push(restored);
    await refreshIndex(store, true);
    edits = await readSettled(store, journal, index);
    if (edits.length === 0) return;
  }
  const passed = await passedIn(store, journal, index, edits, caller);
  const isPassed = ({ file }: HandEdit): boolean => passed?.files.has(file) === true;
  const persons = edits.filter((edit) => !isPassed(edit));
  const handed: HandEdits[] = [{ edits: persons, actor: personOf(store) }];
  if (passed !== undefined) handed.push(await unknownEdits(journal, edits.filter(isPassed), passed));
  for (const one of handed) {
    if (one.edits.length === 0) continue;
    const state = await commitEdits(store, journal, index, one, notices);
    if (state !== "committed") return;
  }
  await keepClaims(store, journal, index, edits, notices);
  return markLeft(store, journal, index, notices);
}

/** @throws StartOver where somebody who lost his lock may have put part of what was read in place: no hand's then */
async function readSettled(store: Store, journal: Journal, index: Index): Promise<HandEdit[]> {
  const edits = await readHandEdits(store, journal, index);
  if (edits.length > 0 && hasOtherRecords(journal.stateDir, [])) throw new StartOver("others are at a change");
  return edits;
}

/** Hand edits of one author. */
interface HandEdits {
  readonly edits: readonly HandEdit[];
  readonly actor: Actor;
  readonly unconfirmed?: readonly string[];
}

async function passedIn(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
  caller: Actor,
): Promise<PassedByHand | undefined> {
  // What is taken over as a store has no rules yet.
  if (index.head === ROOT_COMMIT) return undefined;
  const { passedByHand } = await import("./handRights.ts");
  return passedByHand(store, journal, index, edits, caller);
}

async function unknownEdits(journal: Journal, edits: readonly HandEdit[], passed: PassedByHand): Promise<HandEdits> {
  const { UNKNOWN } = await import("./unconfirmed.ts");
  keepMarks(journal, passed);
  const tickets = passed.tickets.filter(({ keys }) => keys.length > 0).map(({ id, keys }) => [id, ...keys].join(" "));
  const keys = Object.keys(passed.config);
  const config = keys.length === 0 ? [] : [[CONFIG_FILE, ...keys].join(" ")];
  return { edits, actor: UNKNOWN, unconfirmed: [...tickets, ...config] };
}

async function commitEdits(
  store: Store,
  journal: Journal,
  index: Index,
  { edits: edited, actor, unconfirmed = [] }: HandEdits,
  notices: string[],
): Promise<Applied["state"]> {
  const told = await handEditSentence(journal, index, edited);
  const { recordHandDeletions } = await import("./handDeletions.ts");
  const edits = await recordHandDeletions(store, journal, index, edited);
  const sentence = unconfirmed.length === 0 ? told : { ...told, unconfirmed };
  const files = new Map(edits.map((edit) => [edit.file, edit.bytes]));
  const before = new Map(edits.map((edit) => [edit.file, edit.before]));
  const bases = new Map<string, Buffer>();
  const plan: Plan = { files, before, bases, sentence, actor, mayDefer: true, inPlace: true, quiet: isInHook(store) };
  const applied = await applyPlan(store, journal, index, plan);
  if (applied.state !== "committed") return applied.state;
  if (sentence.tickets.length > 0 || sentence.byHand) notices.push(sentence.subject);
  await updateIndexAfter(store, journal, index, plan, applied);
  return applied.state;
}

/** Marks what waits for a person since hand edits were committed, now or before somebody died. */
async function markLeft(store: Store, journal: Journal, index: Index, notices: string[]): Promise<void> {
  if (!areMarksLeft(journal)) return;
  const { markUnconfirmed } = await import("./unconfirmed.ts");
  const kept = keptMarks(journal);
  if (kept === undefined)
    notices.push("ayo/unconfirmed.json could not be read: what was changed by hand may wait for nobody");
  const marks = kept === undefined ? undefined : await committedMarks(journal, index.head, kept);
  if (marks !== undefined)
    await commitUntilDone(store, journal, index, notices, (view) => markUnconfirmed(store, view, marks));
  dropMarks(journal);
  // Rules of config.yml may hold again.
  await refreshIndex(store, true);
}

/** Puts claims back that the hand edits just committed took or dropped. */
async function keepClaims(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
  notices: string[],
): Promise<void> {
  const changed = edits.filter(({ file, before }) => before !== null && isTopTicket(file));
  if (changed.length === 0) return;
  const { restoreClaims } = await import("../leases.ts");
  await commitUntilDone(store, journal, index, notices, (view) => restoreClaims(store, journal, view, changed));
}
