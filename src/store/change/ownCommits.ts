import type { HostRequest } from "../../host.ts";
import { isLapsed } from "../../ticket/rules/claim.ts";
import { archiveTree, rememberArchive } from "../disk/archive/archiveEdits.ts";
import { appendIndex } from "../disk/cache.ts";
import { refreshIndex, rereadPath } from "../disk/refresh.ts";
import { type View, viewOf } from "../disk/view.ts";
import { isInHook } from "../hooks/inHook.ts";
import { type Index, setCommitted } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { inRepository } from "../open/store.ts";
import { applyPlan } from "./apply.ts";
import type { TransactionOptions } from "./changing.ts";
import type { Draft } from "./draft.ts";
import type { OwnChange } from "./leases.ts";
import type { Sentence } from "./message.ts";
import type { Applied, Plan } from "./plan.ts";
import { startingOver } from "./startOver.ts";

/** A hand edit's claims are put back until it works: nobody would know of them later. */
const MAX_ATTEMPTS = 200;
/** Commits between two looks at what there is to pack, and fewer where the folders that they leave are so large. */
const PACK_EVERY = 50;
const PACK_BYTES = 4 * 1024 * 1024;
/** What a line of a folder takes. */
const TREE_LINE = 40;

/** What a draft writes. */
export function planOf(
  draft: Draft,
  sentence: Sentence,
  options: TransactionOptions,
  { quiet, request }: { readonly quiet: boolean; readonly request?: HostRequest | undefined },
): Plan {
  const files = new Map<string, Buffer | null>();
  for (const [file, text] of draft.files) files.set(file, text === null ? null : Buffer.from(text));
  for (const [file, bytes] of draft.attachments) files.set(file, bytes);
  const mayDefer = options.mustCommit !== true && sentence.mustCommit !== true && request === undefined;
  const { before, bases } = draft;
  return { files, before, bases, sentence, actor: options.actor, mayDefer, inPlace: false, quiet };
}

/** What claims that ran out, and answers that are due, are judged by. */
interface TakingBack {
  readonly view: View;
  readonly options: Pick<TransactionOptions, "spares" | "sparesQuestion">;
  readonly notices: string[];
}

/** Writes the default answers that are in force, as a commit of their own; returns the view after it. @throws StartOver */
export async function commitDefaultAnswers(
  store: Store,
  journal: Journal,
  index: Index,
  { view, options, notices }: TakingBack,
): Promise<View> {
  if (view.answered.length === 0) return view;
  const { answerByDefault } = await import("./answerByDefault.ts");
  const own = await answerByDefault(store, view);
  if (own === undefined) return view;
  await commitOwn(store, journal, index, own, notices);
  return viewOf(store, index, options.sparesQuestion);
}

/** Takes claims back that ran out, as a commit of their own; returns the view after it. @throws StartOver */
export async function releaseLapsedClaims(
  store: Store,
  journal: Journal,
  index: Index,
  { view, options, notices }: TakingBack,
): Promise<View> {
  if (!view.marked.some((ticket) => isLapsed(ticket, view.now))) return view;
  const { lapsedTickets, releaseLapsed } = await import("./leases.ts");
  const spares = await options.spares?.();
  const { isHeldElsewhere } = await import("../open/syncFolder.ts");
  const lapsed = lapsedTickets(view, spares).filter(({ id }) => !isHeldElsewhere(store, view.config, id));
  const own = lapsed.length === 0 ? undefined : await releaseLapsed(store, view, lapsed);
  if (own === undefined) return view;
  const isCommitted = await commitOwn(store, journal, index, own, notices);
  const after = await viewOf(store, index, options.sparesQuestion);
  // Meanwhile others may have run out: whoever takes such a ticket now takes it over untold.
  return isCommitted ? releaseLapsedClaims(store, journal, index, { view: after, options, notices }) : after;
}

/** Commits a change that the store makes by itself; false where git is busy, and the next one does. @throws StartOver */
async function commitOwn(
  store: Store,
  journal: Journal,
  index: Index,
  { draft, sentence }: OwnChange,
  notices: string[],
): Promise<boolean> {
  const plan = planOf(draft, sentence, { actor: draft.actor }, { quiet: isInHook(store) });
  const applied = await applyPlan(store, journal, index, plan);
  if (applied.state !== "committed") return false;
  notices.push(sentence.subject, ...applied.notices);
  await updateIndexAfter(store, journal, index, plan, applied);
  return true;
}

/** Makes a change of the store's own until it works: nobody would know of it later. */
export async function commitUntilDone(
  store: Store,
  journal: Journal,
  index: Index,
  notices: string[],
  change: (view: View) => Promise<OwnChange | undefined>,
): Promise<void> {
  await startingOver(MAX_ATTEMPTS, async (attempt) => {
    const view = await viewOf(store, attempt === 1 ? index : await refreshIndex(store, true));
    const own = await change(view);
    if (own !== undefined) await commitOwn(store, journal, index, own, notices);
  });
}

/** By chance, since nobody counts commits: the id of a commit is a number that nobody chose. */
function isTurnToPack({ entries }: Index, commit: string): boolean {
  const every = Math.min(PACK_EVERY, Math.max(1, Math.floor(PACK_BYTES / (entries.size * TREE_LINE + 1))));
  return Number.parseInt(commit.slice(0, 8), 16) % every === 0;
}

/** Brings the index and its cache in line with what was just written. */
export async function updateIndexAfter(
  store: Store,
  journal: Journal,
  index: Index,
  plan: Plan,
  applied: Applied,
): Promise<void> {
  const archived = [...plan.files.keys()].some((file) => file.startsWith("archive/"));
  for (const file of plan.files.keys()) {
    if (file.startsWith("archive/")) continue;
    // A hand edit was committed as it was read; what came since is the next one.
    if (!plan.inPlace) await rereadPath(index, store, file);
    if (applied.state === "committed")
      setCommitted(index, file, applied.blobs.get(inRepository(journal, file)) ?? undefined);
  }
  if (applied.state === "committed") {
    index.head = applied.commit;
    if (archived) rememberArchive(index, await archiveTree(journal, applied.commit), plan.files.keys());
    if (isTurnToPack(index, applied.commit)) {
      const { packSometimes } = await import("./packing/packSometimes.ts");
      packSometimes(store, journal);
    }
  }
  appendIndex(journal.stateDir, index, plan.files.keys(), archived || plan.files.has("config.yml"));
}
