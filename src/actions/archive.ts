import { posix } from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import { archiveBefore, archiveSentence } from "../store/change/archiveOld.ts";
import { pastMoment } from "../ticket/moments.ts";
import { ticketJson } from "./answers/describe.ts";
import { type WithTickets, withTicket } from "./answers/written.ts";
import { action, change, optionalText, type Written, writeOptions } from "./input/action.ts";

/** What `archive` answers. */
export interface Archived extends Written, WithTickets {}

const DEFAULT_AFTER = 30 * 24 * 60 * 60 * 1000;

/** `ayo ticket archive [--before 30d]`: finished tickets move to month folders and still resolve everywhere. */
export const archive = action({
  name: "archive",
  summary: "Move tickets that were finished long ago out of the way",
  writes: true,
  input: v.object({
    before: optionalText("finished before this long ago (30d) or this date"),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
  }),
  run: async (store, input): Promise<Archived> => {
    const outcome = await change(store, input, (draft) => {
      const { config, now } = draft.view;
      const limit =
        input.before === undefined ? now - (config.archiveAfter ?? DEFAULT_AFTER) : pointInHistory(input.before, now);
      const { view } = draft;
      const before = new Map(view.byId);
      const { moved, kept, counting } = archiveBefore(draft, limit);
      if (counting.length > 0) draft.notices.push(staysFor(counting));
      if (moved.length === 0 && kept[0] !== undefined) throw kept[0];
      const places = new Map([...draft.files.keys()].map((file) => [posix.basename(file), file]));
      const result = moved.flatMap((id) => {
        const ticket = before.get(id);
        if (ticket === undefined) return [];
        const path = places.get(posix.basename(ticket.path)) ?? ticket.path;
        return [{ ...ticketJson(view, ticket), path }];
      });
      return moved.length === 0 ? { result } : { result, sentence: archiveSentence(moved) };
    });
    return { ...outcome.written, ...withTicket(outcome.result) };
  },
});

/** What agents made for a root that is not finished. */
function staysFor(ids: readonly string[]): string {
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : "";
  return `not archived, since agents made it for what is not finished yet: ${ids.slice(0, 5).join(", ")}${more}`;
}

function pointInHistory(text: string, now: number): number {
  const moment = pastMoment(text, now);
  if (moment === undefined) throw new AyoError("bad_input", `'${text}' is neither a duration (30d) nor a date`);
  return moment;
}
