import { dayText } from "../../page/times.ts";
import { say, wordFor } from "../../words/say.ts";

/** What a field was and is. */
interface Change {
  readonly from: unknown;
  readonly to: unknown;
}

/** One commit's change of a ticket; see HistoryEntry in /api/openapi.json. */
export interface Entry {
  readonly commit: string | null;
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly event: string | null;
  readonly kind: string | null;
  readonly byHand: boolean;
  readonly pending?: string;
  readonly changes: Readonly<Record<string, Change>>;
}

/** What a change is in words, after the name of who made it; and whether it is one of many that matter little. */
export interface Told {
  readonly text: string;
  readonly isSmall: boolean;
}

/** Only go with a change that is told, or say nothing to a reader. */
const SILENT = new Set(
  "started closed authors dispatched claim claimHead claimBranch lease path once created id body text unlanded wish answerOptions defaultAnswer answerBy notes".split(
    " ",
  ),
);
/** Longer values are cut. */
const MAX_VALUE = 60;

/** A change in a few words: `closed it: In progress → Done`. */
export function tell(entry: Entry, columnName: (id: string) => string): Told {
  const { kind, event, subject, changes } = entry;
  if (kind === "created") {
    return {
      text: say.activity[event === "imported" ? "imported" : event === "undone" ? "broughtBack" : "created"],
      isSmall: false,
    };
  }
  const { kinds, tookBack } = say.activity;
  const moved = kind !== null && Object.hasOwn(kinds, kind) ? wordFor(kind, kinds) : undefined;
  const told = [
    ...(moved === undefined ? [] : [moved]),
    ...(event === "undone" ? [tookBack] : []),
    ...movesOf(entry, columnName),
    ...Object.keys(changes)
      .filter((key) => !SILENT.has(key) && key !== "status" && key !== "claimedBy")
      .map((key) => fieldOf(key, changes[key] as Change)),
    ...textOf(changes),
  ];
  const isSmall = moved === undefined && event !== "undone" && !LOUD.some((key) => key in changes);
  return { text: told.length === 0 ? subject : told.join(", "), isSmall };
}

/** Changes that are never folded. */
const LOUD = ["status", "question", "verified", "landed", "unconfirmed", "outputId"];

/** What became of status and claim: where both changed at once, one is why. */
function movesOf(entry: Entry, columnName: (id: string) => string): string[] {
  const claim = claimOf(entry);
  const { status } = entry.changes;
  if (status === undefined) return claim === undefined ? [] : [claim];
  const names = [status.from, status.to].map((id) => (typeof id === "string" ? columnName(id) : say.none));
  const { moves, moved } = say.activity;
  const why = entry.event !== null && Object.hasOwn(moves, entry.event) ? wordFor(entry.event, moves) : undefined;
  const also = why === undefined || claim === undefined ? [] : [claim];
  return [`${why ?? claim ?? moved}: ${names.join(" → ")}`, ...also];
}

function claimOf({ actor, event, changes: { claimedBy, status, lease } }: Entry): string | undefined {
  if (claimedBy === undefined) return event === "renewed" && lease !== undefined ? say.activity.renewed : undefined;
  const { from, to } = claimedBy;
  if (to !== null) return to === actor ? say.activity.claimed : say.activity.claimedFor(shortOf(to));
  // A claim ends with the work.
  if (status !== undefined && event !== "released" && event !== "lease_expired") return undefined;
  if (event === "lease_expired") return say.activity.claimEnded(shortOf(from));
  return from === actor ? say.activity.released : say.activity.tookClaim(shortOf(from));
}

/** Fields that are told in their own way. */
const FIELDS: Readonly<Record<string, (change: Change) => string>> = {
  title: ({ from, to }) => say.activity.renamed(shortOf(from), shortOf(to)),
  description: () => say.activity.editedText,
  criteria: ({ from, to }) => {
    const [old, now] = [countOf(from), countOf(to)];
    if (old.total !== now.total || old.done === now.done) return say.activity.changedCriteria;
    return say.activity[now.done > old.done ? "ticked" : "unticked"](now.done, now.total);
  },
  priority: ({ from, to }) => say.did.priority(`${priorityOf(from)} → ${priorityOf(to)}`),
  rank: ({ from, to }) => say.activity[isText(from) && isText(to) ? (to < from ? "movedUp" : "movedDown") : "placed"],
  deps: (change) => listOf(say.fields.deps, change),
  due: ({ from, to }) =>
    plainOf(say.fields.due, { from: isText(from) ? dayText(from) : null, to: isText(to) ? dayText(to) : null }),
  question: ({ to }) => (to === null ? say.activity.answered : say.activity.asked(shortOf(to))),
  blockedReason: ({ to }) => (to === null ? say.activity.unblocked : say.activity.because(shortOf(to))),
  verified: ({ to }) => say.activity[to === null ? "unverified" : "verified"],
  landed: ({ to }) => say.activity[to === null ? "unlanded" : "landed"],
  unconfirmed: ({ to }) => say.activity[to === null ? "confirmed" : "unconfirmed"],
  outputId: () => say.activity.output,
  commits: ({ from, to }) => {
    const old = new Set(many(from));
    const added = many(to).filter((one) => !old.has(one));
    return added.length === 0
      ? say.activity.unlinked
      : say.activity.linked(added.map((one) => one.slice(0, 10)).join(", "));
  },
};

function fieldOf(key: string, change: Change): string {
  const own = FIELDS[key];
  if (own !== undefined) return own(change);
  return plainOf(nameOf(key), change);
}

function plainOf(name: string, change: Change): string {
  const { from, to } = change;
  if (Array.isArray(from) || Array.isArray(to)) return listOf(name, change);
  if (from === null) return `${name} ${shortOf(to)}`;
  return to === null ? say.activity.without(name, shortOf(from)) : `${name} ${shortOf(from)} → ${shortOf(to)}`;
}

function nameOf(key: string): string {
  for (const words of [say.activity.fields, say.fields]) if (Object.hasOwn(words, key)) return wordFor(key, words);
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** What became of notes that were there, and of what has no name. */
function textOf({ notes, body, text }: Entry["changes"]): string[] {
  const [gone, come] = [many(notes?.from).length, many(notes?.to).length];
  const said = gone === 0 ? [] : [say.activity[come === 0 ? "tookNote" : "editedNote"]];
  return body === undefined && text === undefined ? said : [...said, say.activity.editedFile];
}

function listOf(name: string, { from, to }: Change): string {
  const [old, now] = [many(from).map(shortOf), many(to).map(shortOf)];
  const added = now.filter((one) => !old.includes(one)).map((one) => `+${one}`);
  const removed = old.filter((one) => !now.includes(one)).map((one) => `−${one}`);
  const all = [...added, ...removed];
  return `${name} ${all.length === 0 ? now.join(" ") : all.join(" ")}`;
}

function many(value: unknown): readonly string[] {
  return value === null || value === undefined
    ? []
    : [value].flat().map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function countOf(value: unknown): { readonly done: number; readonly total: number } {
  return { done: 0, total: 0, ...(value as { readonly done?: number; readonly total?: number } | null) };
}

function priorityOf(value: unknown): string {
  return say.priorities[Number(value ?? 2)] ?? shortOf(value);
}

function shortOf(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/g, " ");
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}
