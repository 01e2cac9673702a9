import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import type { Store } from "../../store/open/store.ts";
import type { FirstContact } from "../../store/sync/agree.ts";
import { shownAs } from "../../store/sync/findRemote.ts";

/**
 * Who says yes to showing the tickets to others: a person, who was told what they will see.
 * @throws needs_person, needs_confirmation
 */
export function confirmed(
  store: Store,
  { yes, as }: { readonly yes?: boolean | undefined; readonly as?: string | undefined },
  facts: FirstContact,
): string {
  const person = deciderOf(store, as, "say with whom the tickets are shared");
  if (yes === true) return person.name;
  const { remote, tickets, commits } = facts;
  const what = [
    ...(facts.wasRemoved ? [`${shownAs(remote)} had the tickets, and somebody took them away there.`] : []),
    `Everybody who can read ${shownAs(remote)} will be able to read ${count(tickets, "ticket")} with all notes, and ` +
      `${count(commits, "commit")} of their history with names and e-mail addresses.`,
    ...(facts.isAnother ? ["Another store is there now than the one that was shared."] : []),
    ...(facts.hasTickets ? ["It has tickets already: both are merged into one store, here and there."] : []),
  ];
  throw new AyoError("needs_confirmation", `${what.join(" ")} Sharing them needs a yes: add --yes`, {
    data: { what: what.join(" "), remote: remote.name, tickets, commits, hasTickets: facts.hasTickets },
  });
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
