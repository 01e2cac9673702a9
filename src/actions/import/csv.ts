import { AyoError } from "../../error.ts";
import { decodeText } from "../../store/disk/readFile.ts";
import type { NeedsYou } from "./foreign.ts";
import type { JsonRecord } from "./jsonRecords.ts";
import { MAX_DOCUMENT, tooLarge } from "./limits.ts";

interface Row {
  /** Where it begins; lines count from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of a CSV file by the names of their columns; rows that are longer than the first need the user. */
export function readCsv(
  bytes: Buffer,
  path: string,
): {
  readonly columns: readonly string[];
  readonly records: readonly JsonRecord[];
  readonly needYou: readonly NeedsYou[];
} {
  if (bytes.length > MAX_DOCUMENT) throw tooLarge(path);
  const [head, ...rows] = parseCsv(decodeText(bytes, path).replace(/^\uFEFF/, ""), path);
  const columns = (head?.cells ?? []).map((cell) => cell.trim());
  const twice = columns.find((name, at) => name !== "" && columns.indexOf(name) !== at);
  if (twice !== undefined) throw new AyoError("bad_input", `${path}: the column '${twice}' is there twice`);
  const records: JsonRecord[] = [];
  const needYou: NeedsYou[] = [];
  for (const { line, cells } of rows) {
    const isLonger = cells.slice(columns.length).some((cell) => cell.trim() !== "");
    const message = "has more values than there are columns";
    if (isLonger) needYou.push({ path, line, id: null, message });
    else
      records.push({
        place: { path, line },
        value: Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ""])),
      });
  }
  return { columns, records, needYou };
}

/** The columns of the first row, where a text may be CSV; only its beginning is looked at. */
export function columnsOf(bytes: Buffer): readonly string[] {
  const text = bytes
    .subarray(0, 4096)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const [first = ""] = text.split(/\r?\n/, 1);
  return first.split(",").map((cell) => cell.trim().replaceAll(/^"|"$/g, ""));
}

/** Splits a text as RFC 4180 says; empty lines are nothing. @throws bad_input with the line of what is no CSV */
function parseCsv(text: string, path: string): Row[] {
  const rows: Row[] = [];
  let cells: string[] = [];
  let [at, line, start] = [0, 1, 1];
  while (at < text.length) {
    const [cell, end] = text[at] === '"' ? readQuoted(text, at, `${path}:${line}`) : readPlain(text, at);
    cells.push(cell);
    line += cell.split("\n").length - 1;
    at = end;
    if (text[at] === ",") {
      at++;
      if (at === text.length) cells.push("");
      continue;
    }
    at = afterRow(text, at, `${path}:${line}`);
    line++;
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: start, cells });
    [cells, start] = [[], line];
  }
  if (cells.length > 0) rows.push({ line: start, cells });
  return rows;
}

/** Where the next row begins. */
function afterRow(text: string, at: number, place: string): number {
  if (at >= text.length || text[at] === "\n") return at + 1;
  if (text[at] !== "\r") throw new AyoError("bad_input", `${place}: no CSV: there is text after a closing quote`);
  return text[at + 1] === "\n" ? at + 2 : at + 1;
}

function readPlain(text: string, from: number): [string, number] {
  PLAIN.lastIndex = from;
  const end = PLAIN.exec(text)?.index ?? text.length;
  return [text.slice(from, end), end];
}

const PLAIN = /[,\r\n]/g;

function readQuoted(text: string, from: number, place: string): [string, number] {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new AyoError("bad_input", `${place}: no CSV: a quote is opened and never closed`);
    if (text[quote + 1] !== '"') return [text.slice(from + 1, quote).replaceAll('""', '"'), quote + 1];
    at = quote + 2;
  }
}
