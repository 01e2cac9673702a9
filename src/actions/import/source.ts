import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import { isFolder, namesIn } from "./directory.ts";
import type { Gathered } from "./foreign.ts";
import { readRecords } from "./jsonRecords.ts";
import { isBacklog, readBacklog } from "./sources/backlog.ts";
import { isBeads, readBeads } from "./sources/beads.ts";
import { readJsonLines } from "./sources/jsonLines.ts";
import { isTkDirectory, readTkDirectory } from "./sources/tkDirectory.ts";

/** The tools whose tickets can be read, as `--from` names them. */
export const KINDS = ["tk", "ayo", "jsonl", "beads", "backlog"] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** What the user points at. */
export interface Wanted {
  /** A directory or file, relative to the working directory; `-` is standard input. */
  readonly path: string;
  /** Overrides what the path looks like. */
  readonly from?: Kind | undefined;
  readonly stdin?: (() => Promise<string>) | undefined;
}

/** Everything of a source, and which kind it turned out to be. */
export interface Source extends Gathered {
  readonly kind: Kind;
}

/** Where projects keep their tickets: a project's own path is enough. */
const USUAL = [".tickets", ".beads", "backlog", ".backlog"];
/** What beads calls its export, the newest name first. */
const BEADS_FILES = ["issues.jsonl", "beads.jsonl"];

/**
 * Reads a source, finding out by itself what it is.
 * @throws not_found where there is nothing, bad_input for what is no source, or is the store itself
 */
export async function readSource(store: Store, wanted: Wanted): Promise<Source> {
  if (wanted.path === "-") return readLines(Buffer.from(await readStdin(wanted)), "(stdin)", wanted.from);
  const where = path.resolve(store.host.cwd, wanted.path);
  const stat = statOf(where);
  if (stat === undefined) throw new AyoError("not_found", `${wanted.path} does not exist`, { data: { path: where } });
  if (stat.isDirectory()) return readDirectory(store, where, wanted);
  if (wanted.from === "tk" || wanted.from === "ayo" || wanted.from === "backlog") {
    throw new AyoError("bad_input", `${wanted.path} is a file; ${wanted.from} keeps its tickets in a directory`);
  }
  return readFile(where, stat, wanted.path, wanted.from);
}

async function readStdin({ stdin }: Wanted): Promise<string> {
  if (stdin === undefined) throw new AyoError("bad_input", "there is no standard input to read here");
  return stdin();
}

function readFile(where: string, stat: Stats, shown: string, from: Kind | undefined): Promise<Source> {
  if (!stat.isFile() && !stat.isFIFO()) throw new AyoError("bad_input", `${shown} is neither a file nor a directory`);
  return readLines(readOrRefuse(where, shown), shown, from);
}

function readOrRefuse(where: string, shown: string): Buffer {
  try {
    return readFileSync(where);
  } catch (error) {
    throw new AyoError("bad_input", `cannot read ${shown}: ${(error as Error).message}`, { cause: error });
  }
}

async function readLines(bytes: Buffer, shown: string, from: Kind | undefined): Promise<Source> {
  const { records, needYou } = readRecords(bytes, shown);
  // Whoever says what it is gets what can be read of it; other text may hold a line of JSON by chance.
  if (from === undefined && needYou.length > records.length) {
    const message = `${shown} is no JSON lines: ${needYou.length} of ${needYou.length + records.length} lines are none`;
    throw new AyoError("bad_input", `${message}; --from jsonl or beads takes the others all the same`);
  }
  const kind = from ?? (records.some(isBeads) ? "beads" : "jsonl");
  const gathered = kind === "beads" ? await readBeads(records) : await readJsonLines(records);
  return { ...gathered, kind, needYou: [...needYou, ...gathered.needYou] };
}

async function readDirectory(store: Store, dir: string, { path: shown, from }: Wanted): Promise<Source> {
  const kind = from ?? kindOf(dir);
  if (kind === undefined) {
    const inside = USUAL.filter((name) => isFolder(path.join(dir, name)));
    const [only = ""] = inside;
    if (inside.length === 1) return readDirectory(store, path.join(dir, only), { path: path.join(shown, only) });
    throw unknownDirectory(shown, inside);
  }
  refuseItself(store, dir, shown);
  if (kind === "backlog") return { kind, ...(await readBacklog(dir, shown)) };
  if (kind === "tk" || kind === "ayo") return { kind, ...(await readTkDirectory(dir, shown)) };
  const name = BEADS_FILES.find((one) => statOf(path.join(dir, one))?.isFile());
  if (kind === "jsonl" || name === undefined) throw noExport(kind, shown);
  const file = path.join(dir, name);
  return readFile(file, statSync(file), path.join(shown, name), kind);
}

function kindOf(dir: string): Kind | undefined {
  const names = namesIn(dir);
  if (path.basename(dir) === ".beads" || BEADS_FILES.some((name) => names.includes(name))) return "beads";
  if (isBacklog(dir)) return "backlog";
  if (!isTkDirectory(dir)) return undefined;
  return names.includes("config.yml") || names.includes("archive") ? "ayo" : "tk";
}

/** Importing a store into itself would make every ticket its own duplicate. */
function refuseItself(store: Store, dir: string, shown: string): void {
  const own = statOf(store.dir);
  const from = statOf(dir);
  const isSame = own !== undefined && own.dev === from?.dev && own.ino === from.ino;
  const inside = own === undefined ? ".." : path.relative(realpathSync(store.dir), realpathSync(dir));
  if (!isSame && (inside.startsWith("..") || path.isAbsolute(inside))) return;
  throw new AyoError("bad_input", `${shown} is the store itself: its tickets are here already`, {
    data: { path: dir, store: store.dir },
  });
}

function unknownDirectory(shown: string, inside: readonly string[]): AyoError {
  const [first] = inside;
  const message =
    first === undefined
      ? `${shown} holds no tickets of tk, ayo, beads or Backlog.md; --from says what it is`
      : `${shown} holds ${inside.join(" and ")}: name one of them`;
  return new AyoError("bad_input", message, {
    ...(first === undefined ? {} : { try: ["ayo", "import", path.join(shown, first)] }),
    data: { found: inside },
  });
}

function noExport(kind: Kind, shown: string): AyoError {
  if (kind === "jsonl") return new AyoError("bad_input", `${shown} is a directory; JSON lines are a file`);
  const file = path.join(shown, "issues.jsonl");
  return new AyoError("bad_input", `${shown} has no issues.jsonl: beads keeps its issues in a database`, {
    try: ["bd", "export", "-o", file],
  });
}

function statOf(where: string): Stats | undefined {
  try {
    return statSync(where, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
