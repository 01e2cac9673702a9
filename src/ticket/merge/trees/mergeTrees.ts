import { compareText } from "../sides.ts";
import { Contents } from "./contents.ts";
import { cutCycles } from "./cutCycles.ts";
import { identitiesOf } from "./identities.ts";
import { settleAttachments, withFilesApart } from "./mergeAttachments.ts";
import { DELETED, mergeDeleted, mergeOthers } from "./mergeOthers.ts";
import { mergeTickets } from "./mergeTickets.ts";
import { withNewNames } from "./references.ts";
import { reviewAgain } from "./reviewAgain.ts";
import { settleOutputs } from "./settleOutputs.ts";
import {
  type Content,
  type Files,
  inOrder,
  nameIn,
  type TreeContext,
  type TreeJob,
  type TreeMerge,
  type TreeSide,
} from "./trees.ts";

/**
 * Which rules these are, for the merge's commit to say: of two machines with different rules the results differ, and
 * are merged once more. A change of any rule that shows in the bytes counts it up.
 */
export const MERGE_RULES = 7;

/**
 * Merges two stores whose last common state is `base`: the same files whichever side is named first. No blob is read
 * that only one side changed, but to see what became of its ticket.
 */
export function mergeTrees(base: Files, one: TreeSide, other: TreeSide, context: TreeContext): TreeMerge {
  const [a, b] = inOrder(one, other);
  const given: TreeJob = { a, b, context, told: [], setAside: [] };
  const contents = new Contents(context);
  const found = withNewNames(identitiesOf({ o: base, a: a.files, b: b.files }, contents), contents);
  const { identities, job } = withFilesApart(base, { identities: found, job: given }, contents);
  const merged = mergeTickets(identities, job, contents);
  const sound = reviewAgain(cutCycles(merged, job, contents), job, contents);
  const files = new Map<string, Content>(mergeOthers(base, job, contents));
  for (const { merged: place } of sound) files.set(place.path, place.content);
  settleOutputs(files, sound, { o: base, a: a.files, b: b.files }, contents);
  settleAttachments(files, sound, { o: base, a: job.a.files, b: job.b.files }, contents);
  const living = new Set(sound.map(({ merged: place }) => nameIn(place.path)));
  const deleted = mergeDeleted(base, job, contents, living);
  if (deleted !== undefined) files.set(DELETED, deleted);
  const told = job.told.toSorted((x, y) => compareText(x.path, y.path) || compareText(x.message, y.message));
  const setAside = job.setAside.toSorted((x, y) => compareText(x.path, y.path));
  return { files: new Map([...files].sort(([x], [y]) => compareText(x, y))), told, setAside };
}
