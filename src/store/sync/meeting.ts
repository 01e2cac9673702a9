import { AyoError } from "../../error.ts";
import { readHead } from "../../git/refs/refs.ts";
import { ROOT_COMMIT, STORE_BRANCH } from "../../git/repository/initRepository.ts";
import type { Transport } from "../../git/transport/transport.ts";
import { transaction } from "../change/transaction.ts";
import { personOf } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import { type ClaimsThere, claimRefs } from "./claims/openClaims.ts";
import { refsToLookAt } from "./claims/settling.ts";
import { type Contact, readContact } from "./contact.ts";
import { addressOf, type Remote } from "./findRemote.ts";
import { configOf, refOf } from "./lookHere.ts";
import type { MeetOptions, Met } from "./meet.ts";
import type { Outboxes } from "./outbox/takeOutboxes.ts";
import { transportTo } from "./transportTo.ts";

/** Where tickets lie that are to be no branch; the guide names it. */
const HIDDEN_REF = "refs/ayo/tickets";

/** A sync on its way. */
export interface Meeting {
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
  outboxes?: Outboxes;
  /** What was there before this side's commits were sent. */
  seen?: Pick<Contact, "ref" | "seen" | "seenAt">;
  /** Where claims are settled; undefined where they are this machine's alone. */
  readonly claims: ClaimsThere | undefined;
  /** What was there at the last look, by ref. */
  there: ReadonlyMap<string, string>;
  /** The first look, which is on its way. */
  looking: Promise<{ readonly there: ReadonlyMap<string, string> } | { readonly error: unknown }> | undefined;
}

/** Commits hand edits while the other side is asked what it has. */
export async function beginMeeting(
  store: Store,
  journal: Journal,
  remote: Remote,
  options: MeetOptions,
): Promise<Meeting> {
  assertOwn(journal);
  const config = await configOf(store);
  const contact = contactAt(store, remote, config.id);
  const ref = refOf(config, contact);
  const head = headOf(journal);
  const transport = transportTo(store, journal, remote, { mayAsk: options.mayAsk, head });
  const isFirst = contact === undefined;
  const claims =
    config.sync?.claims === "off" ? undefined : { store, journal, remote, transport, ...claimRefs(config) };
  // The other side answers while this one is looked at.
  const looking = transport.lookAll(refsToLookAt(ref, claims)).then(
    (there) => ({ there }),
    (error: unknown) => ({ error }),
  );
  const notices = await commitEdits(store);
  const nothing = { came: 0, went: 0, files: 0, told: [], setAside: [], outbox: [] };
  const met = { remote, ref, commit: headOf(journal), ...nothing, notices, isFirst };
  const refBefore = contact?.ref === ref ? undefined : contact?.ref;
  return {
    store,
    journal,
    remote,
    options,
    ref,
    refBefore,
    transport,
    contact,
    met,
    claims,
    there: new Map(),
    looking,
  };
}

/** What is remembered of a remote, where it is the one that somebody has said yes to, for this store. */
export function contactAt(store: Store, remote: Remote, id: string | undefined): Contact | undefined {
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
export async function commitEdits(store: Store): Promise<readonly string[]> {
  const { notices } = await transaction(store, { actor: personOf(store) }, () => ({ result: undefined }));
  return notices;
}

/** The commit there, and at which ref: who has no config.yml yet may find the tickets at the other usual one. */
export async function look(
  meeting: Meeting,
  ref: string,
  head: string,
): Promise<[ref: string, there: string | undefined]> {
  const there = await lookAt(meeting, ref);
  if (there !== undefined || head !== ROOT_COMMIT || ref !== STORE_BRANCH) return [ref, there];
  const hidden = await meeting.transport.look(HIDDEN_REF);
  if (hidden === undefined) return [ref, undefined];
  meeting.ref = HIDDEN_REF;
  meeting.met = { ...meeting.met, ref: HIDDEN_REF };
  return [HIDDEN_REF, hidden];
}

async function lookAt(meeting: Meeting, ref: string): Promise<string | undefined> {
  const { looking, transport, claims } = meeting;
  meeting.looking = undefined;
  const first = ref === meeting.ref ? await looking : undefined;
  if (first !== undefined && "error" in first) throw first.error;
  meeting.there = first?.there ?? (await transport.lookAll(refsToLookAt(ref, claims)));
  return meeting.there.get(ref);
}

/** The store's commit. @throws git_busy where it has none yet */
export function headOf({ repository }: Journal): string {
  const { oid } = readHead(repository);
  if (oid === undefined) throw new AyoError("git_busy", "the store has no commit yet");
  return oid;
}
