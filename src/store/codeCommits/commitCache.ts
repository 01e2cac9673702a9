import { randomUUID } from "node:crypto";
import { type BigIntStats, closeSync, fstatSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../folderOwner.ts";
import type { CommitPerson } from "../../git/commits/commit.ts";
import { type CommitGraph, decodeGraph, encodeGraph } from "../../git/commits/commitGraph.ts";
import { idsMeant, type TicketTag } from "../../ticket/messages/ticketTags.ts";

/** A commit of the project whose message names tickets. */
export interface TaggedCommit {
  readonly oid: string;
  readonly author: CommitPerson;
  /** When it was committed, in seconds since 1970: later than `author.time` where it was rewritten. */
  readonly committed: number;
  readonly subject: string;
  readonly tags: readonly TicketTag[];
}

/** The tagged commits, as lines that are only taken apart when they are asked for. */
export interface TaggedCommits {
  /** Those with a tag that may mean this id; see resolveTag. */
  naming(id: string): TaggedCommit[];
  all(): TaggedCommit[];
  /** By commit id, for the next cache. */
  lines(): Map<string, string>;
}

/** What was found at the last scan. */
export interface CommitCache {
  readonly fingerprint: string;
  readonly commits: TaggedCommits;
  /** The graph of all commits, tagged or not; read when it is asked for. @throws where it is damaged */
  graph(): CommitGraph;
}

/** One line: the ids that its tags may mean with blanks around them, a tab, the commit as JSON. */
type Row = readonly [
  oid: string,
  name: string,
  email: string,
  time: number,
  timezone: string,
  committed: number,
  subject: string,
  certain: readonly string[],
  uncertain: readonly string[],
];

interface Header {
  readonly version: number;
  readonly commonDir: string;
  readonly fingerprint: string;
  readonly lines: number;
  readonly graph: number;
}

const FILE = "commits.table";
const VERSION = 1;
/** A header is shorter, since a path is at most 4096 long. */
const MAX_HEADER = 8192;

/** The cache of a repository's commits, or undefined where there is none that can be read. */
export function loadCommits(stateDir: string, commonDir: string): CommitCache | undefined {
  const file = path.join(stateDir, FILE);
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const start = readPart(handle, 0, MAX_HEADER);
    const end = start.indexOf(10) + 1;
    const header = JSON.parse(start.toString("utf8", 0, end)) as Header;
    const written = fstatSync(handle, { bigint: true });
    const isWhole = Number(written.size) === end + header.lines + header.graph;
    if (header.version !== VERSION || header.commonDir !== commonDir || !isWhole) return undefined;
    const lines = readPart(handle, end, header.lines);
    return {
      fingerprint: header.fingerprint,
      commits: taggedCommits(lines),
      graph: () => decodeGraph(readGraph(file, written, end + header.lines)),
    };
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Writes the cache. Failing to is no error: it is disposable. */
export function saveCommits(
  stateDir: string,
  commonDir: string,
  { fingerprint, lines, graph }: { fingerprint: string; lines: Iterable<string>; graph: CommitGraph },
): void {
  const file = path.join(stateDir, FILE);
  const temporary = `${file}.${randomUUID()}`;
  const text = Buffer.from([...lines].join(""));
  const bytes = encodeGraph(graph);
  const header: Header = { version: VERSION, commonDir, fingerprint, lines: text.length, graph: bytes.length };
  try {
    writeOwned(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), text, bytes]));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** A commit's line; see {@link Row}. */
export function formatLine({ oid, author, committed, subject, tags }: TaggedCommit): string {
  const texts = (wanted: boolean): string[] => tags.flatMap(({ text, certain }) => (certain === wanted ? [text] : []));
  const { name, email, time, timezone } = author;
  const row: Row = [oid, name, email, time, timezone, committed, subject, texts(true), texts(false)];
  return ` ${tags.flatMap(idsMeant).join(" ")} \t${JSON.stringify(row)}\n`;
}

/** Commits from the bytes of their lines. */
export function taggedCommits(bytes: Buffer): TaggedCommits {
  const all = (): string[] => bytes.toString("utf8").split("\n").slice(0, -1);
  return {
    naming: (id) => [...linesNaming(bytes, id.toLowerCase())].map(parseLine),
    all: () => all().map(parseLine),
    lines: () => new Map(all().map((line) => [oidOf(line), `${line}\n`])),
  };
}

function* linesNaming(bytes: Buffer, id: string): Generator<string> {
  const needle = ` ${id} `;
  for (let at = bytes.indexOf(needle); at >= 0; ) {
    const begin = bytes.lastIndexOf(10, at) + 1;
    const end = bytes.indexOf(10, at);
    // A subject may hold the id too.
    if (at < bytes.indexOf(9, begin)) yield bytes.toString("utf8", begin, end);
    at = bytes.indexOf(needle, end);
  }
}

function oidOf(line: string): string {
  const at = line.indexOf("\t") + '["'.length + 1;
  return line.slice(at, at + 40);
}

function parseLine(line: string): TaggedCommit {
  const row = JSON.parse(line.slice(line.indexOf("\t") + 1)) as Row;
  const [oid, name, email, time, timezone, committed, subject, certain, uncertain] = row;
  const tags = [
    ...certain.map((text) => ({ text, certain: true })),
    ...uncertain.map((text) => ({ text, certain: false })),
  ];
  return { oid, author: { name, email, time, timezone }, committed, subject, tags };
}

/** @throws where another process has replaced the file since */
function readGraph(file: string, written: BigIntStats, from: number): Buffer {
  const handle = openSync(file, "r");
  try {
    const { ino, size, mtimeNs } = fstatSync(handle, { bigint: true });
    if (ino !== written.ino || size !== written.size || mtimeNs !== written.mtimeNs) throw new Error("another cache");
    return readPart(handle, from, Number(size) - from);
  } finally {
    closeSync(handle);
  }
}

function readPart(handle: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = readSync(handle, bytes, done, length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
