import path from "node:path";
import { readHead } from "../../git/refs/refs.ts";
import { pointRef, pruneLog, rebuildIndex } from "../../git/repair/repair.ts";
import { ROOT_COMMIT, writeRootCommit } from "../../git/repository/initRepository.ts";
import { applyPlan } from "../change/apply.ts";
import { readHandEdits } from "../change/hand/readEdits.ts";
import { commitPerson } from "../change/message.ts";
import type { Plan } from "../change/plan.ts";
import { StartOver, startingOver } from "../change/startOver.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type Actor, personOf } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Aside } from "./setAside.ts";

/** How often the files are looked at again where somebody saves or commits meanwhile. */
const MAX_ATTEMPTS = 20;

/** Where a store goes on from. */
export interface Restart {
  readonly branch: string;
  /** The commit that cannot be read. */
  readonly tip: string;
  /** The last commit that can be read; undefined: begin again. */
  readonly base: string | undefined;
  readonly actor: Actor;
  readonly aside: Aside;
}

/**
 * Goes on from the last commit that can be read, with one commit of the files as they stand on disk. They are newer
 * than that commit, so the guard against mass loss must not see them first. Call it with the store's lock held.
 */
export async function restart(
  store: Store,
  journal: Journal,
  { branch, tip, base, actor, aside }: Restart,
): Promise<void> {
  const { repository } = journal;
  const who = commitPerson(personOf(store), store.host.now());
  if (readHead(repository).oid !== base) {
    for (const name of [branch, `logs/${branch}`, "index"]) aside.copy(path.join(repository.commonDir, name));
    aside.copy(path.join(repository.gitDir, "logs", "HEAD"));
    if (base === undefined) writeRootCommit(repository);
    const target = base ?? ROOT_COMMIT;
    const message = "doctor: go on from the last good commit";
    if (!pointRef(repository, branch, target, { who, judged: tip, message })) return;
    await pruneLog(repository, path.join(repository.commonDir, "logs", branch));
    await pruneLog(repository, path.join(repository.gitDir, "logs", "HEAD"));
    await rebuildIndex(repository, target, aside.signature);
  }
  await startingOver(MAX_ATTEMPTS, () => commitAsIs(store, journal, actor)).catch((error: unknown) => {
    // What others go on changing is committed by the next command, as every hand edit is.
    if (!(error instanceof StartOver)) throw error;
  });
}

/** Commits the files that differ from HEAD as they stand; those that cannot be read stay out. */
async function commitAsIs(store: Store, journal: Journal, actor: Actor): Promise<void> {
  store.journal = journal;
  store.index = undefined;
  const index = await refreshIndex(store, true);
  const edits = await readHandEdits(store, journal, index);
  if (edits.length === 0) return;
  const ids = edits.flatMap(({ file }) => index.entries.get(file)?.ticket?.id ?? []);
  const plan: Plan = {
    files: new Map(edits.map((edit) => [edit.file, edit.bytes])),
    before: new Map(edits.map((edit) => [edit.file, edit.before])),
    bases: new Map(),
    sentence: {
      subject: `doctor: ${edits.length} ${edits.length === 1 ? "file" : "files"} as found on disk`,
      tickets: ids.length > 50 ? [] : ids,
      byHand: true,
    },
    actor,
    mayDefer: true,
    inPlace: true,
  };
  await applyPlan(store, journal, index, plan);
  store.index = undefined;
}
