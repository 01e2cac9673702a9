import type { Board } from "./board.ts";
import { categoryOf } from "./columns.ts";

/** A ticket, or as much of one as tells whether its work has landed. */
export interface Landing {
  readonly fields?:
    | { readonly commits?: readonly string[]; readonly landed?: string; readonly unlanded?: string }
    | undefined;
  readonly known?: { readonly isUnlanded: boolean } | undefined;
}

/**
 * Whether a ticket has commits that its file does not say are on the base branch. Only the file is asked, so that every
 * machine answers the same, whatever of the project it has fetched.
 */
export function isUnlanded({ fields, known }: Landing): boolean {
  if (known !== undefined) return known.isUnlanded;
  if (fields === undefined) return false;
  const { commits = [], landed, unlanded } = fields;
  // What is told both ways, by a merge of two machines, is in doubt.
  return unlanded !== undefined || (commits.length > 0 && (landed === undefined || !isCommitId(landed)));
}

/** Whether those who wait for a ticket that is done go on waiting for its work to land. */
export function awaitsLanding(board: Board, found: Landing): boolean {
  return board.landsOn !== undefined && isUnlanded(found);
}

/** How a ticket and its parts are found. */
export interface Family {
  get(id: string): (Landing & { readonly status: string }) | undefined;
  /** Ids of the tickets that have this one as parent; archived ones are none. */
  partsOf(id: string): Iterable<string>;
}

/** A ticket, its parts and theirs, each once. */
export function withParts(id: string, family: Pick<Family, "partsOf">): ReadonlySet<string> {
  const all = new Set([id]);
  // What is added meanwhile comes, too.
  for (const one of all) for (const part of family.partsOf(one)) all.add(part);
  return all;
}

/**
 * Of a ticket that is done, and of its parts that are, those whose work is not on the base branch yet: whoever waits for
 * it builds on all of it. Parts that were cancelled, failed, or are not done have no work that counts.
 */
export function unlandedOf(id: string, board: Board, family: Family): readonly string[] {
  if (board.landsOn === undefined) return [];
  return [...withParts(id, family)].filter((one) => {
    const found = family.get(one);
    return found !== undefined && categoryOf(board, found.status) === "done" && isUnlanded(found);
  });
}

/** So many parts are named. */
const MAX_NAMED = 5;

/** What has to land of a ticket, behind its status: `to land on main`, `its part mya-9fq1 to land on main`. */
export function toLandText(id: string, base = "", unlanded: readonly string[] = [id]): string {
  const names = partNames(id, unlanded);
  if (names === "") return `to land on ${base}`;
  return unlanded.includes(id) ? `to land on ${base} with its ${names}` : `its ${names} to land on ${base}`;
}

/** The same before: `mya-x7k2 (closed)`, `the part mya-9fq1 of mya-x7k2 (closed)`. */
export function whatHasToLand(id: string, status: string, unlanded: readonly string[]): string {
  const names = partNames(id, unlanded);
  if (names === "") return `${id} (${status})`;
  return unlanded.includes(id) ? `${id} (${status}) and its ${names}` : `the ${names} of ${id} (${status})`;
}

/** `part mya-9fq1`, `parts mya-9fq1, mya-3d0c`; "" where it is the ticket's own work alone. */
function partNames(id: string, unlanded: readonly string[]): string {
  const parts = unlanded.filter((one) => one !== id);
  if (parts.length === 0) return "";
  const more = parts.length > MAX_NAMED ? ` and ${parts.length - MAX_NAMED} more` : "";
  return `${parts.length === 1 ? "part" : "parts"} ${parts.slice(0, MAX_NAMED).join(", ")}${more}`;
}

function isCommitId(text: string): boolean {
  return /^[0-9a-f]{7,64}$/i.test(text);
}
