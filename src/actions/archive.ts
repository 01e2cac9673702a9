import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/draft.ts";
import { isFinished } from "../store/view.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { parseDuration, parseTime } from "../ticket/time.ts";
import { action, change, optionalText, type Written, writeOptions } from "./action.ts";

/** What `archive` answers. */
export interface Archived extends Written {
  readonly ids: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;

/** `ayo ticket archive [--before 30d]`: finished tickets move to month folders and still resolve everywhere. */
export const archive = action({
  name: "archive",
  summary: "Move tickets that were finished long ago out of the way",
  writes: true,
  input: v.object({ before: optionalText("finished before this long ago (30d) or this date"), ...writeOptions }),
  run: async (store, input): Promise<Archived> => {
    const outcome = await change(store, input, (draft) => {
      const after = draft.view.config.archiveAfter ?? 30 * DAY;
      const limit = input.before === undefined ? draft.view.now - after : momentOf(input.before, draft.view.now);
      const result = archiveInto(draft, limit);
      if (result.length === 0) return { result };
      const subject = `archive ${result.length} ${result.length === 1 ? "ticket" : "tickets"}`;
      return { result, sentence: { subject, event: "archived", tickets: result.length > 50 ? [] : result } };
    });
    return { ...outcome.written, ids: outcome.result };
  },
});

/** Moves every ticket that was finished before `limit` (ms) and that no open ticket is a part of; returns their ids. */
export function archiveInto(draft: Draft, limit: number): string[] {
  const { view } = draft;
  const moved: string[] = [];
  for (const ticket of view.tickets) {
    const finished = finishedAt(ticket);
    if (finished === undefined || finished >= limit || !isFinished(view.board, ticket.status)) continue;
    const month = new Date(finished).toISOString().slice(0, 7);
    const text = draft.read(ticket);
    draft.put(ticket.path, null);
    draft.put(`archive/${month}/${path.posix.basename(ticket.path)}`, text);
    moved.push(ticket.id);
  }
  return moved;
}

function finishedAt({ fields }: Ticket): number | undefined {
  const written = fields.closed ?? fields.created;
  return written === undefined ? undefined : parseTime(written);
}

function momentOf(text: string, now: number): number {
  const duration = parseDuration(text);
  const moment = duration === undefined ? parseTime(text) : now - duration;
  if (moment === undefined) throw new AyoError("bad_input", `'${text}' is neither a duration (30d) nor a date`);
  return moment;
}
