import { clientId } from "../clientId.ts";
import { type Mapping, type RemotePatch, type RemoteWrite, SCALARS, type Scalar, type Value } from "../provider.ts";
import { type Draft, noteKeys } from "./draft.ts";
import type { LocalTicket } from "./localSide.ts";
import { forgiveAround } from "./merge/forgive.ts";
import { labelChanges } from "./merge/mergeLabels.ts";
import { commentId } from "./merge/mergeNotes.ts";
import { isSame } from "./merge/pending.ts";
import type { Agreed, Pair } from "./pair.ts";
import { isTooLong, textToSend } from "./textToSend.ts";

/** One thing to be written to a tracker. */
export type Write =
  | (Common & {
      readonly kind: "create";
      readonly fields: Sent;
      readonly labels: Labels;
      readonly isPlain: boolean;
      readonly hasMore: boolean;
    })
  | (Common & {
      readonly kind: "update";
      readonly fields: Sent;
      readonly add: Labels;
      readonly remove: Labels;
    })
  | (Common & {
      readonly kind: "comment" | "editComment";
      readonly note: string;
      readonly comment: string;
      readonly l: string;
      readonly body: string;
      /** What the comment was when it was read last. */
      readonly seen?: string | undefined;
    })
  | (Common & {
      readonly kind: "relate";
      readonly dep: string;
      readonly relation: string;
      readonly blocker: string;
    })
  | (Common & { readonly kind: "unrelate"; readonly dep: string; readonly relation: string });

interface Common {
  /** The ticket. */
  readonly id: string;
  /** Its item. */
  readonly key: string;
  /** What is not sent again once it was refused. */
  readonly mark: readonly [name: string, hash: string];
}
type Sent = Partial<Readonly<Record<Scalar, Agreed>>>;
type Labels = Readonly<Record<string, string>>;

/** A change of an item. */
export type Update = Write & { readonly kind: "update" };

/** What a write is to a tracker. */
export function actOf(write: Write): RemoteWrite {
  switch (write.kind) {
    case "create":
    case "update":
      return { kind: write.kind, key: write.key, patch: patchOf(write) };
    case "comment":
      return { kind: "comment", key: write.comment, item: write.key, body: write.body };
    case "editComment":
      return { kind: "editComment", key: write.comment, body: write.body };
    case "relate":
      return { kind: "relate", key: write.relation, blocker: write.blocker, blocked: write.key };
    case "unrelate":
      return { kind: "unrelate", key: write.relation };
  }
}

/** The values of a create or an update as they are sent. */
function patchOf(write: Write & { readonly kind: "create" | "update" }): RemotePatch {
  const sent = Object.entries(write.fields).filter(([, { r }]) => r !== undefined);
  const fields = Object.fromEntries(sent.map(([field, { r }]) => [field, r])) as Partial<Record<Scalar, Value>>;
  const isNew = write.kind === "create";
  const add = isNew ? write.labels : write.add;
  return { fields, addLabels: Object.values(add), removeLabels: isNew ? [] : Object.values(write.remove) };
}

/** All that tickets have and their items lack. What is refused, waits, or has no counterpart is left out. */
export function plan(draft: Draft, mapping: Mapping, storeId: string): readonly Write[] {
  const context = { draft, mapping, storeId, created: new Map<string, string>() };
  const tickets = draft.tickets();
  const creates = parentsFirst(draft, tickets).flatMap((ticket) => planCreate(ticket, context));
  const linked = tickets.filter(({ id }) => isOpen(draft.pair(id)));
  const updates = planUpdates(linked, context);
  const both = tickets.filter(({ id }) => isOpen(draft.pair(id)) || context.created.has(id));
  const comments = both.flatMap((ticket) => planNotes(ticket, context));
  const relations = both.flatMap((ticket) => planDeps(ticket, context));
  const writes = [...creates, ...updates, ...comments, ...relations];
  return writes.filter(({ id, mark: [name, hash] }) => draft.pair(id)?.refused[name] !== hash);
}

/** What is kept of a value that was refused. */
export function refusedHash(value: unknown): string {
  return clientId(JSON.stringify(value));
}

/** An update as several, of one thing each. */
export function partsOf(write: Update): readonly (Update & { readonly part: string; readonly value: unknown })[] {
  const none = { fields: {}, add: {}, remove: {} };
  const parts = Object.entries(write.fields).map(([part, sent]) => {
    return { ...write, ...none, fields: { [part]: sent }, part, value: sent.r as unknown };
  });
  const { add, remove } = write;
  if (Object.keys(add).length + Object.keys(remove).length === 0) return parts;
  return [...parts, { ...write, ...none, add, remove, part: "labels", value: [add, remove] }];
}

interface Context {
  readonly draft: Draft;
  readonly mapping: Mapping;
  readonly storeId: string;
  /** Items that this plan makes, by ticket. */
  readonly created: Map<string, string>;
}

const isOpen = (pair: Pair | undefined): pair is Pair => pair?.state === "linked" && pair.archived !== true;

function keyOf(id: string, { draft, created }: Context): string | undefined {
  const pair = draft.pair(id);
  return created.get(id) ?? (pair?.state === "linked" ? pair.key : undefined);
}

function parentsFirst(draft: Draft, tickets: readonly LocalTicket[]): LocalTicket[] {
  const done = new Set<string>();
  const sorted: LocalTicket[] = [];
  const visit = (ticket: LocalTicket): void => {
    if (done.has(ticket.id)) return;
    done.add(ticket.id);
    const parent = draft.ticket(String(ticket.fields.parent ?? ""));
    if (parent !== undefined) visit(parent);
    sorted.push(ticket);
  };
  for (const ticket of tickets) visit(ticket);
  return sorted;
}

function remoteValue(field: Scalar, value: Value, context: Context, base: Agreed = { l: null }): Value | undefined {
  if (field === "parent") return value === null ? null : keyOf(String(value), context);
  if (field === "description") return textToSend(base, String(value ?? ""), context.mapping);
  return context.mapping.toRemote(field, value);
}

/** What an item is made of where it cannot be made whole. */
const TEXTS: readonly Scalar[] = ["title", "description"];

function planCreate(ticket: LocalTicket, context: Context): Write[] {
  const { id } = ticket;
  const pair = context.draft.pair(id);
  const isNew = pair === undefined && ticket.isPublished;
  if (!isNew && pair?.state !== "creating") return [];
  const key = pair?.key ?? clientId(context.storeId, id, 0);
  const isPlain = pair?.plain === true;
  const all = SCALARS.map((field) => [field, firstSent(ticket, field, isPlain, context)] as const);
  const isLater = ([field, { r }]: (typeof all)[number]): boolean =>
    r !== undefined && context.mapping.isLater?.(field, r) === true;
  const fields = Object.fromEntries(all.map((one) => (isLater(one) ? [one[0], { l: null }] : one))) as Sent;
  const { add } = labelChanges(isPlain ? [] : ticket.labels, {}, context.mapping);
  context.created.set(id, key);
  const mark = ["create", clientId(key, JSON.stringify([fields, add]))] as const;
  return [{ kind: "create", id, key, fields, labels: add, isPlain, hasMore: all.some(isLater), mark }];
}

function firstSent({ fields }: LocalTicket, field: Scalar, isPlain: boolean, context: Context): Agreed {
  if (isPlain && !TEXTS.includes(field)) return { l: null };
  const l = fields[field];
  const r = remoteValue(field, l, context);
  if (r !== undefined) return { l, r };
  // A parent that has no item yet is sent when it has one.
  return { l: field === "parent" ? null : l };
}

/** What they may make right of what was refused around them is sent with them. */
function planUpdates(linked: readonly LocalTicket[], context: Context): Write[] {
  const planned = (): Write[] => linked.flatMap((ticket) => planUpdate(ticket, context));
  const updates = planned();
  const moving = updates.filter((one) => one.kind === "update" && one.fields.status !== undefined);
  return forgiveAround(context.draft, new Set(moving.map(({ id }) => id))) ? planned() : updates;
}

function planUpdate(ticket: LocalTicket, context: Context): Write[] {
  const { id } = ticket;
  const pair = context.draft.pair(id) as Pair;
  const fields: Partial<Record<Scalar, Agreed>> = {};
  for (const field of SCALARS) {
    const base = pair.fields[field] ?? { l: null, r: null };
    const l = ticket.fields[field];
    const r = l === base.l ? undefined : changedValue(ticket, field, base, context);
    if (r === undefined || pair.refused[field] === refusedHash(r)) continue;
    if (isSame(field, base.r ?? null, r, context.mapping)) {
      context.draft.editPair(id, (now) => ({ fields: { ...now.fields, [field]: { l, r: base.r } } }));
    } else fields[field] = { l, r };
  }
  const labels = labelsToSend(ticket, pair, context.mapping);
  if ([fields, labels.add, labels.remove].every((part) => Object.keys(part).length === 0)) return [];
  return [{ kind: "update", id, key: pair.key, fields, ...labels, mark: ["fields", ""] }];
}

function labelsToSend(
  ticket: LocalTicket,
  pair: Pair,
  mapping: Mapping,
): { readonly add: Labels; readonly remove: Labels } {
  const { add, remove } = labelChanges(ticket.labels, pair.labels, mapping);
  const isRefused = pair.refused.labels !== undefined && pair.refused.labels === refusedHash([add, remove]);
  return isRefused ? { add: {}, remove: {} } : { add, remove };
}

function changedValue({ id, fields }: LocalTicket, field: Scalar, base: Agreed, context: Context): Value | undefined {
  const { draft } = context;
  if (field === "parent" && draft.pair(id)?.awaits !== undefined) return undefined;
  const value = fields[field];
  if (field === "description" && isTooLong(draft, id, field, String(value), base)) return undefined;
  return remoteValue(field, value, context, base);
}

function planNotes(ticket: LocalTicket, context: Context): Write[] {
  const { id } = ticket;
  const pair = context.draft.pair(id);
  const key = keyOf(id, context) ?? "";
  return noteKeys(ticket.notes).flatMap((note, at): Write[] => {
    const { text = "", isPublic = false } = ticket.notes[at] ?? {};
    const old = pair?.notes[note];
    if (!isPublic || text === "" || old?.over) return [];
    if (old?.r !== undefined && (old.l === text || !old.ours)) return [];
    const body = context.mapping.textToRemote(text);
    const mark = [`note ${note}`, clientId(text)] as const;
    if (old === undefined || old.r === undefined) {
      const comment = old?.comment ?? commentId(context.storeId, id, pair?.generation ?? 0, note);
      return [{ kind: "comment", id, key, note, comment, l: text, body, mark }];
    }
    if (isTooLong(context.draft, id, `note ${note}`, text, old)) return [];
    const over = textToSend(old, text, context.mapping);
    return [{ kind: "editComment", id, key, note, comment: old.comment, l: text, body: over, seen: old.r, mark }];
  });
}

function planDeps(ticket: LocalTicket, context: Context): Write[] {
  const { id } = ticket;
  const pair = context.draft.pair(id);
  const key = keyOf(id, context) ?? "";
  const agreed = pair?.deps ?? {};
  const added = ticket.deps.flatMap((dep, at): Write[] => {
    const blocker = agreed[dep] === undefined && dep !== id ? keyOf(dep, context) : undefined;
    // Where the two wait for each other there, neither is told to wait for the other once more.
    if (blocker === undefined || context.draft.pair(dep)?.apart?.[id] !== undefined) return [];
    const made = (pair?.made ?? 0) + at;
    const relation = pair?.relating[dep] ?? clientId(context.storeId, id, pair?.generation ?? 0, "dep", dep, made);
    return [{ kind: "relate", id, key, dep, relation, blocker, mark: [`dep ${dep}`, blocker] }];
  });
  const removed = Object.entries(agreed).filter(([dep]) => !ticket.deps.includes(dep));
  const gone = removed.map(([dep, relation]): Write => {
    return { kind: "unrelate", id, key, dep, relation, mark: [`dep ${dep}`, relation] };
  });
  return [...gone, ...added];
}
