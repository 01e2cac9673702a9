import { AyoError } from "../../error.ts";
import { isAncestor } from "../../git/commits/history.ts";
import { readHead } from "../../git/refs/refs.ts";
import { ROOT_COMMIT, STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { openTransport, Refused, type Transport, Unreachable } from "../../git/transport/transport.ts";
import type { Told } from "../../ticket/merge/trees/trees.ts";
import { formatTime } from "../../ticket/time.ts";
import { transaction } from "../change/transaction.ts";
import { gitEnv } from "../disk/refresh.ts";
import { countBeyond } from "../events/branchLine.ts";
import { personOf } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import { type Contact, readContact, transportDir, writeContact } from "./contact.ts";
import { filesAt, forgetFiles } from "./filesAt.ts";
import { type Remote, shownAs } from "./findRemote.ts";
import { keepAside } from "./keepAside.ts";
import { assertKnownFiles } from "./known.ts";
import { configOf, ticketsIn } from "./lookHere.ts";
import { type TakenIn, takeIn } from "./takeIn.ts";

/** What a first contact would show to others. */
export interface FirstContact {
  readonly remote: Remote;
  /** Tickets of this store, and commits that tell their history. */
  readonly tickets: number;
  readonly commits: number;
  /** Whether others' tickets are there already. */
  readonly hasTickets: boolean;
  /** They were there, and are no more: somebody took them away. */
  readonly wasRemoved: boolean;
}

/** How a sync is done. */
export interface MeetOptions {
  /** Somebody's yes to a first contact: returns who says so, or throws. */
  readonly confirm: (facts: FirstContact) => Promise<string> | string;
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
    for (let tries = 1; ; tries++) {
      const done = await meetOnce(meeting);
      if (done) break;
      if (tries === MAX_TRIES) throw new AyoError("git_busy", `${shownAs(remote)} changed ${tries} times: try again`);
      await pause(tries);
    }
  } catch (error) {
    throw told(meeting, error);
  }
  return meeting.met;
}

interface Meeting {
  readonly store: Store;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly options: MeetOptions;
  readonly ref: string;
  readonly transport: Transport;
  contact: Contact | undefined;
  met: Met;
  /** The first look, which is on its way. */
  looking: Promise<{ readonly there: string | undefined } | { readonly error: unknown }> | undefined;
}

async function beginMeeting(store: Store, journal: Journal, remote: Remote, options: MeetOptions): Promise<Meeting> {
  assertOwn(journal);
  const config = await configOf(store);
  const ref = config.sync?.ref ?? STORE_BRANCH;
  const head = headOf(journal);
  const { url, pushUrl, settings } = remote;
  const { mayAsk } = options;
  const env = gitEnv(store);
  const dir = transportDir(store);
  const transport = openTransport({ dir, repository: journal.repository, head, url, pushUrl, settings, env, mayAsk });
  const known = readContact(store);
  // A store that had no name got one.
  const isSame = known !== undefined && (known.id === undefined || known.id === config.id);
  const contact = known?.url === url && isSame ? known : undefined;
  const isFirst = contact === undefined;
  // The other side answers while this one is looked at.
  const looking = transport.look(ref).then(
    (there) => ({ there }),
    (error: unknown) => ({ error }),
  );
  const notices = await commitEdits(store);
  const nothing = { came: 0, went: 0, files: 0, told: [], setAside: [] };
  const met = { remote, ref, commit: headOf(journal), ...nothing, notices, isFirst };
  return { store, journal, remote, options, ref, transport, contact, met, looking };
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
async function meetOnce(meeting: Meeting): Promise<boolean> {
  const { journal, ref, transport } = meeting;
  const there = await look(meeting);
  const before = headOf(journal);
  const isNews = there !== undefined && !(await isAncestor(journal.repository, there, before));
  if (isNews) await transport.fetch(ref);
  await assertAgreed(meeting, before, there);
  if (isNews) await bring(meeting, there, before);
  if (meeting.met.isFirst && before !== ROOT_COMMIT) await meeting.options.prepare?.();
  const head = headOf(journal);
  if (head !== there && !(await send(meeting, head, there))) return false;
  await remember(meeting, head);
  meeting.met = { ...meeting.met, commit: head };
  return true;
}

async function look(meeting: Meeting): Promise<string | undefined> {
  const { looking, transport, ref } = meeting;
  meeting.looking = undefined;
  const first = await looking;
  if (first === undefined) return transport.look(ref);
  if ("error" in first) throw first.error;
  return first.there;
}

/** Nothing is shown to others that nobody said yes to; who only takes shows nothing. */
async function assertAgreed(meeting: Meeting, head: string, there: string | undefined): Promise<void> {
  const { store, journal, remote, options, contact } = meeting;
  const isPart = there !== undefined && (await isAncestor(journal.repository, head, there));
  const wasRemoved = contact?.seen !== undefined && there === undefined;
  if (contact !== undefined && !wasRemoved) return;
  const agree = (by: string): void => {
    const at = formatTime(store.host.now());
    meeting.contact = { store: store.dir, id: undefined, remote: remote.name, url: remote.url, by, at };
  };
  if (isPart) return agree(personOf(store).name);
  if (head === ROOT_COMMIT)
    throw new AyoError("no_store", `there are no tickets here, and none at ${shownAs(remote)}`, {
      try: ["ayo", "init"],
    });
  const tickets = await ticketsIn(store);
  const commits = await countBeyond(journal, undefined, head);
  const facts = { remote, tickets, commits, hasTickets: there !== undefined, wasRemoved };
  agree(await options.confirm(facts));
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

async function send(meeting: Meeting, head: string, there: string | undefined): Promise<boolean> {
  const { transport, journal, ref } = meeting;
  // What others would not take in is not sent to them.
  assertKnownFiles(await filesAt(journal, head), head);
  forgetFiles(journal);
  if (!(await transport.push(head, ref, there))) return false;
  const went = await countBeyond(journal, there, head);
  meeting.met = { ...meeting.met, went: meeting.met.went + went };
  return true;
}

async function remember({ store, contact, remote, ref }: Meeting, seen: string): Promise<void> {
  if (contact === undefined) return;
  const { failure: _failure, failedAt: _failedAt, ...rest } = contact;
  const { id } = await configOf(store);
  writeContact(store, { ...rest, remote: remote.name, id, ref, seen, seenAt: formatTime(store.host.now()) });
}

function headOf({ repository }: Journal): string {
  const { oid } = readHead(repository);
  if (oid === undefined) throw new AyoError("git_busy", "the store has no commit yet");
  return oid;
}

/** The error as users know it; that there was no contact is remembered. */
function told({ store, remote, contact }: Meeting, error: unknown): unknown {
  const isRefused = error instanceof Refused;
  if (!(error instanceof Unreachable) && !isRefused) return error;
  const message = isRefused
    ? `${shownAs(remote)} does not take the tickets: ${error.message}`
    : `${shownAs(remote)} cannot be reached: ${error.message}`;
  if (contact !== undefined) {
    try {
      writeContact(store, { ...contact, failure: message, failedAt: formatTime(store.host.now()) });
    } catch {
      // The error itself says more.
    }
  }
  return new AyoError(isRefused ? "remote_refused" : "unreachable", message, {
    data: { remote: remote.name, said: error.message },
    cause: error,
  });
}

/** Others are given time, each another one. */
function pause(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30 * tries + Math.random() * 50 * 2 ** tries));
}
