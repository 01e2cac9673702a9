import type { PathChange } from "../git/diffTrees.ts";

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
  readonly changes: readonly RowChange[];
}

/** A row as a line of ASCII, without a line end: `commit parents time actor event hand`, then a tab and each change. */
export function formatRow({ oid, parents, time, actor, event, byHand, changes }: HistoryRow): string {
  const head = [oid, parents.join(",") || "-", time, encodeURI(actor) || "-", event ?? "-", byHand ? "hand" : "-"];
  const tail = changes.map(({ path, before, after, from }) => {
    const moved = from === undefined ? "" : ` ${encodeURI(from)}`;
    return `\t${encodeURI(path)} ${before ?? "-"} ${after ?? "-"}${moved}`;
  });
  return head.join(" ") + tail.join("");
}

/** Reads a line that {@link formatRow} made; undefined for any other. */
export function parseRow(line: string): HistoryRow | undefined {
  const [head = "", ...tail] = line.split("\t");
  const [oid = "", parents = "", time = "", actor = "", event = "", hand] = head.split(" ");
  if (!/^[0-9a-f]{40}$/.test(oid) || (hand !== "-" && hand !== "hand")) return undefined;
  return {
    oid,
    parents: parents === "-" ? [] : parents.split(","),
    time: Number(time),
    actor: actor === "-" ? "" : decodeURI(actor),
    event: event === "-" ? undefined : event,
    byHand: hand === "hand",
    changes: tail.map(parseChange),
  };
}

function parseChange(text: string): RowChange {
  const [path = "", before = "-", after = "-", from] = text.split(" ");
  const change = {
    path: decodeURI(path),
    before: before === "-" ? null : before,
    after: after === "-" ? null : after,
  };
  return from === undefined ? change : { ...change, from: decodeURI(from) };
}
