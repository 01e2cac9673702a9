import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { readStoreFile, Unread } from "../store/files/storeFile.ts";
import { MAX_CONFIG_BYTES } from "../store/open/config/config.ts";
import { withUnconfirmed } from "../store/open/config/unconfirmedConfig.ts";
import { CONFIG_FILE } from "../store/open/config/values.ts";
import type { Store } from "../store/open/store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { ticketsOf } from "./answers/written.ts";
import { action, change, optionalText, type Written, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { subjectOf } from "./lifecycle/findAll.ts";
import { type NowReady, newlyReady, readyAround } from "./lifecycle/nowReady.ts";

/** What `confirm` answers. */
export interface Confirmed extends Written {
  readonly tickets: readonly TicketJson[];
  /** The rules of config.yml that are in force from now on as they are written. */
  readonly config: readonly string[];
  readonly nowReady: NowReady;
}

/** `ayo ticket confirm <id…>`: a person's yes to what was changed by hand, past a gate, while agents were at work. */
export const confirm = action({
  name: "confirm",
  summary: "Say yes to what was changed by hand past a gate; for people",
  writes: true,
  input: v.object({
    ids: v.pipe(
      v.array(v.string()),
      v.minLength(1, "at least one ticket id, or config"),
      v.description("ticket ids, or config for config.yml"),
    ),
    message: optionalText("a note that goes with it"),
    ...writeOptions,
  }),
  run: async (store, input): Promise<Confirmed> => {
    let before: ReadonlySet<string> = new Set();
    const outcome = await change(store, input, async (draft) => {
      assertPerson(draft);
      const isConfig = (word: string): boolean => /^config(?:\.yml)?$/.test(word) && !draft.view.byId.has(word);
      const config = input.ids.some(isConfig) ? await confirmConfig(store, draft) : [];
      const tickets: Ticket[] = [];
      for (const id of input.ids.filter((word) => !isConfig(word))) tickets.push(await draft.find(id));
      await assertVersion(store, draft, tickets, input.ifMatch);
      before = readyAround(draft.view, tickets);
      for (const ticket of tickets) await confirmOne(draft, ticket, input.message);
      const ids = tickets.map(({ id }) => id);
      const what = [...(ids.length === 0 ? [] : [subjectOf(tickets)]), ...(config.length === 0 ? [] : [CONFIG_FILE])];
      return {
        result: { ids, config },
        sentence: { subject: `confirm ${what.join(", ")}`, event: "confirmed", tickets: ids },
      };
    });
    const { ids, config } = outcome.result;
    const after = await outcome.after();
    const tickets = await ticketsOf(store, after, ids);
    return {
      ...outcome.written,
      tickets: tickets.map((ticket) => ticketJson(after, ticket)),
      config,
      nowReady: newlyReady(after, ids, before),
    };
  },
});

function assertPerson({ actor }: Draft): void {
  if (!actor.agent) return;
  throw new AyoError("needs_person", "only a person can confirm what was changed by hand", {
    try: ["ayo", "ticket", "list", "is:unconfirmed"],
  });
}

/** @throws transition_refused where nothing waits */
async function confirmOne(draft: Draft, ticket: Ticket, message: string | undefined): Promise<void> {
  if (ticket.fields.unconfirmed === undefined) throw nothingWaits(ticket.id, ["ayo", "ticket", "show", ticket.id]);
  await draft.patch(ticket, { unconfirmed: null });
  if (message !== undefined) draft.note(ticket, checkText("message", message));
}

async function confirmConfig({ dir }: Store, draft: Draft): Promise<readonly string[]> {
  const kept = draft.view.config.unconfirmed;
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (kept === undefined || read === undefined || read instanceof Unread)
    throw nothingWaits(CONFIG_FILE, ["ayo", "config"]);
  draft.put(CONFIG_FILE, await withUnconfirmed(read.bytes.toString("utf8"), {}));
  return Object.keys(kept);
}

function nothingWaits(what: string, command: readonly string[]): AyoError {
  return new AyoError("transition_refused", `nothing of ${what} waits to be confirmed`, {
    try: command,
    data: { id: what },
  });
}
