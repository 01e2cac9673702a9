import { type CommitReader, openCommits } from "../../../git/commits/commitReader.ts";
import { readTips } from "../../../git/refs/tips.ts";
import type { Repository } from "../../../git/repository/repository.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";
import type { View } from "../../disk/view.ts";
import type { Store } from "../../open/store.ts";
import { commitsByTicket } from "../commitsByTicket.ts";
import { linkedCommits } from "../linkedCommits.ts";
import { type BaseBranch, workTips } from "./baseBranch.ts";
import { type BaseHistory, historyOf } from "./baseHistory.ts";
import { namesOfLater } from "./byName.ts";
import type { Evidence, Verdict, Work } from "./evidence.ts";
import { judge, searchOf, takenBack, wantedOf } from "./judge.ts";
import type { LandedCache } from "./landedCache.ts";
import { ownReader } from "./ownCommits.ts";
import { NO_FILES, type Patches, type PatchReader, patchReader } from "./patches.ts";
import { standings, wholeId } from "./reverted.ts";
import { namesSince } from "./takenBack.ts";

/** A ticket, where its work is, and what its file is to say of that where it does not yet. */
export interface Seen {
  readonly id: string;
  /** The version of the file that this was found for. */
  readonly version: string;
  readonly verdict: Verdict;
  readonly change?: {
    readonly commits?: readonly string[];
    readonly landed?: string | null;
    readonly unlanded?: string | null;
  };
}

/** What a look at the project found. */
export interface Look {
  readonly cache: LandedCache;
  readonly seen: readonly Seen[];
  /** Why changes could not be compared. */
  readonly trouble?: string | undefined;
}

/** What is looked at. */
export interface Place {
  readonly store: Store;
  readonly view: View;
  readonly repository: Repository;
  readonly base: BaseBranch;
}

/**
 * Looks whether the work of tickets that are done has come to the base branch, and whether what had come was taken back.
 * `known` is what the last look found; it may be changed.
 */
export async function lookAt(place: Place, tickets: readonly Ticket[], known: LandedCache | undefined): Promise<Look> {
  const reader = openCommits(place.repository);
  try {
    return await lookWith(place, tickets, known, reader);
  } finally {
    reader.close();
  }
}

async function lookWith(
  place: Place,
  tickets: readonly Ticket[],
  known: LandedCache | undefined,
  reader: CommitReader,
): Promise<Look> {
  const { repository, store, base } = place;
  const [before, count] = [known?.history, known?.looked ?? 0];
  const history = historyOf(before, base, reader);
  const patches: Patches = known?.patches ?? new Map();
  const own = ownReader(history, reader);
  const found = { byPatch: new Map<string, number[]>(), names: new Map<string, readonly string[]>() };
  const evidence = { history, patches, own, standings: standings(history), ...found };
  const works = await worksOf(place, tickets, history);
  const isNews = history.reverts.some(({ at }) => history !== before || at >= count);
  const open = works.filter(({ ticket }) => isNews || !isSettled(ticket, history));
  const shown = patchReader(repository, store.host);
  const asked = open.map(({ work }) => work);
  await readPatches(asked, evidence, shown);
  await readNames(asked, evidence, shown);
  const seen = works.map(({ ticket, work }) => seenOf(place, ticket, work, evidence));
  const cache = { history, patches: usedPatches(patches, works, evidence), looked: history.oids.length };
  return { cache, seen, trouble: shown.trouble };
}

interface TicketWork {
  readonly ticket: Ticket;
  readonly work: Work;
}

/** What the work on some tickets consists of; of those that have none, or of which nothing is to say, nothing. */
export async function worksOf(
  { store, view, repository }: Place,
  tickets: readonly Ticket[],
  history: BaseHistory,
): Promise<TicketWork[]> {
  const { scan, byTicket } = await commitsByTicket(store, view);
  const branches = workTips(readTips(repository).all());
  const works: TicketWork[] = [];
  for (const ticket of tickets) {
    const naming = byTicket.get(ticket.id) ?? [];
    const tips = branches.get(ticket.id) ?? [];
    const [commits, landed] = [fieldOf(ticket, "commits"), landedIn(ticket)];
    const work = { naming, tips, landed: landed === undefined ? undefined : wholeId(history, landed) };
    if (isSettled(ticket, history)) {
      if (history.reverts.length === 0) continue;
      const linked = [...(commits ?? []), ...naming.map(({ oid }) => oid)];
      works.push({ ticket, work: { ...work, linked: linked.map((oid) => wholeId(history, oid)) } });
    } else if (naming.length > 0 || tips.length > 0 || commits !== undefined || landed !== undefined) {
      const linked = await linkedCommits(store, view, ticket, scan);
      works.push({ ticket, work: { ...work, linked: linked.map(({ oid }) => wholeId(history, oid)) } });
    }
  }
  return works;
}

/** The commit that a ticket's file says its work landed with. */
export function landedIn(ticket: Ticket): string | undefined {
  const landed = fieldOf(ticket, "landed");
  return landed !== undefined && /^[0-9a-f]{7,64}$/i.test(landed) ? landed.toLowerCase() : undefined;
}

/** Tickets of which something may be to say: those that are done. */
export function doneTickets(view: View): Ticket[] {
  return view.tickets.filter(({ status }) => categoryOf(view.board, status) === "done");
}

/** Whether a file says that work landed, and nothing that this machine knows of the branch speaks against it. */
function isSettled(ticket: Ticket, history: BaseHistory): boolean {
  const landed = landedIn(ticket);
  if (landed === undefined || fieldOf(ticket, "unlanded") !== undefined) return false;
  // What is not on the branch here another machine may have fetched.
  return !history.lost.has(wholeId(history, landed));
}

function seenOf({ base }: Place, ticket: Ticket, work: Work, evidence: Evidence): Seen {
  const { history } = evidence;
  const seen = { id: ticket.id, version: ticket.version };
  if (isSettled(ticket, history)) {
    const by = history.places.has(work.landed as string) ? takenBack(work, evidence) : undefined;
    if (by === undefined) return { ...seen, verdict: { state: "landed", at: work.landed as string } };
    return { ...seen, verdict: { state: "reverted", by }, change: { landed: null, unlanded: by } };
  }
  const { landed, unlanded, commits = [] } = ticket.fields;
  const more = commitsOf(work, evidence).filter((oid) => !commits.some((one) => wholeId(history, one) === oid));
  const recorded = more.length === 0 ? {} : { commits: [...commits, ...more] };
  const noMore = unlanded === undefined ? {} : { unlanded: null };
  const verdict = judge(work, evidence);
  if (verdict.state === "landed" && isUpToDate(unlanded, history))
    return { ...seen, verdict, change: { ...recorded, landed: verdict.at, ...noMore } };
  if (landed !== undefined && unlanded === undefined) {
    const since = verdict.state === "reverted" ? verdict.by : base.head;
    return { ...seen, verdict, change: { ...recorded, landed: null, unlanded: since } };
  }
  return { ...seen, verdict, ...(more.length === 0 ? {} : { change: recorded }) };
}

/**
 * Whether this machine has fetched at least what the one had that saw the work taken back: else it would only see what
 * there was before.
 */
function isUpToDate(unlanded: string | undefined, { places, lost }: BaseHistory): boolean {
  return unlanded === undefined || places.has(unlanded) || lost.has(unlanded);
}

/** The commits that the ticket's file is to name: what its work branch has is of it, too. */
function commitsOf({ linked, tips }: Work, { own, history }: Evidence): string[] {
  const lines = tips.flatMap((tip) => own.line(tip)?.commits.toReversed() ?? [tip]);
  return [...new Set([...linked, ...lines])].filter((oid) => history.places.has(oid) || own.read(oid) !== undefined);
}

/** Reads what has to be compared: first only the names of files, then the changes of what has the same. */
async function readPatches(works: readonly Work[], evidence: Evidence, shown: PatchReader): Promise<void> {
  const { patches, history, byPatch } = evidence as Evidence & { byPatch: Map<string, number[]> };
  if (works.length === 0) return;
  const wanted = works.map((work) => wantedOf(work, evidence));
  const keys = [...new Set(wanted.flatMap((one) => one.keys))];
  if (keys.length === 0) return;
  const after = Math.min(...wanted.flatMap((one) => (one.keys.length === 0 ? [] : one.after)));
  const unknown = history.oids.filter((_, at) => at > after && history.files[at] === "");
  const names = await shown.files([...keys.filter((key) => !patches.has(key)), ...unknown]);
  for (const [key, files] of names) {
    const place = history.places.get(key);
    if (place === undefined) patches.set(key, { files, id: "" });
    else history.files[place] = files;
  }
  const own = keys.flatMap((key) => patches.get(key)?.files ?? []).filter((files) => files !== NO_FILES);
  const ours = new Set(own);
  const theirs = history.oids.filter((_, at) => at > after && ours.has(history.files[at] as string));
  const theirNames = new Set(theirs.map((oid) => history.files[history.places.get(oid) as number]));
  const asked = [...keys.filter((key) => theirNames.has(patches.get(key)?.files ?? "")), ...theirs];
  const ids = await shown.ids(asked.filter((key) => (patches.get(key)?.id ?? "") === ""));
  for (const [key, id] of ids) {
    const files = patches.get(key)?.files ?? history.files[history.places.get(key) as number] ?? "";
    patches.set(key, { files, id });
  }
  for (const oid of theirs) {
    const id = patches.get(oid)?.id ?? "";
    if (id !== "") byPatch.set(id, [...(byPatch.get(id) ?? []), history.places.get(oid) as number]);
  }
}

/** Reads what files are changed by commits that count for nothing but the ticket that they name. */
async function readNames(works: readonly Work[], evidence: Evidence, shown: PatchReader): Promise<void> {
  const keys = works.flatMap((work) => {
    const search = searchOf(work, evidence);
    return [...namesOfLater(work, evidence, search), ...namesSince(work, evidence, search)];
  });
  const names = evidence.names as Map<string, readonly string[]>;
  for (const [key, files] of await shown.names([...new Set(keys)])) names.set(key, files);
}

/** Those that the next look may ask for. */
function usedPatches(patches: Patches, works: readonly TicketWork[], evidence: Evidence): Patches {
  const open = works.filter(({ ticket }) => !isSettled(ticket, evidence.history));
  const keys = new Set(open.flatMap(({ work }) => wantedOf(work, evidence).keys));
  return new Map([...patches].filter(([key]) => keys.has(key) || evidence.history.places.has(key)));
}
