import type { Ticket } from "../ticket.ts";
import type { Board } from "./board.ts";
import { isAskedSomewhere } from "./columns.ts";

/** What a ticket says of commands that ayo itself ran and that passed: its `verified:`. */
export interface Verified {
  /** The commit that they were run on. */
  readonly head: string;
  /** A fingerprint of the acceptance criteria as they were then. */
  readonly criteria: string;
  /** ISO time. */
  readonly at: string;
  /** The entries of agents.yml. */
  readonly names: readonly string[];
  /** Who had them run. */
  readonly by: string;
}

const TEXT = /^([0-9a-f]{40,64}) ([0-9a-f]{16}) (\d{4}-\d\d-\d\dT\S+Z) ([A-Za-z0-9][A-Za-z0-9._,-]*) by (.+)$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a word can name an entry of `verify:` in agents.yml. */
export function isVerifyName(word: string): boolean {
  return NAME.test(word) && word !== "none";
}

/** What a `verified:` says; undefined where it is none. */
export function parseVerified(text: string): Verified | undefined {
  const [, head, criteria = "", at = "", names = "", by = ""] = TEXT.exec(text) ?? [];
  return head === undefined ? undefined : { head, criteria, at, names: names.split(","), by };
}

/** The same as text: `9fceb02d… 5f3c9a1b2c3d4e5f 2026-11-29T22:10:00Z test,lint by Mara Lind`. */
export function formatVerified({ head, criteria, at, names, by }: Verified): string {
  return `${head} ${criteria} ${at} ${names.join(",")} by ${by}`;
}

/** Whether work must be verified somewhere on its way: to be done, or to come into some column. */
export function asksVerify(board: Board): boolean {
  return board.verify === "required" || isAskedSomewhere(board, "verify");
}

/**
 * The entries that a ticket's work has to pass: those that config.yml names for all tickets or for its type, where that
 * says nothing and work must be verified all that there are, and those that the ticket itself names.
 */
export function namesNeeded(board: Board, { fields }: Pick<Ticket, "fields">, known: readonly string[]): string[] {
  const own = fields.verify ?? [];
  return [...new Set([...(namedFor(board, fields.type) ?? (asksVerify(board) ? known : [])), ...own])];
}

/** Whether a ticket's work is verified at all, which is known without agents.yml. */
export function needsVerify(board: Board, ticket: Pick<Ticket, "fields">): boolean {
  return namesNeeded(board, ticket, ["any"]).length > 0;
}

/**
 * Whether a ticket's own file says that its work passed, or that it has to pass nothing. What the file says is all that
 * a commit knows: on which machine that counts is another question.
 */
export function isSaidVerified(board: Board, ticket: Pick<Ticket, "fields">): boolean {
  if (!needsVerify(board, ticket)) return true;
  const { verified } = ticket.fields;
  const names = verified === undefined ? undefined : parseVerified(verified)?.names;
  return names !== undefined && namesNeeded(board, ticket, []).every((name) => names.includes(name));
}

/** Whether less is asked of a ticket's work than before, by its own words or its type. */
export function isVerifyLifted(board: Board, before: Pick<Ticket, "fields">, now: Pick<Ticket, "fields">): boolean {
  const kept = namesNeeded(board, now, [EVERY]);
  // What is run where nothing is named are all entries.
  return namesNeeded(board, before, [EVERY]).some((name) => !kept.includes(name) && !kept.includes(EVERY));
}

const EVERY = "*";

/** Whether config.yml names less for some tickets than before; whether they must be verified at all is another key. */
export function isVerifyLooser(before: Board, after: Board): boolean {
  const same = { ...withoutVerify(after), ...(before.verify && { verify: before.verify }), columns: before.columns };
  const types = [undefined, ...before.types, ...Object.keys(byType(before)), ...Object.keys(byType(after))];
  return types.some((type) => {
    const fields = type === undefined ? {} : { type };
    const kept = namesNeeded(same, { fields }, [EVERY]);
    return namesNeeded(before, { fields }, [EVERY]).some((name) => !kept.includes(name) && !kept.includes(EVERY));
  });
}

function withoutVerify({ verify: _, ...board }: Board): Board {
  return board;
}

function namedFor({ verifyWith }: Board, type: string | undefined): readonly string[] | undefined {
  if (verifyWith === undefined || Array.isArray(verifyWith)) return verifyWith as readonly string[] | undefined;
  const named = verifyWith as Readonly<Record<string, readonly string[]>>;
  return type !== undefined && Object.hasOwn(named, type) ? named[type] : undefined;
}

function byType({ verifyWith }: Board): Readonly<Record<string, readonly string[]>> {
  if (verifyWith === undefined || Array.isArray(verifyWith)) return {};
  return verifyWith as Readonly<Record<string, readonly string[]>>;
}
