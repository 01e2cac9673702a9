import type { RemoteItem, Scalar, TrackerFault } from "../../provider.ts";
import type { Draft } from "../draft.ts";
import { mergeField, mergeItem, type PullRules } from "../merge/mergeItem.ts";
import { mergeComment } from "../merge/mergeNotes.ts";
import { forgiveParents } from "../merge/mergeParent.ts";
import { tellOverwritten } from "../merge/pending.ts";
import { type Agreed, type Pair, without } from "../pair.ts";
import type { Write } from "../plan.ts";
import { adopt } from "../pull.ts";
import { isJournalled } from "./journal.ts";
import type { Outcome } from "./outcome.ts";

/** Takes answers into the pairs: what was sent, and what the tracker made of it, is what both agreed on. */
export function takeAnswers(draft: Draft, storeId: string, outcomes: readonly Outcome[], rules: PullRules): void {
  const isLost = outcomes.some(({ error }) => error?.fault === "turn");
  for (const outcome of outcomes) {
    // What another sync has in hand now is its to settle; what was not sent stays in the journal for it.
    if (isLost && (outcome.isHeld || outcome.isStale || !isJournalled(draft, outcome.write))) continue;
    if (outcome.isHeld || outcome.isStale || outcome.error !== undefined) takeFailure(draft, outcome);
    else takeAnswer(draft, storeId, outcome, rules);
  }
  if (outcomes.some(hasMoved)) forgiveParents(draft);
}

function hasMoved({ write, item, refused = {} }: Outcome): boolean {
  const isOfItem = write.kind === "create" || write.kind === "update";
  return isOfItem && item !== undefined && write.fields.parent !== undefined && refused.parent === undefined;
}

/** After these what was put down stays. */
const UNSETTLED: readonly unknown[] = ["ambiguous", "gone", "turn"] satisfies TrackerFault[];

function takeFailure(draft: Draft, { write, error }: Outcome): void {
  const { id } = write;
  if (UNSETTLED.includes(error?.fault)) return;
  const isRefused = error?.fault === "refused";
  if (write.kind === "create" && !isRefused) {
    // What a person wanted once is tried again; else the next plan wants it anew.
    const isWanted = draft.ticket(id)?.isPublished !== true || draft.pair(id)?.was !== undefined;
    if (!isWanted) draft.dropPair(id);
    return;
  }
  if (write.kind === "update") draft.editPair(id, () => ({ pending: undefined }));
  if (write.kind === "comment") draft.editPair(id, ({ notes }) => ({ notes: without(notes, write.note) }));
  if (write.kind === "relate") draft.editPair(id, ({ relating }) => ({ relating: without(relating, write.dep) }));
  if (!isRefused) return;
  if (write.kind === "create" && !write.isPlain) {
    draft.editPair(id, () => ({ plain: true }));
    return;
  }
  const [name, hash] = write.mark;
  draft.editPair(id, ({ refused }) => ({ refused: { ...refused, [name]: hash } }));
  draft.told.push({ id, text: `${name} was refused: ${error?.message ?? ""}` });
}

function takeAnswer(draft: Draft, storeId: string, outcome: Outcome, rules: PullRules): void {
  const { write, item, relation } = outcome;
  const { id } = write;
  if (draft.pair(id) === undefined) return;
  draft.editPair(id, ({ refused }) => ({ refused: without(refused, write.mark[0]) }));
  if (item !== undefined) adopt(draft, item);
  if ((write.kind === "create" || write.kind === "update") && item !== undefined) {
    // What was there already may be what another machine made: it is read as any change is.
    if (outcome.isOld) mergeItem(draft, id, item, rules);
    else takeItem(draft, write, item, outcome, rules);
  }
  if (write.kind === "update") takeRefused(draft, id, outcome);
  if (write.kind === "comment" || write.kind === "editComment") takeComment(draft, storeId, outcome, rules);
  if (write.kind === "relate") takeRelation(draft, id, write.dep, relation);
  if (write.kind === "unrelate") draft.editPair(id, ({ deps }) => ({ deps: without(deps, write.dep) }));
}

function takeRefused(draft: Draft, id: string, { write, refused = {}, whys = {} }: Outcome): void {
  const sent = write.kind === "update" ? [...Object.keys(write.fields), "labels"] : [];
  draft.editPair(id, (pair) => {
    const others = sent.reduce((rest, part) => without(rest, part), pair.refused);
    return { refused: { ...others, ...refused }, pending: undefined };
  });
  for (const part of Object.keys(refused)) draft.told.push({ id, text: `${part} was refused: ${whys[part] ?? ""}` });
}

function takeComment(draft: Draft, storeId: string, outcome: Outcome, rules: PullRules): void {
  const { write, comment } = outcome;
  if ((write.kind !== "comment" && write.kind !== "editComment") || comment === undefined) return;
  if (outcome.isOld) {
    mergeComment(draft, storeId, comment, rules);
    return;
  }
  const old = draft.pair(write.id)?.notes[write.note];
  const over = comment.away ? true : undefined;
  const agreed = {
    ...old,
    comment: comment.key,
    ours: true,
    l: write.l,
    r: comment.body,
    sent: undefined,
    over,
  } as const;
  draft.editPair(write.id, ({ notes }) => ({ notes: { ...notes, [write.note]: agreed } }));
}

function takeRelation(draft: Draft, id: string, dep: string, relation: string | undefined): void {
  draft.editPair(id, ({ deps, relating }) => ({
    deps: relation === undefined ? deps : { ...deps, [dep]: relation },
    relating: without(relating, dep),
  }));
}

function takeItem(
  draft: Draft,
  write: Write & { kind: "create" | "update" },
  item: RemoteItem,
  { refused = {} }: Outcome,
  rules: PullRules,
): void {
  const { id } = write;
  const pair = draft.pair(id) as Pair;
  if (write.kind === "update") tellOverwritten(draft, id, pair, item, rules.mapping);
  const fields: Partial<Record<Scalar, Agreed>> = { ...pair.fields };
  const sent = Object.entries(write.fields).filter(([name]) => refused[name] === undefined);
  const others: Scalar[] = [];
  for (const [name, { l, r }] of sent) {
    const field = name as Scalar;
    // Another value than ours is somebody's who was quicker; what is made new is as its tracker made it.
    const isOthers = write.kind === "update" && !isText(field) && r !== undefined && item.fields[field] !== r;
    if (isOthers) others.push(field);
    else fields[field] = { l, r: item.fields[field] };
  }
  const labels = refused.labels === undefined ? labelsAfter(pair, write) : pair.labels;
  draft.editPair(id, () => ({
    ...{ state: "linked", name: item.name, url: item.url, fields, labels },
    ...{ pending: undefined, plain: undefined },
  }));
  for (const field of others) mergeField(draft, id, field, item, rules);
}

/** Trackers spell texts anew. */
const isText = (field: Scalar): boolean => field === "title" || field === "description";

function labelsAfter(pair: Pair, write: Write & { kind: "create" | "update" }): Pair["labels"] {
  if (write.kind === "create") return { ...pair.labels, ...write.labels };
  const removed = Object.keys(write.remove);
  return Object.fromEntries(
    Object.entries({ ...pair.labels, ...write.add }).filter(([name]) => !removed.includes(name)),
  );
}
