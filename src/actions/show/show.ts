import path from "node:path";
import * as v from "valibot";
import type { Attachment } from "../../store/attachments/attachmentFiles.ts";
import { readCommitted } from "../../store/change/committed.ts";
import type { LinkedCommit } from "../../store/codeCommits/linkedCommits.ts";
import { findTicket, problemOf } from "../../store/disk/findTicket.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import type { ItemState } from "../../store/disk/trackerItem.ts";
import { archiveOf, isFinished, readStore, type View } from "../../store/disk/view.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { projectRepository } from "../../store/open/projectRepository.ts";
import type { Store } from "../../store/open/store.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
import { isLapsed } from "../../ticket/rules/claim.ts";
import { isOverdue } from "../../ticket/rules/due.ts";
import { type DependencyState, dependencyStates } from "../../ticket/rules/readiness.ts";
import { needsVerify } from "../../ticket/rules/verify.ts";
import { parseCriteria } from "../../ticket/text/criteria.ts";
import { readBody } from "../../ticket/text/parseTicket.ts";
import type { Criterion, IdentifiedNote, Problem, Ticket } from "../../ticket/ticket.ts";
import { providerOf } from "../../ticket/tracked/trackerRef.ts";
import { namedThere, type TicketJson, ticketJson } from "../answers/describe.ts";
import { notesNow } from "../answers/notesNow.ts";
import type { HistoryEntry } from "../history.ts";
import { action, flag, id, optionalText } from "../input/action.ts";
import type { VerificationJson } from "../verify/verificationJson.ts";
import type { AsOf, PastTicket } from "./pastTicket.ts";

/** A ticket by name only. */
export interface Named {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

/** A ticket's item at a tracker. */
export interface ShownItem {
  readonly tracker: string;
  readonly key: string;
  readonly url: string;
  /** Whether both are kept the same, or why not; `unread` where the file cannot be read. */
  readonly state: ItemState | "unread";
  /** Why it cannot be read. */
  readonly why?: string;
}

/** Everything about one ticket. */
export interface Shown {
  readonly ticket: TicketJson & {
    readonly body: string;
    readonly notes: readonly IdentifiedNote[];
    readonly checklist: readonly Criterion[];
    readonly reasons: readonly string[];
    /** Ids of the commits that name the ticket now, with those that its file records. */
    readonly commits: readonly string[];
    /** What its work made: where an output was handed in, and null where that is unverified. */
    readonly output?: unknown;
    /** Whether what was handed in is there as it was, and fits the ticket's schema. */
    readonly outputState?: "valid" | "unverified";
    /** Why it is unverified. */
    readonly outputWhy?: string;
    /** Where it does not fit its schema: what does not, and all that was handed in, which nothing may use. */
    readonly outputFaults?: readonly JsonFault[];
    readonly outputRefused?: unknown;
  };
  /** Every dependency with its state. */
  readonly waitsFor: readonly DependencyState[];
  /** Unfinished tickets that wait for this one. */
  readonly unlocks: readonly Named[];
  readonly parent: Named | null;
  readonly children: readonly Named[];
  readonly links: readonly Named[];
  /** The commits of `ticket.commits`, the newest first. */
  readonly linkedCommits: readonly LinkedCommit[];
  /** Its files, only where it has any; nothing is told of those that it had in the past. */
  readonly attachments?: readonly Attachment[];
  /** Only where the ticket names an item of a tracker, and the store has a file beside it that says more. */
  readonly item?: ShownItem;
  /** The file's whole text. */
  readonly text: string;
  /** Whose claim ran out, where nothing has recorded that yet. */
  readonly ranOut?: string;
  /** Whether it should have been done by now. */
  readonly overdue: boolean;
  /** How its work stands with what it has to pass; not where nothing is to be run for it. */
  readonly verification?: VerificationJson;
  /** Only where it was asked for: every change, the newest first. */
  readonly history?: readonly HistoryEntry[];
  /** Only where the past was asked for: the commit that everything is as of. */
  readonly asOf?: AsOf;
}

/** What is known of a file that cannot be read as a ticket. */
export interface ShownBroken {
  readonly problem: Problem;
  readonly text: string;
  /** The text of the last commit that has the file, when it has one. */
  readonly lastGood: string | null;
}

/** `ayo ticket show <id>`. */
export const show = action({
  name: "show",
  summary: "Show everything about one ticket",
  writes: false,
  input: v.object({
    id,
    at: optionalText("as it was at this time (2026-11-21, 7d) or commit"),
    history: flag("with who made it, and every change since"),
  }),
  run: async (store, input): Promise<Shown | ShownBroken> => {
    const view = await readStore(store);
    if (input.at !== undefined) {
      const { pastTicket } = await import("./pastTicket.ts");
      const past = await pastTicket(store, input.id, input.at);
      return "problem" in past ? { ...past, lastGood: null } : shownAt(store, past);
    }
    try {
      const ticket = await findTicket(store, view, input.id, true);
      const text = readTicketText(store.dir, ticket.path);
      const page = await shown(store, view, { ticket, text }, await commitsOf(store, view, ticket));
      const output = await outputOf(store, ticket);
      const verified = await verificationIn(store, view, ticket, text);
      const files = await attachmentsIn(store, ticket);
      const all = { ...page, ticket: { ...page.ticket, ...output }, ...verified, ...files };
      return input.history ? { ...all, history: await historyOf(store, ticket.id) } : all;
    } catch (error) {
      const broken = await findBroken(store, view, input.id);
      if (broken !== undefined) return broken;
      throw error;
    }
  },
});

/** Nothing is loaded where nothing is to be run. */
async function verificationIn(
  store: Store,
  view: View,
  ticket: Ticket,
  text: string,
): Promise<Pick<Shown, "verification">> {
  if (!needsVerify(view.board, ticket)) return {};
  const { verificationOf } = await import("../verify/verificationJson.ts");
  return { verification: await verificationOf(store, view, ticket, text) };
}

/** Nothing is loaded where there are none. */
async function attachmentsIn(store: Store, ticket: Ticket): Promise<Pick<Shown, "attachments">> {
  if (ticket.fields.attachments === undefined) return {};
  const { attachmentsOf } = await import("../../store/attachments/attachmentFiles.ts");
  const attachments = attachmentsOf(store.dir, ticket);
  return attachments.length === 0 ? {} : { attachments };
}

/** The history is read where it is asked for: it is in no file of a ticket, and a page must not wait for it. */
async function historyOf(store: Store, id: string): Promise<readonly HistoryEntry[]> {
  const { history } = await import("../history.ts");
  return (await history.run(store, { id })).entries;
}

/** Everything about a ticket of a view. */
async function shown(
  store: Store,
  view: View,
  { ticket, text }: Snapshot,
  commits: readonly LinkedCommit[],
): Promise<Shown> {
  const archive = await archiveOf(store, view);
  const archived = archive.children(ticket.id).filter(({ id }) => !view.byId.has(id));
  const named = (other: string): Named[] => {
    const found = view.lookup.get(other) ?? archive.find(other);
    return found === undefined ? [] : [{ id: other, title: found.title, status: found.status }];
  };
  const { parent, claimedBy } = ticket.fields;
  const ranOut = isLapsed(ticket, view.now) ? claimedBy : undefined;
  return {
    ...(ranOut === undefined ? {} : { ranOut }),
    ...itemOf(view, ticket),
    ticket: {
      ...ticketJson(view, ticket),
      ...namedThere(view, ticket),
      commits: commits.map(({ oid }) => oid),
      body: readBody(text),
      notes: notesNow(view, ticket, text),
      checklist: parseCriteria(text),
      reasons: view.readiness(ticket).reasons,
    },
    waitsFor: dependencyStates(ticket, view.board, view.lookup),
    unlocks: view
      .dependents(ticket.id)
      .filter((other) => !isFinished(view.board, other.status))
      .map(({ id, title, status }) => ({ id, title, status })),
    parent: parent === undefined ? null : (named(parent)[0] ?? { id: parent, title: "", status: "missing" }),
    children: [...view.children(ticket.id), ...archived].map(({ id, title, status }) => ({ id, title, status })),
    links: (ticket.fields.links ?? []).flatMap((other) => {
      const found = named(other);
      return found.length > 0 ? found : [{ id: other, title: "", status: "missing" }];
    }),
    linkedCommits: commits,
    overdue: isOverdue(ticket, view.board, view.now),
    text,
  };
}

/** What a tracker calls it, as the file beside it says. */
function itemOf(view: View, ticket: Ticket): Pick<Shown, "item"> {
  const found = view.item(ticket);
  if (typeof found !== "string") return found === undefined ? {} : { item: found };
  const named = providerOf(ticket.fields);
  return { item: { tracker: named === "local" ? "tracker" : named, key: "", url: "", state: "unread", why: found } };
}

/** What its file has now, or had in a commit. */
async function outputOf(
  store: Store,
  ticket: Ticket,
  commit?: string,
): Promise<Pick<Shown["ticket"], "output" | "outputState" | "outputWhy" | "outputFaults" | "outputRefused">> {
  if (ticket.fields.outputId === undefined) return {};
  const output =
    commit === undefined
      ? await (await import("../../store/outputs/outputFile.ts")).readOutput(store.dir, ticket)
      : await (await import("../../store/outputs/keptOutput.ts")).pastOutput(store, ticket, commit);
  if (output === undefined) return {};
  if (output.state === "valid") return { output: output.value, outputState: output.state };
  const { state, why, refused } = output;
  const more = refused === undefined ? {} : { outputFaults: refused.faults, outputRefused: refused.value };
  return { output: null, outputState: state, outputWhy: why, ...more };
}

/** Of commits it says what the file recorded: what branches were there then cannot be told. */
async function shownAt(store: Store, { view, asOf, ...past }: PastTicket): Promise<Shown> {
  const then = await shown(store, view, past, []);
  const output = await outputOf(store, past.ticket, asOf.commit);
  return { ...then, ticket: { ...then.ticket, commits: past.ticket.fields.commits ?? [], ...output }, asOf };
}

/** Those that the project's branches have and those that the file records; nothing is loaded where there are none. */
async function commitsOf(store: Store, view: View, ticket: Ticket): Promise<LinkedCommit[]> {
  if (ticket.fields.commits === undefined && projectRepository(store) === undefined) return [];
  const { linkedCommits } = await import("../../store/codeCommits/linkedCommits.ts");
  return (await linkedCommits(store, view, ticket)).reverse();
}

async function findBroken(store: Store, view: View, wanted: string): Promise<ShownBroken | undefined> {
  const problem = problemOf(view, wanted);
  if (problem === undefined) return undefined;
  const read = problem.line === 0 ? undefined : readStoreFile(path.join(store.dir, problem.path));
  const text = read === undefined || read instanceof Unread ? "" : read.bytes.toString("utf8");
  return { problem, text, lastGood: await readCommitted(store, problem.path) };
}
