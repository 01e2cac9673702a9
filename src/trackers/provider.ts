import { AyoError, type ErrorCode } from "../error.ts";

/**
 * Why a tracker did not do what it was asked; `ambiguous`: whether it did, nobody knows; `turn`: it was not asked, since
 * another sync with it goes on.
 */
export type TrackerFault =
  | "ambiguous"
  | "unreachable"
  | "exists"
  | "gone"
  | "refused"
  | "limit"
  | "auth"
  | "quota"
  | "turn"
  | "broken";

const CODES: Readonly<Record<TrackerFault, ErrorCode>> = {
  ambiguous: "unreachable",
  unreachable: "unreachable",
  limit: "unreachable",
  broken: "unreachable",
  exists: "remote_refused",
  gone: "remote_refused",
  refused: "remote_refused",
  auth: "remote_refused",
  quota: "remote_refused",
  turn: "store_busy",
};

/** What a tracker answered instead of what was asked. Its message never holds a key. */
export class TrackerError extends AyoError {
  readonly fault: TrackerFault;
  /** With `limit`: when it may be asked again, in milliseconds since 1970 by our clock. */
  readonly until: number | undefined;

  constructor(
    fault: TrackerFault,
    message: string,
    details: { readonly until?: number; readonly cause?: unknown } = {},
  ) {
    super(CODES[fault], message, { cause: details.cause, data: { fault, until: details.until } });
    this.fault = fault;
    this.until = details.until;
  }
}

/** The fields of one value each. */
export const SCALARS = ["title", "description", "status", "priority", "assignee", "parent"] as const;
/** One of {@link SCALARS}. */
export type Scalar = (typeof SCALARS)[number];
/** A value of a field, on either side. */
export type Value = string | number | null;
/** Values by field; in a tracker's own terms (ids of states, people and parents) or in ours. */
export type Scalars = Readonly<Record<Scalar, Value>>;

/** Who did something at a tracker. */
export interface Author {
  readonly name: string;
  /** Not an app or an integration. */
  readonly isPerson: boolean;
}

/** A change of an item, as its tracker tells it; best effort. */
export interface PastChange {
  readonly at: string;
  readonly by?: Author | undefined;
  /** Ids of labels that were added or taken away. */
  readonly labels: readonly string[];
  readonly from: Partial<Scalars>;
  readonly to: Partial<Scalars>;
  readonly touched: readonly Scalar[];
}

/** An item as its tracker keeps it. */
export interface RemoteItem {
  readonly key: string;
  /** The key that it was made with, where its tracker gave it another one. */
  readonly made?: string;
  /** What people call it: `ENG-12`. It may change. */
  readonly name: string;
  readonly url: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Cannot be changed now, and may come back; gone for good where it is `trashed` or `moved`. */
  readonly away?: "archived" | "trashed" | "moved";
  readonly by: Author | undefined;
  readonly fields: Scalars;
  /** Ids of labels, sorted. */
  readonly labels: readonly string[];
  /** The last changes, the newest first; how many is the tracker's affair. */
  readonly past?: readonly PastChange[];
}

/** A comment of an item. */
export interface RemoteComment {
  readonly key: string;
  /** The key that it was made with, where its tracker gave it another one. */
  readonly made?: string;
  readonly item: string;
  readonly body: string;
  readonly by: Author | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly away: boolean;
}

/** That one item is to be done before another. */
export interface RemoteRelation {
  readonly key: string;
  readonly updatedAt: string;
  readonly blocker: string;
  readonly blocked: string;
  readonly away: boolean;
}

/** What an item is made of, or changed to. */
export interface RemotePatch {
  readonly fields: Partial<Scalars>;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
}

/** Something to be written to a tracker. */
export type RemoteWrite =
  | { readonly kind: "create" | "update"; readonly key: string; readonly patch: RemotePatch }
  | { readonly kind: "comment"; readonly key: string; readonly item: string; readonly body: string }
  | { readonly kind: "editComment"; readonly key: string; readonly body: string }
  | { readonly kind: "relate"; readonly key: string; readonly blocker: string; readonly blocked: string }
  | { readonly kind: "unrelate"; readonly key: string };

/** A write as it goes over the wire; the key that opens the tracker is not in it. */
export interface RemoteRequest {
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a write made. */
export interface Written {
  readonly item?: RemoteItem;
  readonly comment?: RemoteComment;
  /** The key of a relation, where it is not the one that it was made with. */
  readonly relation?: string;
}

/** How values go from one side to the other. Undefined: it has no counterpart, and stays where it is. */
export interface Mapping {
  readonly toRemote: (field: Scalar, value: Value) => Value | undefined;
  /** `current` stays where it means the same already. */
  readonly toLocal: (field: Scalar, value: Value, current: Value) => Value | undefined;
  /** Whether nothing can be made with a value: it is sent when the item is there. */
  readonly isLater?: (field: Scalar, value: Value) => boolean;
  readonly labelToRemote: (name: string) => string | undefined;
  readonly labelToLocal: (id: string) => string | undefined;
  /** A text as it is sent. */
  readonly textToRemote: (text: string) => string;
  /** What a line says, whoever spelled it: trackers write markdown anew. */
  readonly lineKey: (line: string) => string;
}

/** Hears how many things a page had. */
export type OnPage = (count: number) => void;

/** A tracker. Whatever it is asked for it answers whole, every page, or throws a {@link TrackerError}. */
export interface Provider {
  /** `linear`: what links begin with and the folder of the pairs is called. */
  readonly name: string;
  describe(): Promise<Mapping>;
  /** Items changed since a time of the tracker's, or ever. */
  items(since: string | undefined, onPage?: OnPage): Promise<readonly RemoteItem[]>;
  /** Comments changed since, or all of some items. */
  comments(since: string | undefined, of?: readonly string[], onPage?: OnPage): Promise<readonly RemoteComment[]>;
  /** Relations changed since; all of them where no time is given. */
  relations(since: string | undefined, onPage?: OnPage): Promise<readonly RemoteRelation[]>;
  /**
   * Where relations cannot be listed: those of some items, each with all that it waits for; `isBoth`: with all that waits
   * for it too.
   */
  relationsOf?(items: readonly RemoteItem[], isBoth: boolean, onPage?: OnPage): Promise<readonly RemoteRelation[]>;
  /** Those of some items that are there. */
  getMany(keys: readonly string[]): Promise<readonly RemoteItem[]>;
  /** One item with its past; undefined where there is none. */
  get(key: string): Promise<RemoteItem | undefined>;
  /** One item by what people call it: its name or its address. */
  find(name: string): Promise<RemoteItem | undefined>;
  /** What a write sends. */
  requestOf(write: RemoteWrite): RemoteRequest;
  /**
   * Writes once, and answers the item or the comment as it is then kept, whatever was asked for. Its error is `ambiguous`
   * where something may be done; `refused` where all of it, and nothing was.
   */
  write(write: RemoteWrite): Promise<Written>;
}
