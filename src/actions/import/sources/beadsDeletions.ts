import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { isValidId } from "../../../ticket/ids.ts";
import type { Gathered, NeedsYou } from "../foreign.ts";
import { readRecords } from "../jsonRecords.ts";
import { onlyIdsOf } from "./beads.ts";

/** Where beads, before 0.30, wrote down what was deleted: `{"id", "ts", "by", "reason"}`, one a line. */
const FILE = "deletions.jsonl";

/** Adds the ids of `deletions.jsonl` beside an export; what is there in spite of it is taken, and told. */
export function withDeletions(gathered: Gathered, dir: string): Gathered {
  const file = path.join(dir, FILE);
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return gathered;
  const { records, needYou } = readRecords(readFileSync(file), FILE);
  const alive = new Set(gathered.tickets.map(({ id }) => id));
  const ids = [...new Set(records.map(({ value }) => String(value.id ?? "")))];
  const unfit = records.filter(({ value }) => !isValidId(String(value.id ?? "")));
  const refused = unfit.map(({ place }): NeedsYou => ({ ...place, id: null, message: "names no id that was deleted" }));
  const both = ids.filter((id) => alive.has(id));
  const reasons = records.filter(({ value }) => isValidId(String(value.id ?? ""))).length;
  const notices = [
    ...(both.length === 0
      ? []
      : [`${FILE} says that ${both.join(", ")} was deleted, but the export has it: it was taken over`]),
    ...onlyIdsOf(reasons),
  ];
  return {
    tickets: gathered.tickets,
    needYou: [...gathered.needYou, ...needYou, ...refused],
    tombstones: [...new Set([...gathered.tombstones, ...ids.filter((id) => isValidId(id) && !alive.has(id))])],
    notices: [...gathered.notices, ...notices],
  };
}
