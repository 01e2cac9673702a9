import { shortVersion } from "../../../ticket/shortVersion.ts";

/** What was learned of a ticket, and when; `state` is undefined for a ticket that is gone. */
interface Learned {
  readonly at: number;
  readonly state: string | undefined;
  /** The beginning of its version, as long as tickets have it. */
  readonly version: string | undefined;
}

/** A ticket as far as two answers about it can differ. */
export interface Versioned {
  readonly shortVersion: string;
  readonly ready: boolean;
  readonly blockedBy: readonly string[];
}

/** Which of several answers about a ticket is the newest: they come in any order. */
export interface AnswerOrder {
  /** The moment of a request; to be taken when it is sent. */
  now(): number;
  /** Whether to show what a read that was sent at `asked` says of a ticket. What was learned since is newer. */
  acceptsRead(id: string, ticket: Versioned | undefined, asked: number): boolean;
  /**
   * Whether to show what the answer to a change that was sent at `asked` says of a ticket. Where something else was
   * learned meanwhile nobody knows which is newer: the ticket is to be read.
   */
  acceptsChange(id: string, ticket: Versioned | undefined, asked: number): boolean;
  /** An event told of a version; undefined for a ticket that left. */
  hear(id: string, version: string | undefined): void;
  /** Whether an answer had this version of the ticket, and nothing told of another one since. */
  has(id: string, version: string): boolean;
  /** Of another store nothing is known yet. */
  forget(): void;
}

/** An order in which nothing was learned so far. Moments are counted, not measured. */
export function answerOrder(): AnswerOrder {
  let clock = 0;
  const answered = new Map<string, Learned>();
  const heard = new Map<string, Learned>();
  const isSince = (learned: Learned | undefined, asked: number): learned is Learned =>
    learned !== undefined && learned.at > asked;
  const learn = (id: string, ticket: Versioned | undefined, at: number): true => {
    answered.set(id, { at, state: stateOf(ticket), version: ticket?.shortVersion });
    return true;
  };
  return {
    now: () => ++clock,
    acceptsRead: (id, ticket, asked) => {
      const event = heard.get(id);
      if (isSince(answered.get(id), asked)) return false;
      if (isSince(event, asked) && event.version !== ticket?.shortVersion) return false;
      return learn(id, ticket, asked);
    },
    acceptsChange: (id, ticket, asked) => {
      const answer = answered.get(id);
      const event = heard.get(id);
      if (isSince(answer, asked) && answer.state !== stateOf(ticket)) return false;
      if (isSince(event, asked) && event.version !== ticket?.shortVersion) return false;
      return learn(id, ticket, ++clock);
    },
    hear: (id, whole) => {
      // Events have all of it.
      const version = whole === undefined ? undefined : shortVersion(whole);
      heard.set(id, { at: ++clock, state: undefined, version });
      const answer = answered.get(id);
      // Should this version come back, others may wait otherwise than when it was answered.
      if (answer !== undefined && answer.version !== version) answered.set(id, { ...answer, version: undefined });
    },
    has: (id, version) => answered.get(id)?.version === shortVersion(version),
    forget: () => {
      answered.clear();
      heard.clear();
    },
  };
}

/** A ticket of one version can still wait for others, or no longer. */
function stateOf(ticket: Versioned | undefined): string | undefined {
  return ticket === undefined ? undefined : `${ticket.shortVersion} ${ticket.ready} ${ticket.blockedBy.join(" ")}`;
}
