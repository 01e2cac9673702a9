import { lstatSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import type { TicketFinding } from "./shape.ts";

type Rename = NonNullable<TicketFinding["rename"]>;

/** Makes the changes that mend findings; returns what refused, which keeps no other from being made. */
export async function applyFixes(
  store: Store,
  draft: Draft,
  ticketFindings: readonly TicketFinding[],
): Promise<string[]> {
  const failures: string[] = [];
  const ordered = ticketFindings.toSorted((left, right) => (left.order ?? 0) - (right.order ?? 0));
  for (const { change } of ordered) {
    try {
      await change?.(draft);
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      failures.push(error.message);
    }
  }
  const renames = ticketFindings.flatMap(({ rename }) => rename ?? []);
  return [...failures, ...renameAll(store, draft, renames)];
}

/** Gives files their new names, all old ones given up first: two may be swapped. Nothing that is there is replaced. */
function renameAll({ dir }: Store, draft: Draft, wanted: readonly Rename[]): string[] {
  const gone = [...draft.files].flatMap(([file, text]) => (text === null ? file : []));
  const isThere = (file: string): boolean => lstatSync(path.join(dir, file), { throwIfNoEntry: false }) !== undefined;
  let renames = [...wanted];
  for (let before = -1; before !== renames.length; ) {
    before = renames.length;
    const left = new Set([...gone, ...renames.map(({ ticket }) => ticket.path)]);
    renames = renames.filter(({ to }) => left.has(to) || !isThere(to));
  }
  const texts = renames.map(({ ticket }) => draft.read(ticket));
  for (const { ticket } of renames) draft.put(ticket.path, null);
  for (const [at, { to }] of renames.entries()) draft.put(to, texts[at] as string);
  const refused = wanted.filter((one) => !renames.includes(one));
  return refused.map(({ ticket, to }) => `${ticket.path} was not renamed to ${to}: there is a file of that name`);
}
