import * as v from "valibot";
import { AyoError } from "../error.ts";
import { baseBranch, isShallow, shortRef } from "../store/codeCommits/landed/baseBranch.ts";
import { judgeByHand } from "../store/codeCommits/landed/judgeByHand.ts";
import { keepSeen, loadLanded } from "../store/codeCommits/landed/landedCache.ts";
import { lookAt, type Place, type Seen } from "../store/codeCommits/landed/look.ts";
import { sentenceOf } from "../store/codeCommits/landed/seeLanded.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { readStore, type View } from "../store/disk/view.ts";
import { DEFAULT_BASE } from "../store/open/config/configRules.ts";
import { actorOf } from "../store/open/identity/identity.ts";
import { projectRepository } from "../store/open/projectRepository.ts";
import type { Store } from "../store/open/store.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, id, type Written, writeOptions } from "./input/action.ts";
import { commitId } from "./input/commitId.ts";
import { assertVersion } from "./input/conflict.ts";
import { type NowReady, newlyReady, readyAround } from "./lifecycle/nowReady.ts";

/** What `landed` answers. */
export interface Landed extends Written, WithTickets {
  readonly landing: {
    /** `waiting`: some of it is not on the base branch; `reverted`: it was taken back; `none`: there are no commits. */
    readonly state: "landed" | "waiting" | "reverted" | "none";
    /** Where work lands: `origin/main`. */
    readonly base: string;
    /** The commit that it landed with, or that took it back. */
    readonly commit: string | null;
    /** Its commits that nothing on the base branch stands for. */
    readonly missing: readonly string[];
    /** What kept ayo from looking everywhere. */
    readonly trouble: string | null;
  };
  readonly nowReady: NowReady;
}

/** `ayo ticket landed <id> [commit]`: looks now, or takes a person's word for which commit it was. */
export const landed = action({
  name: "landed",
  summary: "Look whether a ticket's work is on the base branch, or say with which commit it came there",
  writes: true,
  input: v.object({
    id,
    commit: v.optional(
      commitId("the commit of the base branch that has the work, where ayo cannot see it; for people"),
    ),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
    ifMatch: writeOptions.ifMatch,
  }),
  run: async (store, input): Promise<Landed> => {
    const view = await readStore(store);
    const ticket = await findTicket(store, view, input.id, false);
    const place = placeOf(store, view);
    const { seen, trouble } = await lookOf(place, ticket, input);
    let before: ReadonlySet<string> = new Set();
    const outcome = await change(store, input, async (draft) => {
      const now = await draft.find(ticket.id);
      await assertVersion(store, draft, [now], input.ifMatch);
      before = readyAround(draft.view, [now]);
      const isDone = categoryOf(draft.view.board, now.status) === "done";
      if (input.commit !== undefined && !isDone) throw notDone(now);
      // Somebody was quicker: what was seen is of another file.
      if (!isDone || now.version !== seen.version || seen.change === undefined) return { result: [now.id] };
      await draft.patch(now, seen.change);
      const sentence = sentenceOf([seen], shortRef(place.base.ref));
      return { result: [now.id], sentence };
    });
    const after = await outcome.after();
    return {
      ...outcome.written,
      ...(await ticketsAfter(store, outcome, outcome.result)),
      landing: landingOf(seen, place, trouble),
      nowReady: newlyReady(after, outcome.result, before),
    };
  },
});

/** @throws git_unsupported without git, not_found without the branch */
function placeOf(store: Store, view: View): Place {
  const repository = projectRepository(store);
  if (repository === undefined)
    throw new AyoError("git_unsupported", `there is no project in git around ${store.dir} where work could land`);
  const { base: written } = (view.config.settings.ready ?? {}) as { readonly base?: string };
  const base = baseBranch(repository, view.board.landsOn ?? written ?? DEFAULT_BASE);
  if (typeof base === "string") throw new AyoError("not_found", base, { try: ["ayo", "config", "ready.base"] });
  return { store, view, repository, base };
}

async function lookOf(
  place: Place,
  ticket: Ticket,
  { commit, as }: { readonly commit?: string | undefined; readonly as?: string | undefined },
): Promise<{ readonly seen: Seen; readonly trouble: string | undefined }> {
  const { store, repository } = place;
  const { stateDir } = store.journal ?? {};
  const known = stateDir === undefined ? undefined : loadLanded(stateDir, repository.commonDir);
  if (commit !== undefined) return { seen: await saidBy(place, ticket, known, { commit, as }), trouble: undefined };
  const look = await lookAt(place, [ticket], known);
  if (stateDir !== undefined) keepSeen(stateDir, repository.commonDir, known, look.cache.history);
  const none: Seen = { id: ticket.id, version: ticket.version, verdict: { state: "none" } };
  const { landed: there } = ticket.fields;
  const settled: Seen = there === undefined ? none : { ...none, verdict: { state: "landed", at: there } };
  const edge = isShallow(repository) ? "the project is a shallow clone: older commits are missing" : undefined;
  const [found] = look.seen;
  const why = look.trouble ?? edge ?? (found && doubtOf(found, place));
  if (found !== undefined || there === undefined) return { seen: found ?? none, trouble: why };
  // What the file says is not believed where the branch has no such commit.
  if ((await judgeByHand(place, ticket, known, there)) !== "absent")
    return { seen: settled, trouble: look.trouble ?? edge };
  const base = shortRef(place.base.ref);
  const trouble = `the ticket says that it landed with ${there.slice(0, 10)}, which ${base} does not have, as it was fetched last`;
  return { seen: { ...none, verdict: { state: "waiting", missing: [there], absent: [] } }, trouble };
}

/** What a person may know better of work that waits. */
function doubtOf({ id, verdict }: Seen, { base }: Place): string | undefined {
  if (verdict.state !== "waiting") return undefined;
  const { absent, named } = verdict;
  const say = (commit: string): string => `say so: ayo ticket landed ${id} ${commit}`;
  const [first] = absent;
  if (first !== undefined)
    return `commit ${first.slice(0, 10)} is not on this machine, nobody can compare it: fetch it, or if you know what it landed with, ${say("COMMIT")}`;
  if (named === undefined) return undefined;
  const short = named.slice(0, 10);
  return `${short} on ${shortRef(base.ref)} names the ticket and changes few of its files: if it is the work, ${say(short)}`;
}

/** A person's word. @throws needs_person, not_found, conflict */
async function saidBy(
  place: Place,
  ticket: Ticket,
  known: Parameters<typeof judgeByHand>[2],
  { commit, as }: { readonly commit: string; readonly as: string | undefined },
): Promise<Seen> {
  if (actorOf(as, place.store).agent)
    throw new AyoError(
      "needs_person",
      "only a person can say with which commit work landed: agents can have it looked for",
      {
        try: ["ayo", "ticket", "landed", ticket.id],
      },
    );
  const base = shortRef(place.base.ref);
  const judged = await judgeByHand(place, ticket, known, commit);
  if (judged === "absent")
    throw new AyoError("not_found", `${base} has no commit ${commit}, as it was fetched last`, {
      data: { commit, base },
    });
  if ("takenBackBy" in judged)
    throw new AyoError("conflict", `${judged.takenBackBy} on ${base} took that back: name a later commit`, {
      data: { commit, by: judged.takenBackBy },
    });
  return judged;
}

function notDone({ id, status }: Ticket): AyoError {
  return new AyoError("transition_refused", `${id} is ${status}: only work that is done has landed`, {
    try: ["ayo", "ticket", "close", id],
    data: { id, from: status },
  });
}

function landingOf({ verdict }: Seen, { base }: Place, trouble: string | undefined): Landed["landing"] {
  const commit = verdict.state === "landed" ? verdict.at : verdict.state === "reverted" ? verdict.by : null;
  const missing = verdict.state === "waiting" ? verdict.missing : [];
  return { state: verdict.state, base: shortRef(base.ref), commit, missing, trouble: trouble ?? null };
}
