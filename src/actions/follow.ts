import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { personOf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { isMentionOf } from "../ticket/mentions.ts";
import {
  COLLABORATOR_ROLES,
  type CollaboratorRole,
  collaboratorsOf,
  formatCollaborator,
  whoOf,
} from "../ticket/rules/collaborators.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, id, optionalText, type WriteOptions, type Written, writeOptions } from "./input/action.ts";
import { checkActor } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { unknownNames } from "./input/unknownMentions.ts";
import { THE_PERSON } from "./query/knownNames.ts";

/** What `follow` and `unfollow` answer. */
export interface Followed extends Written, WithTickets {
  /** Who is meant, and what he is to the ticket now; null: nothing. */
  readonly follower: { readonly who: string; readonly role: CollaboratorRole | null };
  readonly changed: boolean;
}

const who = optionalText("@agent, or a person; the caller unless told. 'user' is the person whom an agent works for");

/** `ayo ticket follow <id> [who]`. */
export const follow = action({
  name: "follow",
  summary: "Follow a ticket: hear of what is said in it",
  writes: true,
  input: v.object({
    id,
    who,
    role: v.optional(
      v.pipe(v.picklist(COLLABORATOR_ROLES), v.description("what he is to it; a contributor unless told")),
    ),
    ...writeOptions,
  }),
  run: (store, input): Promise<Followed> =>
    refollow(store, input, async (draft, elements, name) => {
      const old = collaboratorsOf(elements).find((one) => isSame(one.who, name));
      const role = input.role ?? old?.role ?? "contributor";
      if (old?.role === role) return { elements, who: old.who, role };
      draft.notices.push(...(old === undefined ? await unknownNames(store, draft, [name]) : []));
      const named = { who: old?.who ?? name, role };
      const others = elements.filter((one) => !isSame(whoOf(one), name));
      return { elements: [...others, formatCollaborator(named)], ...named };
    }),
});

/** `ayo ticket unfollow <id> [who]`; who does not follow stays so. */
export const unfollow = action({
  name: "unfollow",
  summary: "Follow a ticket no longer",
  writes: true,
  input: v.object({ id, who, ...writeOptions }),
  run: (store, input): Promise<Followed> =>
    refollow(store, input, (_, elements, name) => {
      const same = elements.filter((one) => isSame(whoOf(one), name));
      // Who is no follower by this name may be one by the name that is mentioned so: @mara is Mara Lind.
      const meant = same.length > 0 ? same : elements.filter((one) => isMentionOf(name, whoOf(one)));
      const rest = elements.filter((one) => !meant.includes(one));
      return { elements: rest, who: meant[0] === undefined ? name : whoOf(meant[0]), role: null };
    }),
});

interface Outcome {
  readonly elements: readonly string[];
  readonly who: string;
  readonly role: CollaboratorRole | null;
}

async function refollow(
  store: Store,
  input: WriteOptions & { readonly id: string; readonly who?: string | undefined },
  next: (draft: Draft, elements: readonly string[], name: string) => Outcome | Promise<Outcome>,
): Promise<Followed> {
  const outcome = await change(store, input, async (draft) => {
    const ticket = await draft.find(input.id);
    await assertVersion(store, draft, [ticket], input.ifMatch);
    const old = ticket.fields.collaborators ?? [];
    const { elements, ...follower } = await next(draft, old, nameOf(store, draft, input.who));
    const isChanged = elements.join("\n") !== old.join("\n");
    const result = { id: ticket.id, follower, changed: isChanged };
    if (!isChanged) return { result };
    await draft.patch(ticket, { collaborators: elements.length === 0 ? null : elements });
    const did = follower.role === null ? "unfollow" : "follow";
    const as = follower.role === "owner" ? " as owner" : "";
    const subject = `${did} ${ticket.id}: ${follower.who}${as}`;
    return { result, sentence: { subject, event: "updated", tickets: [ticket.id] } };
  });
  const { id: changedId, ...rest } = outcome.result;
  return { ...outcome.written, ...(await ticketsAfter(store, outcome, [changedId])), ...rest };
}

/** The caller by default; `user` is a person whose name agents need not know. @throws bad_input */
function nameOf(store: Store, { actor }: Draft, given: string | undefined): string {
  if (given === undefined || /^@?me$/i.test(given.trim())) return actor.name;
  const name = checkActor(given);
  if (isSame(name.replace(/^@/, ""), THE_PERSON)) return actor.agent ? personOf(store).name : actor.name;
  if (!/[=,]/.test(name)) return name;
  throw new AyoError("bad_input", `'${given}' is not one name`, { data: { field: "who" } });
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
