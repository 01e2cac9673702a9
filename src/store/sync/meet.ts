import { AyoError } from "../../error.ts";
import { isAncestor } from "../../git/commits/history.ts";
import { readHead } from "../../git/refs/refs.ts";
import { ROOT_COMMIT, STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { openTransport, type Transport } from "../../git/transport/transport.ts";
import type { Told } from "../../ticket/merge/trees/trees.ts";
import { formatTime } from "../../ticket/time.ts";
import { transaction } from "../change/transaction.ts";
import { gitEnv } from "../disk/refresh.ts";
import { countBeyond } from "../events/branchLine.ts";
import { personOf } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import { agreedContact, type Confirm } from "./agree.ts";
import { type Contact, readContact, transportDir, writeContact } from "./contact.ts";
import { addressOf, type Remote, shownAs } from "./findRemote.ts";
import { keepAside } from "./keepAside.ts";
import { configOf, refOf } from "./lookHere.ts";
import { contactError } from "./noContact.ts";
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
  /** Whether it is the first time. */
  readonly isFirst: boolean;
}

/** Where tickets lie that are to be no branch; the guide names it. */
const HIDDEN_REF = "refs/ayo/tickets";
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
  return meeting.met;
}

async function meetAt(meeting: Meeting, ref: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    if (await meetOnce(meeting, ref)) return;
    if (tries === MAX_TRIES)
      throw new AyoError("git_busy", `${shownAs(meeting.remote)} changed ${tries} times: try again`);
    await pause(tries);
  }
}

interface Meeting {
  readonly store: Store;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly options: MeetOptions;
  /** The ref there that config.yml names, and the one that it named at the last contact, where that is another. */
  ref: string;
  readonly refBefore: string | undefined;
  readonly transport: Transport;
  contact: Contact | undefined;
  met: Met;
  /** The first look, which is on its way. */
  looking: Promise<{ readonly there: string | undefined } | { readonly error: unknown }> | undefined;
}

async function beginMeeting(store: Store, journal: Journal, remote: Remote, options: MeetOptions): Promise<Meeting> {
  assertOwn(journal);
  const config = await configOf(store);
  const contact = contactAt(store, remote, config.id);
  const ref = refOf(config, contact);
  const head = headOf(journal);
  const transport = transportTo(store, journal, remote, { mayAsk: options.mayAsk, head });
  const isFirst = contact === undefined;
  // The other side answers while this one is looked at.
  const looking = transport.look(ref).then(
    (there) => ({ there }),
    (error: unknown) => ({ error }),
  );
  const notices = await commitEdits(store);
  const nothing = { came: 0, went: 0, files: 0, told: [], setAside: [] };
  const met = { remote, ref, commit: headOf(journal), ...nothing, notices, isFirst };
  const refBefore = contact?.ref === ref ? undefined : contact?.ref;
  return { store, journal, remote, options, ref, refBefore, transport, contact, met, looking };
}

/** How git gets there, with this store's objects. */
export function transportTo(
  store: Store,
  { repository }: Journal,
  { url, settings }: Remote,
  { mayAsk, head }: { readonly mayAsk: boolean; readonly head: string | undefined },
): Transport {
  const { onInterrupt } = store.host;
  const env = gitEnv(store);
  return openTransport({ dir: transportDir(store), repository, head, url, settings, env, mayAsk, onInterrupt });
}

/** What is remembered of a remote, where it is the one that somebody has said yes to, for this store. */
function contactAt(store: Store, remote: Remote, id: string | undefined): Contact | undefined {
  const known = readContact(store);
  // A store that had no name got one.
  const isSame = known !== undefined && (known.id === undefined || known.id === id);
  return isSame && known.url === addressOf(remote).url ? known : undefined;
}

/** @throws bad_usage */
export function assertOwn({ mode }: Journal): void {
  if (mode === "own") return;
  throw new AyoError("bad_usage", "the tickets lie in the project's own branch: git pull and git push bring them", {
    try: ["git", "pull"],
  });
}

/** What was edited by hand is part of what is here. */
async function commitEdits(store: Store): Promise<readonly string[]> {
  const { notices } = await transaction(store, { actor: personOf(store) }, () => ({ result: undefined }));
  return notices;
}

/** Returns whether both sides are the same. */
async function meetOnce(meeting: Meeting, wanted: string): Promise<boolean> {
  const { journal, transport } = meeting;
  const before = headOf(journal);
  const [ref, there] = await look(meeting, wanted, before);
  const isNews = there !== undefined && !(await isAncestor(journal.repository, there, before));
  if (isNews) await transport.fetch(ref);
  meeting.contact = await agreedContact({ ...meeting, ref, head: before, there }, meeting.options.confirm);
  if (isNews) await bring(meeting, there, before);
  if (meeting.met.isFirst && before !== ROOT_COMMIT) await meeting.options.prepare?.();
  const head = headOf(journal);
  if (head !== there && !(await send(meeting, { ref, head, there }))) return false;
  await remember(meeting, ref, head);
  meeting.met = { ...meeting.met, commit: head };
  return true;
}

/** The commit there, and at which ref: who has no config.yml yet may find the tickets at the other usual one. */
async function look(meeting: Meeting, ref: string, head: string): Promise<[ref: string, there: string | undefined]> {
  const there = await lookAt(meeting, ref);
  if (there !== undefined || head !== ROOT_COMMIT || ref !== STORE_BRANCH) return [ref, there];
  const hidden = await meeting.transport.look(HIDDEN_REF);
  if (hidden === undefined) return [ref, undefined];
  meeting.ref = HIDDEN_REF;
  meeting.met = { ...meeting.met, ref: HIDDEN_REF };
  return [HIDDEN_REF, hidden];
}

async function lookAt(meeting: Meeting, ref: string): Promise<string | undefined> {
  const { looking, transport } = meeting;
  meeting.looking = undefined;
  const first = ref === meeting.ref ? await looking : undefined;
  if (first === undefined) return transport.look(ref);
  if ("error" in first) throw first.error;
  return first.there;
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

function headOf({ repository }: Journal): string {
  const { oid } = readHead(repository);
  if (oid === undefined) throw new AyoError("git_busy", "the store has no commit yet");
  return oid;
}

/** That there was no contact is remembered. */
async function told({ store, remote, contact, transport }: Meeting, error: unknown): Promise<unknown> {
  const known = await contactError(remote, transport, error);
  if (contact === undefined || known === error) return known;
  try {
    writeContact(store, { ...contact, failure: (known as Error).message, failedAt: formatTime(store.host.now()) });
  } catch {
    // The error itself says more.
  }
  return known;
}

/** Others are given time, each another one. */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30 * tries + Math.random() * 50 * 2 ** tries));
}
