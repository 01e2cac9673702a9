import {
  type RemoteComment,
  type RemoteItem,
  type RemoteRelation,
  SCALARS,
  type Scalar,
  type Value,
} from "../provider.ts";
import type { Draft } from "./draft.ts";
import type { Cursor, LocalSide } from "./localSide.ts";
import { forgiveAround } from "./merge/forgive.ts";
import { mergeItem, type PullRules } from "./merge/mergeItem.ts";
import { mergeComment } from "./merge/mergeNotes.ts";
import { forgiveParents, settleAwaited } from "./merge/mergeParent.ts";
import { mergeRelations } from "./merge/mergeRelations.ts";
import { newPair, type Pair } from "./pair.ts";
import { relink, unlink, type Wishes } from "./wishes.ts";

const NEVER = "1970-01-01T00:00:00Z";

/** What was read of a tracker, all of it. */
export interface RemoteRead {
  readonly items: readonly RemoteItem[];
  /** Keys that were asked for and are not there. */
  readonly missing: ReadonlySet<string>;
  readonly comments: readonly RemoteComment[];
  readonly relations: readonly RemoteRelation[];
  readonly isAllRelations: boolean;
  /** Items of which all is among the relations that they wait for. */
  readonly wholeOf?: ReadonlySet<string> | undefined;
  /** How far it was read before, and is now. */
  readonly before: Cursor;
  readonly cursor: Cursor;
}

/** What else pulling needs of this side. */
export interface PullSide {
  readonly storeId: string;
  readonly idFor: LocalSide["idFor"];
}

/** Takes what was read into tickets and pairs. It only computes: nothing is made until the draft is finished. */
export function pull(draft: Draft, read: RemoteRead, rules: PullRules, side: PullSide, wishes: Wishes = {}): void {
  for (const item of read.items) adopt(draft, item);
  severeDeleted(draft);
  const at = read.cursor.items ?? NEVER;
  unlink(draft, wishes.unlink ?? [], at);
  const wanted = new Set(wishes.take);
  for (const key of read.missing) {
    detach(draft, draft.idOf(key), "is not there any more", at);
    if (wanted.has(key)) draft.told.push({ id: draft.idOf(key) ?? key, text: `there is no item ${key}` });
  }
  const items = [...read.items].sort((a, b) => (`${a.createdAt} ${a.key}` < `${b.createdAt} ${b.key}` ? -1 : 1));
  const known = new Set(items.filter(({ key }) => draft.idOf(key) !== undefined));
  const taken = items.filter((item) => isTaken(draft, item, side, wanted.has(item.key)));
  const parentOf = (key: string): Value | undefined => draft.pair(draft.idOf(key) ?? "")?.fields.parent?.r;
  if (taken.some(({ key, fields }) => parentOf(key) !== fields.parent)) forgiveParents(draft);
  forgiveAround(draft, movedIn(draft, taken, read.missing));
  for (const item of taken) mergeItem(draft, draft.idOf(item.key) ?? "", item, rules);
  for (const item of taken) if (!known.has(item)) tellTwin(draft, item, side);
  settleAwaited(draft);
  const comments = [...read.comments].sort((a, b) => (`${a.createdAt} ${a.key}` < `${b.createdAt} ${b.key}` ? -1 : 1));
  for (const comment of comments) mergeComment(draft, side.storeId, comment, rules);
  mergeRelations(draft, read.relations, read.isAllRelations, read.wholeOf);
  draft.setCursor(read.cursor);
}

/** Tickets of items that have another status now, or are gone. */
function movedIn(draft: Draft, taken: readonly RemoteItem[], missing: ReadonlySet<string>): ReadonlySet<string> {
  const statusOf = (key: string): Value | undefined => draft.pair(draft.idOf(key) ?? "")?.fields.status?.r;
  const moved = taken.filter(({ key, fields }) => statusOf(key) !== fields.status).map(({ key }) => key);
  return new Set([...moved, ...missing].map((key) => draft.idOf(key) ?? ""));
}

/** An item of ours that its tracker gave another key, and whose making nobody heard of. */
export function adopt(draft: Draft, { key, made }: RemoteItem): void {
  const id = made === undefined ? undefined : draft.idOf(made);
  if (id !== undefined && draft.idOf(key) === undefined) draft.editPair(id, () => ({ key }));
}

/** A ticket that was deleted here leaves its item alone, and is not taken in again. */
function severeDeleted(draft: Draft): void {
  for (const [id, { state, name }] of draft.pairs()) {
    if (state === "severed" || draft.ticket(id) !== undefined || draft.isAway(id)) continue;
    draft.editPair(id, () => ({ state: "severed" }));
    draft.told.push({ id, text: `${id} was deleted here; ${name || "its item"} stays as it is` });
  }
}

function detach(draft: Draft, id: string | undefined, why: string, at: string): void {
  const pair = id === undefined ? undefined : draft.pair(id);
  if (id === undefined || pair?.state !== "linked") return;
  draft.editPair(id, () => ({ state: "detached", pending: undefined }));
  draft.tell(id, `${pair.name} ${why}: this ticket stays, and is not synced any more`, at);
}

const WHYS = { trashed: "was thrown away", moved: "was moved elsewhere" } as const;

/** Makes the ticket of a new item, and says whether the item is to be merged. */
function isTaken(draft: Draft, item: RemoteItem, side: PullSide, isWanted: boolean): boolean {
  const id = draft.idOf(item.key);
  const pair = id === undefined ? undefined : draft.pair(id);
  const why = whyNot(draft, item, id, pair);
  if (why !== undefined && isWanted) draft.told.push({ id: id ?? item.name, text: `${item.name} ${why}` });
  if (why !== undefined) return false;
  // By itself nothing comes in that was put aside, on either side.
  if (!isWanted && (pair?.state === "severed" || (pair === undefined && item.away !== undefined))) return false;
  if (id === undefined || pair === undefined) return addNew(draft, item, side);
  else if (pair.state === "severed") relink(draft, id, item, () => addTicket(draft, id, item));
  else if (pair.state === "detached") draft.tell(id, `${item.name} is back, and synced again`, item.updatedAt);
  else if (isWanted) draft.told.push({ id, text: `${item.name} is ${id} already` });
  draft.editPair(id, () => ({ archived: archived(item) }));
  return true;
}

function archived({ away }: RemoteItem): true | undefined {
  return away === "archived" ? true : undefined;
}

/** Why an item cannot be taken in, whoever wants it. */
function whyNot(draft: Draft, item: RemoteItem, id: string | undefined, pair: Pair | undefined): string | undefined {
  const former = draft.formerOf(item.key) ?? draft.formerOf(item.made ?? "");
  if (former !== undefined) return `was the item of ${former}, which has another one now`;
  if (item.away === "trashed" || item.away === "moved") {
    detach(draft, id, WHYS[item.away], item.updatedAt);
    return `${WHYS[item.away]}: it is not taken in`;
  }
  if (id === undefined || !draft.isAway(id)) return undefined;
  if (pair?.state === "linked" && isNews(pair, item)) draft.editPair(id, () => ({ missed: true }));
  return `is ${id}, which cannot be changed now`;
}

/** Whether an item has something that its ticket, which is away, should have. */
function isNews(pair: Pair, item: RemoteItem): boolean {
  const known = (field: Scalar): Value | undefined =>
    field === "parent" && pair.awaits !== undefined ? pair.awaits : pair.fields[field]?.r;
  return (
    SCALARS.some((field) => (known(field) ?? null) !== item.fields[field]) ||
    item.labels.join("\n") !== Object.values(pair.labels).sort().join("\n") ||
    pair.name !== item.name ||
    (item.away === "archived") !== (pair.archived === true)
  );
}

const NO_BASE = { l: null, r: null };

/** Makes a ticket for an item, or finds the one that it had, and says whether it has one now. */
function addNew(draft: Draft, item: RemoteItem, side: PullSide): boolean {
  // What was made of a ticket here bears its name, whoever made it and wherever that was written down.
  const orphan = draft.orphanOf(item.key) ?? draft.makerOf(item.made ?? item.key, side.storeId);
  const id = orphan ?? side.idFor(item.key, (one) => draft.isTaken(one));
  if (orphan === undefined && draft.isTaken(id)) {
    draft.told.push({
      id,
      text: `${item.name} was not taken in: its ticket would be called ${id}, which is another's`,
    });
    return false;
  }
  if (orphan === undefined) addTicket(draft, id, item);
  else {
    // Its pair was lost: each side has what it has, and where they differ the loser is told.
    const fields = Object.fromEntries(SCALARS.map((field) => [field, NO_BASE]));
    draft.setPair(id, { ...newPair(item.key, "linked"), fields: { ...fields, description: { l: "", r: "" } } });
  }
  draft.editPair(id, () => ({ archived: archived(item) }));
  return true;
}

/** Who stood still between his look and his request may have made something that was there; others copy texts. */
function tellTwin(draft: Draft, { key, name, made, createdAt }: RemoteItem, { storeId }: PullSide): void {
  const [id, twin] = [draft.idOf(key), made === undefined ? undefined : draft.twinOf(made, storeId)];
  if (id === undefined || twin === undefined || twin === id) return;
  const other = draft.pair(twin)?.name;
  draft.tell(id, `${name} bears the mark of ${twin}, whose item is ${other}: it may have been made twice`, createdAt);
}

function addTicket(draft: Draft, id: string, item: RemoteItem): void {
  const generation = draft.pair(id)?.generation;
  const title = draft.fit("title", item.fields.title);
  const description = draft.fit("description", item.fields.description);
  const status = draft.fit("status", "open");
  const fields = { title, description, status, priority: null, assignee: null, parent: null };
  const added = { id, fields, labels: [], deps: [], notes: [], isClaimed: false, isPublished: true };
  draft.add(added, item.createdAt);
  draft.credit(id, item.by);
  const agreed = {
    title: { l: title, r: item.fields.title },
    description: { l: description, r: item.fields.description },
  };
  const pair = newPair(item.key, "linked", generation === undefined ? 0 : generation + 1);
  draft.setPair(id, { ...pair, name: item.name, url: item.url, fields: agreed });
}
