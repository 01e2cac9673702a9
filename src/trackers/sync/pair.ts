import type { Scalar, Value } from "../provider.ts";

/** A value here and the one there, when both were last agreed. */
export interface Agreed {
  readonly l: Value;
  /** As the tracker answered it; missing where nothing was sent, and whatever is there is right. */
  readonly r?: Value | undefined;
}

/** A note and the comment that it is. */
export interface NotePair {
  readonly comment: string;
  readonly l: string;
  /** Missing: it was sent, and no answer has come. */
  readonly r?: string | undefined;
  /** What a change that has no answer yet made of it. */
  readonly sent?: string | undefined;
  /** We made the comment, so we may change it. */
  readonly ours?: true | undefined;
  /** It is gone there, or may not be changed: nothing more is done about it. */
  readonly over?: true | undefined;
}

/** What was written last, until its answer is kept: journalled before it is sent. */
export interface Pending {
  /** When the item had changed last, as we knew it. */
  readonly seen: string;
  readonly fields: Partial<Readonly<Record<Scalar, Agreed>>>;
}

/**
 * What a ticket and its item last agreed on, field by field. Who changed a field since is told by it alone, so that what
 * one side cannot say exactly, or spells in its own way, does not go to and fro. Kept in the store for any machine.
 */
export interface Pair {
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** `creating`: sent, no answer yet. `detached`: gone there. `severed`: gone or unlinked here, and not taken in again. */
  readonly state: "creating" | "linked" | "detached" | "severed";
  readonly generation: number;
  /** Archived there: it takes no changes until it is back. */
  readonly archived?: true | undefined;
  readonly fields: Partial<Readonly<Record<Scalar, Agreed>>>;
  /** Labels that both have: name here, id there. */
  readonly labels: Readonly<Record<string, string>>;
  /** Dependencies that both have: ticket, and the relation there. */
  readonly deps: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, NotePair>>;
  /** Relations made so far, so that each has an id of its own. */
  readonly made: number;
  /** Relations that were sent and have no answer yet: ticket, and their ids. */
  readonly relating: Readonly<Record<string, string>>;
  readonly pending?: Pending | undefined;
  /** What was refused, and is not sent again as it is. */
  readonly refused: Readonly<Record<string, string>>;
  /** A parent there that has no ticket here yet. */
  readonly awaits?: string | undefined;
  /** Relations there that were not taken over: ticket, and the relation. */
  readonly apart?: Readonly<Record<string, string>> | undefined;
  /** Items that it had before; none of them is taken in again. */
  readonly was?: readonly string[] | undefined;
  /** It was refused as a whole: it is made of its texts, and the rest sent after them. */
  readonly plain?: true | undefined;
  /** Its item changed while its ticket could not be changed: it is read again when it can. */
  readonly missed?: true | undefined;
}

/** A pair's text in its file: keys in one order, so that equal ones have equal bytes. */
export function pairText(pair: Pair): string {
  return `${JSON.stringify(sorted(pair), null, 1)}\n`;
}

/** A value with its keys in order and nothing undefined. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}

/** Without a key. */
export function without<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  const { [key]: _, ...rest } = record;
  return rest;
}

/** A pair of which nothing is agreed yet. */
export function newPair(key: string, state: Pair["state"], generation = 0): Pair {
  const nothing = { fields: {}, labels: {}, deps: {}, notes: {}, relating: {}, refused: {} };
  return { key, name: "", url: "", state, generation, made: 0, ...nothing };
}
