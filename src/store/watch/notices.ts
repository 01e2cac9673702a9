import path from "node:path";
import type { Changes } from "../../ticket/events/changes.ts";
import type { EventName, TicketEvent } from "../../ticket/events/events.ts";
import { briefOf, type TicketBrief } from "../../ticket/events/ticketBrief.ts";
import type { World } from "../../ticket/events/world.ts";
import { overdueAt } from "../../ticket/rules/due.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";
import type { CommitLink } from "../codeCommits/followCommits.ts";
import { type Index, isTopTicket } from "../open/entry.ts";

/** How long an unreadable file may take to become readable again: editors save in two steps. In milliseconds. */
const GRACE_MS = 2_000;

/** What no commit tells: unreadable files, and moments that pass. */
export interface Notices {
  /** The notices that are due at `now` for the store as it stands on disk and at its last commit. */
  collect(index: Index, world: World, now: number): TicketEvent[];
  /**
   * Whether a lease, or the time to answer a question, ran out since this was last asked: the next transaction takes such
   * a claim back, and writes such a default answer.
   */
  timeRanOut(world: World, now: number): boolean;
  /** When to look again, in milliseconds since 1970; infinity where nothing is to come. */
  nextAt(world: World, now: number): number;
}

/** Notices of a store from `start` on; what was overdue then is known. */
export function noticesOf(store: string, start: number): Notices {
  const broken = brokenFiles(store);
  let dueSince = start;
  let endsSince = start;
  return {
    collect: (index, world, now) => {
      const passed = [...world.tickets.values()].filter((ticket) =>
        isBetween(overdueAt(ticket, world.board), dueSince, now),
      );
      dueSince = now;
      const due = passed.map((ticket) => {
        const subject = `was due ${ticket.fields.due ?? ""}`;
        return noticeOf(store, "ticket.due", briefOf(world, ticket), now, subject);
      });
      return [...broken.collect(index, world, now), ...due];
    },
    timeRanOut: (world, now) => {
      const ranOut = [...world.tickets.values()].some((ticket) =>
        endsOf(ticket, world).some((at) => isBetween(at, endsSince, now)),
      );
      endsSince = now;
      return ranOut;
    },
    nextAt: (world, now) => {
      let next = broken.nextAt();
      for (const ticket of world.tickets.values()) {
        for (const at of [overdueAt(ticket, world.board), ...endsOf(ticket, world)])
          if (at !== undefined && at > now) next = Math.min(next, at);
      }
      return next;
    },
  };
}

/** A notice of a ticket, in the shape of an event of a commit. */
export function noticeOf(
  store: string,
  event: EventName,
  ticket: TicketBrief,
  now: number,
  subject: string,
  changes: Changes = {},
): TicketEvent {
  const id = `${event.slice("ticket.".length)}@${now}:${ticket.path}`;
  const cause = { commit: null, subject };
  return { schema: 1, id, event, at: formatTime(now), actor: "ayo", store, ticket, changes, cause };
}

/** That a commit of the project was linked to a ticket; none for a ticket that is archived. */
export function linkNotices(
  store: string,
  world: World,
  { ticket: id, commit, replaces }: CommitLink,
  now: number,
): TicketEvent[] {
  const ticket = world.tickets.get(id);
  if (ticket === undefined) return [];
  const { oid, author, date, subject } = commit;
  const changes = { commits: { from: replaces ?? null, to: { oid, author, date, subject } } };
  const told = noticeOf(store, "ticket.commit_linked", briefOf(world, ticket), now, subject ?? "", changes);
  return [{ ...told, id: `commit_linked@${oid}:${id}`, actor: author ?? told.actor }];
}

interface Broken {
  readonly since: number;
  /** What consumers were told is wrong. */
  told: string | undefined;
}

/** Tells once what is wrong with a file, after the time of grace, and once that it is mended. */
function brokenFiles(store: string) {
  const broken = new Map<string, Broken>();
  const tell = (world: World, file: string, now: number, from: string | null, to: string | null): TicketEvent => {
    const subject = to === null ? `${file} can be read again` : to;
    return noticeOf(store, "ticket.invalid", briefAt(world, file), now, subject, { problem: { from, to } });
  };
  const noteBroken = (world: World, file: string, problem: string, now: number): TicketEvent[] => {
    const known = broken.get(file) ?? { since: now, told: undefined };
    broken.set(file, known);
    if (now - known.since < GRACE_MS || known.told === problem) return [];
    const from = known.told ?? null;
    known.told = problem;
    return [tell(world, file, now, from, problem)];
  };
  return {
    collect: (index: Index, world: World, now: number): TicketEvent[] => {
      const events: TicketEvent[] = [];
      for (const [file, { problem }] of index.entries) {
        if (problem !== undefined && isTopTicket(file)) events.push(...noteBroken(world, file, describe(problem), now));
      }
      for (const [file, { told }] of broken) {
        if (index.entries.get(file)?.problem !== undefined) continue;
        broken.delete(file);
        if (told !== undefined) events.push(tell(world, file, now, told, null));
      }
      return events;
    },
    nextAt: (): number => {
      const open = [...broken.values()].filter(({ told }) => told === undefined);
      return Math.min(...open.map(({ since }) => since + GRACE_MS));
    },
  };
}

/** `ayo-x7k2.md:3: what is wrong`. */
function describe({ path: file, line, message }: Problem): string {
  return `${file}${line > 0 ? `:${line}` : ""}: ${message}`;
}

function isBetween(at: number | undefined, after: number, until: number): boolean {
  return at !== undefined && at > after && at <= until;
}

/** When a ticket changes by itself: its lease ends, or its question is answered by default. */
function endsOf({ fields }: Ticket, { board }: World): readonly (number | undefined)[] {
  const { lease, claimedBy, answerBy } = fields;
  return [
    lease === undefined || claimedBy === undefined ? undefined : parseTime(lease),
    answerBy === undefined || board.defaultAnswers !== true ? undefined : parseTime(answerBy),
  ];
}

/** The ticket as it was last committed, or what its file's name says. */
function briefAt(world: World, file: string): TicketBrief {
  const id = path.posix.basename(file, ".md");
  const known = world.tickets.get(id) ?? [...world.tickets.values()].find((ticket) => ticket.path === file);
  if (known !== undefined) return briefOf(world, known);
  const unknown = { id, path: file, version: "", title: id, status: "", fields: {}, extra: {} };
  return briefOf(world, { ...unknown, criteria: { done: 0, total: 0 } });
}
