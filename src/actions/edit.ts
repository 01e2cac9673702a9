import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { changedKeys } from "../store/change/hand/handEdits.ts";
import { keptClaim } from "../store/change/leases.ts";
import { parseText } from "../store/disk/readFile.ts";
import { isFinished } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { fieldName } from "../ticket/fields.ts";
import { columnFor } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { assertNoCycle } from "./depAdd.ts";
import { action, change, id, text, type Written, writeOptions } from "./input/action.ts";
import { assertStorable, checkColumn } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { makesClaims } from "./lifecycle/claims/holder.ts";
import { assertReviewStays } from "./lifecycle/claims/rules.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
import { moving } from "./lifecycle/moving/moving.ts";
import { recordCommits } from "./lifecycle/recordCommits.ts";
import { assertSettable } from "./lifecycle/settable.ts";
import { assertSound } from "./lifecycle/soundText.ts";

/** What `edit` answers. */
export interface Edited extends Written, WithTickets {
  readonly changed: boolean;
}

/** Replaces a ticket's whole text, as an editor does; `version` is the one that the editor began with. */
export const edit = action({
  name: "edit",
  summary: "Edit a ticket in $EDITOR; validated and committed on save",
  writes: true,
  input: v.object({ id, text: text("the whole file"), version: text("the version that was edited"), ...writeOptions }),
  run: async (store, input): Promise<Edited> => {
    assertStorable("the text", input.text);
    const parsed = await parseText(input.text, `${input.id}.md`);
    if (!("id" in parsed)) {
      throw new AyoError("bad_ticket", `line ${parsed.line}: ${parsed.message}`, { data: { ...parsed } });
    }
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.version);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      if (parsed.id !== ticket.id)
        throw new AyoError("bad_input", `the id of ${ticket.id} cannot change to ${parsed.id}`);
      draft.write(ticket, input.text);
      if (draft.files.has(ticket.path)) {
        await assertSound(store, draft, ticket, parsed);
        await settle(store, draft, { ticket, parsed }, input.claim);
        await assertFinishable(draft);
      }
      const changed = draft.files.has(ticket.path);
      const result = { id: ticket.id, changed };
      if (!changed) return { result };
      return {
        result,
        sentence: {
          subject: `edit ${ticket.id}: ${parsed.title}`,
          event: "updated",
          tickets: [ticket.id],
          ...(makesClaims(draft) ? { mustCommit: true as const } : {}),
        },
      };
    });
    const { id, changed } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), changed };
  },
});

interface Edit {
  /** As it was. */
  readonly ticket: Ticket;
  /** As the new text has it. */
  readonly parsed: Ticket;
}

/**
 * What is the same for every text that comes by a command: no cycle, and no claim of somebody's dropped. An agent's
 * passes the gate besides, and leaves alone what has commands of its own; a person may do what a hand edit may.
 */
async function settle(store: Store, draft: Draft, edit: Edit, claim: string | undefined): Promise<void> {
  const { ticket, parsed } = edit;
  const known = new Set(ticket.fields.deps);
  for (const dep of parsed.fields.deps ?? []) if (!known.has(dep)) assertNoCycle(draft, ticket.id, dep);
  if (draft.actor.agent) return passAsAgent(store, draft, edit, claim);
  const kept = keptClaim(ticket, parsed, draft.view);
  if (kept === undefined) return;
  await draft.patch(ticket, kept);
  draft.notices.push(`${ticket.id} stays claimed by ${ticket.fields.claimedBy}: 'ayo ticket release --force' takes it`);
}

/** @throws bad_input, needs_person, and what the gate throws */
async function passAsAgent(store: Store, draft: Draft, edit: Edit, claim: string | undefined): Promise<void> {
  const { ticket, parsed } = edit;
  const { board } = draft.view;
  for (const { key, to } of changedKeys(ticket, parsed)) {
    if (!["deps", "links"].includes(fieldName(key) ?? "")) assertSettable(draft, key, to === "(none)" ? "" : to);
  }
  assertReviewStays(draft, ticket, parsed.fields.type ?? null);
  const wanted = checkColumn(board, parsed.status);
  if (columnFor(board, ticket.status)?.id === wanted.id) return;
  const { to, fields } = moving(store, draft, ticket, wanted, { claim });
  const early = parsed.fields.closed !== undefined && !isFinished(board, to.id) ? { closed: null } : {};
  await draft.patch(ticket, { ...early, ...fields });
  await recordCommits(store, draft, ticket, to);
}
