import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { expandVersion, readVersion } from "../../store/history/version.ts";
import type { Store } from "../../store/open/store.ts";
import { changesOf, type Snapshot } from "../../ticket/events/changes.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/**
 * Refuses a write that was meant for another version of the ticket (`--if-match`); seven digits of it are enough.
 * @throws conflict with both versions and what differs, field by field; bad_usage for several tickets
 */
export async function assertVersion(
  store: Store,
  draft: Draft,
  tickets: readonly Ticket[],
  version: string | undefined,
): Promise<void> {
  if (version === undefined) return;
  const [ticket] = tickets;
  if (tickets.length !== 1 || ticket === undefined) throw new AyoError("bad_usage", "--if-match goes with one ticket");
  const isSame = ticket.version === version || (version.length >= 7 && ticket.version.startsWith(version));
  if (!isSame) throw await versionConflict(store, draft, ticket, version);
}

/** The error for a ticket that is no longer as the caller read it. */
export async function versionConflict(store: Store, draft: Draft, ticket: Ticket, expected: string): Promise<AyoError> {
  const before = await readVersion(store, ticket.path, await expandVersion(store, ticket.path, expected));
  const after: Snapshot = { ticket, text: draft.read(ticket) };
  const changes = before === undefined ? null : changesOf(before, after);
  const what = changes === null ? "" : ` (${Object.keys(changes).join(", ")} changed since)`;
  const fact = `${ticket.id} is at version ${ticket.version.slice(0, 12)}, not ${expected.slice(0, 40)}${what}`;
  return new AyoError("conflict", fact, {
    try: ["ayo", "ticket", "show", ticket.id],
    data: {
      id: ticket.id,
      expected,
      actual: ticket.version,
      changes,
      before: before === undefined ? null : versionOf(before.ticket),
      after: versionOf(ticket),
    },
  });
}

function versionOf({ version, title, status, fields, extra }: Ticket): Record<string, unknown> {
  return { version, title, ...fields, status, extra };
}
