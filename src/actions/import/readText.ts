import { AyoError } from "../../error.ts";
import { decodeText } from "../../store/disk/readFile.ts";
import { columnsOf } from "./csv.ts";
import type { Gathered } from "./foreign.ts";
import { isObject, type JsonRecord, readRecords } from "./jsonRecords.ts";
import type { Kind } from "./kinds.ts";
import { MAX_DOCUMENT, tooLarge } from "./limits.ts";
import { isBeads, readBeads } from "./sources/beads.ts";
import { withDeletions } from "./sources/beadsDeletions.ts";
import { isGitHub, readGitHub } from "./sources/github.ts";
import { readJsonLines } from "./sources/jsonLines.ts";
import { isLinear, readLinear } from "./sources/linear.ts";
import { isTaskMaster, readTaskMaster } from "./sources/taskMaster.ts";
import { isVibeKanban, readVibeKanbanCsv, readVibeKanbanZip } from "./sources/vibeKanban.ts";
import { isZip } from "./zip.ts";

/** Everything of a source, and which kind it turned out to be. */
export interface Source extends Gathered {
  readonly kind: Kind;
}

/** What is known of a file besides its bytes. */
interface About {
  readonly from?: Kind | undefined;
  /** The folder that it lies in. */
  readonly dir?: string | undefined;
}

/** Reads a file's bytes, finding out what they are where nobody says it. @throws bad_input for what is no source */
export async function readText(bytes: Buffer, shown: string, { from, dir }: About): Promise<Source> {
  const kind = from ?? (isZip(bytes) ? "vibe-kanban" : kindOfTable(bytes));
  if (kind === "linear") return { kind, ...(await readLinear(bytes, shown)) };
  if (kind === "vibe-kanban")
    return { kind, ...(await (isZip(bytes) ? readVibeKanbanZip : readVibeKanbanCsv)(bytes, shown)) };
  const document = readDocument(bytes, shown);
  if (kind === "task-master" || (kind === undefined && isTaskMaster(document))) {
    return { kind: "task-master", ...(await readTaskMaster(document, shown)) };
  }
  return readLines(bytes, document, shown, { from, dir });
}

/** Tables are told by their first line. */
function kindOfTable(bytes: Buffer): Kind | undefined {
  const columns = columnsOf(bytes);
  if (isVibeKanban(columns)) return "vibe-kanban";
  return isLinear(columns) ? "linear" : undefined;
}

async function readLines(bytes: Buffer, document: unknown, shown: string, { from, dir }: About): Promise<Source> {
  const { records, needYou } = document === undefined ? readRecords(bytes, shown) : readItems(document, shown);
  // Whoever says what it is gets what can be read of it; other text may hold a line of JSON by chance.
  if (from === undefined && needYou.length > records.length) {
    const message = `${shown} is no JSON lines: ${needYou.length} of ${needYou.length + records.length} lines are none`;
    throw new AyoError("bad_input", `${message}; --from jsonl or beads takes the others all the same`);
  }
  const kind = from ?? kindOfRecords(records);
  const gathered = await readAs(kind, records, dir);
  return { ...gathered, kind, needYou: [...needYou, ...gathered.needYou] };
}

async function readAs(kind: Kind, records: readonly JsonRecord[], dir: string | undefined): Promise<Gathered> {
  if (kind === "github") return readGitHub(records);
  if (kind !== "beads") return readJsonLines(records);
  const gathered = await readBeads(records);
  return dir === undefined ? gathered : withDeletions(gathered, dir);
}

function kindOfRecords(records: readonly JsonRecord[]): Kind {
  if (records.some(isBeads)) return "beads";
  return records.length > 0 && records.every(isGitHub) ? "github" : "jsonl";
}

/** The items of a list, or a single record. */
function readItems(document: unknown, shown: string): ReturnType<typeof readRecords> {
  const records: JsonRecord[] = [];
  const needYou: { path: string; line: number; id: null; message: string }[] = [];
  for (const [at, item] of (Array.isArray(document) ? document : [document]).entries()) {
    const place = { path: Array.isArray(document) ? `${shown}: item ${at + 1}` : shown, line: 0 };
    if (isObject(item)) records.push({ place, value: item });
    else needYou.push({ ...place, id: null, message: "no JSON object" });
  }
  return { records, needYou };
}

/** The one JSON value that a file holds, over lines or in one; undefined for JSON lines and other text. */
export function readDocument(bytes: Buffer, shown: string): unknown {
  const begin = bytes
    .subarray(0, 4096)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (!/^[[{]/.test(begin)) return undefined;
  const end = bytes.indexOf(10);
  if (begin.startsWith("{") && parse(bytes.subarray(0, end < 0 ? bytes.length : end), shown) !== undefined) {
    return end < 0 || /^\s*$/.test(bytes.toString("utf8", end)) ? parse(bytes, shown) : undefined;
  }
  if (bytes.length > MAX_DOCUMENT) throw tooLarge(shown);
  return parse(bytes, shown);
}

/** A JSON value; undefined where it is none. */
function parse(bytes: Buffer, shown: string): unknown {
  try {
    return JSON.parse(decodeText(bytes, shown).replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof AyoError) return undefined;
    throw error;
  }
}
