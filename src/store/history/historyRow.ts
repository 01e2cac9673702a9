import type { PathChange } from "../../git/trees/diffTrees.ts";

/** What a commit did to one file of the store. */
export interface RowChange extends PathChange {
  /** The path that a ticket came from, where the commit moved it here. */
  readonly from?: string;
}

/** A commit as the table of the store's history has it. */
export interface HistoryRow {
  readonly oid: string;
  readonly parents: readonly string[];
  /** When it was committed, in seconds since 1970. */
  readonly time: number;
  /** The `Actor:` trailer, else the author's name. */
  readonly actor: string;
  /** The `Event:` trailer, or undefined. */
  readonly event: string | undefined;
  /** Edited by hand, or committed with git past ayo. */
  readonly byHand: boolean;
  /** The `Undoes:` trailer: a commit, and the names of the tickets' files where it is not all of it. */
  readonly undoes?: string | undefined;
  /** The first line of the message. */
  readonly subject: string;
  readonly changes: readonly RowChange[];
}

/** A row as it is read from the table: whether a ticket may be in it is known before its changes are looked at. */
export interface ReadRow extends HistoryRow {
  readonly mayHaveTickets: boolean;
}

/** A row as a line of ASCII, without a line end: `commit parents time actor event hand subject undoes`, then a tab and each change. */
export function formatRow({ oid, parents, time, actor, event, byHand, subject, undoes, changes }: HistoryRow): string {
  const head = [
    oid,
    parents.join(",") || "-",
    time,
    encodeURI(actor) || "-",
    event ?? "-",
    byHand ? "hand" : "-",
    encodeURI(subject) || "-",
    encodeURI(undoes ?? "") || "-",
  ];
  const tail = changes.map(({ path, before, after, from }) => {
    const moved = from === undefined ? "" : ` ${encodeURI(from)}`;
    return `\t${encodeURI(path)} ${before ?? "-"} ${after ?? "-"}${moved}`;
  });
  return head.join(" ") + tail.join("");
}

/** Reads a line that {@link formatRow} made, its changes only when they are looked at; undefined for any other. */
export function parseRow(line: string): ReadRow | undefined {
  const tab = line.indexOf("\t");
  const head = tab < 0 ? line : line.slice(0, tab);
  const [oid = "", parents = "", time = "", actor = "", event = "", hand, subject = "-", undoes = "-"] =
    head.split(" ");
  if (oid.length !== 40 || (hand !== "-" && hand !== "hand")) return undefined;
  let changes: readonly RowChange[] | undefined;
  return {
    oid,
    parents: parents === "-" ? [] : parents.split(","),
    time: Number(time),
    actor: actor === "-" ? "" : decode(actor),
    event: event === "-" ? undefined : event,
    byHand: hand === "hand",
    subject: subject === "-" ? "" : decode(subject),
    undoes: undoes === "-" ? undefined : decode(undoes),
    get mayHaveTickets() {
      return line.includes(".md ");
    },
    get changes() {
      changes ??=
        tab < 0
          ? []
          : line
              .slice(tab + 1)
              .split("\t")
              .map(parseChange);
      return changes;
    },
  };
}

function parseChange(text: string): RowChange {
  const [path = "", before = "-", after = "-", from] = text.split(" ");
  const change = {
    path: decode(path),
    before: before === "-" ? null : before,
    after: after === "-" ? null : after,
  };
  return from === undefined ? change : { ...change, from: decode(from) };
}

function decode(text: string): string {
  return text.includes("%") ? decodeURI(text) : text;
}
