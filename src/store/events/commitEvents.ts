import { parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import { diffCommits } from "../../git/trees/diffTrees.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { EventCommit, TicketChange } from "../../ticket/events/events.ts";
import type { Board } from "../../ticket/rules/board.ts";
import { formatTime } from "../../ticket/time.ts";
import { decodeText, parse } from "../disk/readFile.ts";
import { DEFAULT_CONFIG, parseConfig } from "../open/config/config.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import type { Journal } from "../open/store.ts";

/** One commit of a store, read for its events. */
export interface ReadCommit {
  readonly commit: EventCommit;
  readonly changed: readonly TicketChange[];
  /** The board from this commit on, where the commit changed config.yml, and the blob of that (null: none). */
  readonly board: Board | undefined;
  readonly config?: string | null | undefined;
}

/**
 * Reads what a commit did to the store's tickets, against one of its parents. Files that were or are no readable
 * tickets count as absent.
 * @throws not_found when an object is missing or damaged
 */
export async function readCommitOf(
  journal: Journal,
  storeDir: string,
  oid: string,
  parent: string | undefined,
): Promise<ReadCommit> {
  const { message, author, committer } = parseCommit((await readObject(journal.repository, oid)).bytes);
  const changed: TicketChange[] = [];
  let board: Board | undefined;
  let config: string | null | undefined;
  for (const { path, before, after } of await diffCommits(journal.repository, parent, oid, journal.prefix)) {
    if (path === CONFIG_FILE) {
      board = await boardAt(journal, after);
      config = after;
    }
    if (!isTicketPath(path)) continue;
    const change = { before: await snapshotOf(journal, path, before), after: await snapshotOf(journal, path, after) };
    if (change.before !== undefined || change.after !== undefined) changed.push(change);
  }
  const trailers = readTrailers(message);
  const commit: EventCommit = {
    oid,
    at: formatTime(committer.time * 1000),
    actor: trailers.get("Actor") ?? author.name,
    store: storeDir,
    subject: message.slice(0, message.indexOf("\n") < 0 ? message.length : message.indexOf("\n")),
    // What somebody commits with git, past ayo, passed no gate either.
    byHand: trailers.get("By-hand") === "yes" || !trailers.has("Actor"),
    ...(trailers.has("Sync") ? { bySync: true as const } : {}),
    event: trailers.get("Event"),
    ...(trailers.get("Default") === "yes" ? { byDefault: true as const } : {}),
    ...runIn(trailers.get("Run")),
    ...unconfirmedIn(message),
  };
  return { commit, changed, board, config };
}

/** Which run of an agent a commit ends, and how. */
function runIn(text = ""): Pick<EventCommit, "run"> {
  const [, n, outcome] = /^(\d{1,6}) ([a-z]{1,20})$/.exec(text) ?? [];
  return outcome === undefined ? {} : { run: { n: Number(n), outcome } };
}

/** What a hand edit did that waits for a person, see *Rights* in src/README.md. */
export function unconfirmedIn(message: string): Pick<EventCommit, "unconfirmed"> {
  const found = [...message.matchAll(/^Unconfirmed: (\S+) (.+)$/gm)];
  if (found.length === 0) return {};
  return { unconfirmed: new Map(found.map(([, id = "", keys = ""]) => [id, keys.trim().split(/\s+/)])) };
}

/** The trailers of a commit message, the last of each name; only those in its last paragraph count. */
export function readTrailers(message: string): Map<string, string> {
  const last =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  return new Map(
    last.split("\n").flatMap((line) => {
      const match = /^([A-Za-z][A-Za-z-]*): (.*)$/.exec(line);
      return match === null ? [] : [[match[1] as string, (match[2] as string).trim()] as const];
    }),
  );
}

/** The board that a commit's config.yml makes; the default where it has none or one that cannot be read. */
export async function boardAt(journal: Journal, blob: string | null): Promise<Board> {
  if (blob === null) return DEFAULT_CONFIG.board;
  try {
    const { bytes } = await readObject(journal.repository, blob);
    return (await parseConfig(bytes.toString("utf8"))).board;
  } catch {
    return DEFAULT_CONFIG.board;
  }
}

/** Whether a path in the store is a ticket's: of the top directory or of archive/. */
export function isTicketPath(file: string): boolean {
  return /^(?:archive\/[^/]+\/)?[^/.][^/]*\.md$/.test(file) && !/^readme\.md$/i.test(file);
}

/** The ticket of a blob, or undefined where there is none that can be read. */
export async function snapshotOf(journal: Journal, file: string, blob: string | null): Promise<Snapshot | undefined> {
  if (blob === null) return undefined;
  const { bytes } = await readObject(journal.repository, blob);
  const ticket = await parse(bytes, file, blob);
  return "id" in ticket ? { ticket, text: decodeText(bytes, file) } : undefined;
}
