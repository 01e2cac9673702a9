import { AyoError } from "../../error.ts";
import { isAncestor } from "../../git/commits/history.ts";
import { ROOT_COMMIT } from "../../git/repository/initRepository.ts";
import type { Told } from "../../ticket/merge/trees/trees.ts";
import { formatTime } from "../../ticket/time.ts";
import { countBeyond } from "../events/branchLine.ts";
import type { Journal, Store } from "../open/store.ts";
import { agreedContact, type Confirm } from "./agree.ts";
import { beginSettling } from "./claims/settling.ts";
import { writeContact } from "./contact.ts";
import { addressOf, type Remote, shownAs } from "./findRemote.ts";
import { keepAside } from "./keepAside.ts";
import { configOf } from "./lookHere.ts";
import { beginMeeting, headOf, look, type Meeting } from "./meeting.ts";
import { contactError } from "./noContact.ts";
import { type Outbox, takeOutboxes, tellOutboxes } from "./outbox/takeOutboxes.ts";
import { type TakenIn, takeIn } from "./takeIn.ts";
import { assertWelcome } from "./welcome.ts";

/** How a sync is done. */
export interface MeetOptions {
  /** Somebody's yes to a first contact: returns who says so, or throws. */
  readonly confirm: Confirm;
  /** What is still to be changed here before it is sent for the first time. */
  readonly prepare?: () => Promise<void>;
  /** Whether git may ask for passwords on a terminal. */
  readonly mayAsk: boolean;
}

/** How two machines' stores became one. */
export interface Met {
  readonly remote: Remote;
  readonly ref: string;
  /** The commit that both have now. */
  readonly commit: string;
  /** Commits that came, and that went. */
  readonly came: number;
  readonly went: number;
  /** Files of the store that are others now. */
  readonly files: number;
  readonly told: readonly Told[];
  /** Where things lie that gave way as whole files. */
  readonly setAside: readonly string[];
  readonly notices: readonly string[];
  /** Bundles in branches of the project. */
  readonly outbox: readonly Outbox[];
  /** Whether it is the first time. */
  readonly isFirst: boolean;
}

/** So often others may be quicker before it is said that they are. */
const MAX_TRIES = 8;

/**
 * Makes a store here and its branch elsewhere the same: commits hand edits, brings what is there, merges it, sends what
 * is here. What the other side has become is always looked at, never concluded from what git says.
 * @throws unreachable, remote_refused, git_busy, git_unsupported, what `confirm` throws
 */
export async function meet(store: Store, journal: Journal, remote: Remote, options: MeetOptions): Promise<Met> {
  const meeting = await beginMeeting(store, journal, remote, options);
  try {
    // Where the ref was changed, others look for that at the old one.
    const { refBefore } = meeting;
    if (refBefore !== undefined && (await meeting.transport.look(refBefore)) !== undefined)
      await meetAt(meeting, refBefore);
    await meetAt(meeting, meeting.ref);
  } catch (error) {
    throw await told(meeting, error);
  }
  const { met, outboxes } = meeting;
  if (outboxes === undefined) return met;
  const { outbox, notices } = tellOutboxes(store, outboxes);
  return { ...met, outbox, notices: [...met.notices, ...notices] };
}

async function meetAt(meeting: Meeting, ref: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    if (await meetOnce(meeting, ref)) return;
    if (tries === MAX_TRIES)
      throw new AyoError("git_busy", `${shownAs(meeting.remote)} changed ${tries} times: try again`);
    await pause(tries);
  }
}

/** Returns whether both sides are the same. */
async function meetOnce(meeting: Meeting, wanted: string): Promise<boolean> {
  const { store, journal, remote, transport } = meeting;
  const before = headOf(journal);
  const [ref, there] = await look(meeting, wanted, before);
  const isNews = there !== undefined && !(await isAncestor(journal.repository, there, before));
  if (isNews) await transport.fetch(ref);
  meeting.contact = await agreedContact({ ...meeting, ref, head: before, there }, meeting.options.confirm);
  const settling = await beginSettling(meeting.claims, meeting.there);
  tell(meeting, settling.told);
  if (isNews) await bring(meeting, there, headOf(journal));
  meeting.outboxes ??= await takeOutboxes(store, journal, remote, {
    bring: (commit) => bring(meeting, commit, headOf(journal)),
  });
  tell(meeting, await settling.goOn());
  if (meeting.met.isFirst && before !== ROOT_COMMIT) await meeting.options.prepare?.();
  if (there !== undefined) meeting.seen = { ref, seen: there, seenAt: formatTime(store.host.now()) };
  const head = headOf(journal);
  if (head !== there && !(await send(meeting, { ref, head, there }))) return false;
  await remember(meeting, ref, head);
  meeting.met = { ...meeting.met, commit: head };
  return true;
}

function tell(meeting: Meeting, told: readonly string[]): void {
  meeting.met = { ...meeting.met, notices: [...meeting.met.notices, ...told] };
}

async function bring(meeting: Meeting, there: string, before: string): Promise<void> {
  const { store, journal } = meeting;
  const taken: TakenIn = await takeIn(store, journal, there);
  if (taken.state === "has_all") return;
  const came = await countBeyond(journal, before, there);
  const { met } = meeting;
  meeting.met = {
    ...met,
    came: met.came + came,
    files: met.files + taken.files,
    told: [...met.told, ...taken.told],
    setAside: [...met.setAside, ...(await keepAside(store, journal, taken.setAside))],
    notices: [...met.notices, ...taken.notices],
  };
}

interface Sending {
  readonly ref: string;
  readonly head: string;
  readonly there: string | undefined;
}

async function send(meeting: Meeting, { ref, head, there }: Sending): Promise<boolean> {
  const { transport, journal } = meeting;
  await assertWelcome(journal, head, there);
  if (!(await transport.push(head, ref, there))) return false;
  const went = await countBeyond(journal, there, head);
  meeting.met = { ...meeting.met, went: meeting.met.went + went };
  return true;
}

async function remember({ store, contact, remote }: Meeting, ref: string, seen: string): Promise<void> {
  if (contact === undefined) return;
  const { failure: _failure, failedAt: _failedAt, ...rest } = contact;
  const { id } = await configOf(store);
  writeContact(store, { ...rest, ...addressOf(remote), id, ref, seen, seenAt: formatTime(store.host.now()) });
}

/** That there was no contact is remembered. */
async function told({ store, remote, contact, transport, seen, met }: Meeting, error: unknown): Promise<unknown> {
  const known = await contactError(remote, transport, error, met.isFirst);
  if (contact === undefined || known === error) return known;
  try {
    const looked = (contact.ref ?? seen?.ref) === seen?.ref ? seen : {};
    const failure = { failure: (known as Error).message, failedAt: formatTime(store.host.now()) };
    writeContact(store, { ...contact, ...looked, ...failure });
  } catch {
    // The error itself says more.
  }
  return known;
}

/** Others are given time, each another one. */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30 * tries + Math.random() * 50 * 2 ** tries));
}
