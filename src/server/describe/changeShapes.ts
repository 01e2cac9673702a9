import { KINDS } from "../../actions/import/kinds.ts";
import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { COLLABORATOR_ROLES } from "../../ticket/rules/collaborators.ts";
import * as s from "./shapes.ts";

const WRITTEN = {
  commit: s.about("null where nothing was changed, or the commit waits", s.maybe),
  notices: s.texts,
};
const MAYBE = {
  deferred: s.about("why the commit waits", s.text),
  confirmed: s.about("where the tickets are shared: claims that others have heard of", s.texts),
  unconfirmed: s.about("claims of which others could not be told yet", s.texts),
  dryRun: s.flag,
  wouldChange: s.about("of a dry run: whether something would change", s.flag),
  affected: s.listOf(
    s.ref("Ticket"),
    "with include=affected: the tickets of the change, and others that became ready or wait for others by it, as they are now",
  ),
  gone: s.about("with include=affected: ids of tickets that were deleted or archived", s.texts),
};

type Properties = Readonly<Record<string, JsonSchema>>;
/** An answer with what every change answers. */
export const change = (required: Properties, optional: Properties = {}): JsonSchema =>
  s.answer({ ...required, ...WRITTEN }, { ...optional, ...MAYBE });

const tickets = s.listOf(s.ref("Ticket"), "as they are after it; deleted ones as they were");
const ofOne = {
  ticket: s.about(
    "where it is one, of verbs of one ticket; null where there was none to claim",
    s.orNull(s.ref("Ticket")),
  ),
};
const nowReady = s.listOf(s.ref("Titled"), "what became ready by it");

const UNDONE = s.ref("UndoneTicket");

/** What every change answers, whatever it changes. */
export const WRITTEN_SHAPE: JsonSchema = change({});

/** What changes answer. */
export const CHANGE_SHAPES: Readonly<Record<string, JsonSchema>> = {
  TicketMade: change(
    {
      ticket: s.ref("Ticket"),
      tickets,
      created: s.about("false where `once` found an earlier ticket", s.flag),
      similar: s.listOf(
        s.shape({ id: s.text, title: s.text, status: s.text, category: s.category, score: s.number }),
        "tickets that may be about the same, the likest first",
      ),
    },
    { notCompared: s.count },
  ),
  TicketsWritten: change({ tickets }, { ...ofOne, nowReady, dependents: s.texts, children: s.texts }),
  Moved: change({ tickets: s.listOf(s.ref("MovedTicket")), nowReady }, { ticket: s.ref("MovedTicket") }),
  Landed: change(
    {
      tickets,
      nowReady,
      landing: s.shape({
        state: s.oneOf("landed", "waiting", "reverted", "none"),
        base: s.about("the branch that work lands on: origin/main", s.text),
        commit: s.about("the one that it landed with, or that took it back", s.maybe),
        missing: s.about("its commits that nothing on the base branch stands for", s.texts),
        trouble: s.about("what kept ayo from looking everywhere", s.maybe),
      }),
    },
    ofOne,
  ),
  Claimed: change({ tickets: s.listOf(s.ref("ClaimedTicket")) }, { ticket: s.ref("ClaimedTicket") }),
  Noted: change({ tickets, note: s.shape({ id: s.text, at: s.text, by: s.text }) }, ofOne),
  Edited: change({ tickets, changed: s.flag }, ofOne),
  DependencyChanged: change({ tickets, dep: s.text, changed: s.flag }, ofOne),
  Attached: change(
    { tickets, attachments: s.listOf(s.ref("Attachment")) },
    { ...ofOne, note: s.shape({ id: s.text, at: s.text, by: s.text }) },
  ),
  Detached: change({ tickets, name: s.text, path: s.text }, ofOne),
  Linked: change({ tickets, changed: s.count }, ofOne),
  Followed: change(
    {
      tickets,
      follower: s.shape({
        who: s.text,
        role: s.about("null: follows it no longer", s.orNull(s.oneOf(...COLLABORATOR_ROLES))),
      }),
      changed: s.flag,
    },
    ofOne,
  ),
  TicketsRanked: change({ tickets, place: s.about("where they are now: `before ayo-x7k2`, `first`", s.text) }, ofOne),
  Assigned: change({ tickets, assignee: s.maybe }, ofOne),
  Confirmed: change(
    { tickets, nowReady, config: s.about("the rules of config.yml that were confirmed", s.texts) },
    ofOne,
  ),
  Verified: change({ tickets, verifications: s.listOf(s.ref("VerificationOf")), ok: s.flag }),
  Duplicated: change({ tickets, of: s.text }, ofOne),
  Checked: change({ tickets, criteria: s.listOf(s.ref("Criterion")) }, ofOne),
  Batched: change({
    tickets,
    results: s.listOf(
      s.shape({ line: s.count, op: s.text, ids: s.texts, did: s.maybe }, { name: s.text }),
      "what each operation did",
    ),
    names: s.about("the id of every ticket that an operation named", s.mapOf(s.text)),
    nowReady,
  }),
  Undone: change(
    {
      undone: s.shape({ commit: s.maybe, at: s.text, actor: s.text, subject: s.text, byHand: s.flag }),
      tickets: s.listOf(UNDONE, "as they are after it; those that it deleted as they were"),
      notUndone: s.listOf(s.shape({ id: s.maybe, field: s.maybe, reason: s.text, by: s.texts })),
      others: s.about("tickets of the same commit that were left alone", s.texts),
      nowReady,
      nowWaiting: s.listOf(s.shape({ id: s.text, title: s.text, reasons: s.texts })),
    },
    { ticket: UNDONE },
  ),
  Configured: change({
    path: s.text,
    settings: s.listOf(s.ref("Setting")),
    changed: s.flag,
    problems: s.listOf(s.ref("Unread"), "keys of the file that nothing reads"),
  }),
  Imported: change({
    from: s.oneOf(...KINDS),
    total: s.count,
    imported: s.count,
    exact: s.count,
    withExtraFields: s.count,
    inPart: s.about("tickets of which a part has no place here", s.count),
    extraFields: s.about("keys that were kept without a field, and how often", s.mapOf(s.count)),
    leftOut: s.about("what has no place here, and how often", s.mapOf(s.count)),
    derived: s.about("what git or ayo tells anew, and how often", s.mapOf(s.count)),
    updated: s.count,
    unchanged: s.count,
    skipped: s.listOf(s.shape({ id: s.text, why: s.text })),
    deleted: s.texts,
    tombstones: s.texts,
    needYou: s.listOf(s.shape({ id: s.maybe, path: s.text, line: s.count, message: s.text })),
    danglingReferences: s.count,
    unknownStatuses: s.mapOf(s.count),
    ids: s.texts,
  }),
  Synced: s.answer(
    {
      remote: s.about("null, as what follows, where only a tracker was synced", s.maybe),
      url: s.maybe,
      ref: s.maybe,
      commit: s.about("what both sides have now", s.maybe),
      came: s.about("commits that came", s.count),
      went: s.about("commits that went", s.count),
      tickets: s.about("tickets here now that are not archived", s.count),
      told: s.listOf(
        s.shape({ code: s.text, path: s.text, message: s.text }, { field: s.text }),
        "whose change gave way",
      ),
      setAside: s.texts,
      notices: s.texts,
      outbox: s.about(
        "bundles in branches of the project that were fetched",
        s.listOf(
          s.shape(
            {
              file: s.text,
              branches: s.texts,
              state: s.oneOf("taken", "known", "refused", "new", "written"),
              deletable: s.flag,
            },
            { why: s.text, path: s.text, commits: s.count },
          ),
        ),
      ),
      first: s.about("joined or shared, where it is the first time", s.maybe),
    },
    { dryRun: s.flag, trackers: s.listOf(s.ref("TrackerSynced")) },
  ),
  SyncStatus: s.answer({
    shared: s.flag,
    remote: s.maybe,
    url: s.maybe,
    ref: s.text,
    auto: s.flag,
    ahead: s.about("commits that were not sent", s.count),
    behind: s.about("commits that were seen there and are not here", s.count),
    unconfirmed: s.about("tickets claimed here of which others could not be told yet", s.texts),
    setAside: s.about(
      "files that gave way as a whole, and where they lie on this machine",
      s.listOf(s.shape({ path: s.text, at: s.text })),
    ),
    seen: s.maybe,
    seenAt: s.time,
    failure: s.maybe,
    failedAt: s.time,
  }),
  Examined: change(
    {
      findings: s.listOf(s.ref("Finding"), "what is wrong, after mending what still is"),
      fixed: s.listOf(s.ref("Finding")),
      ok: s.flag,
    },
    { setAside: s.about("where copies of what was replaced are", s.text) },
  ),
  Finding: s.shape(
    { code: s.text, severity: s.oneOf("error", "warning"), message: s.text },
    { path: s.text, line: s.count, id: s.text, target: s.text, fix: s.text },
  ),
};
