import { AyoError } from "../../error.ts";
import { readLines } from "./markdown.ts";
import { splitDocument } from "./splitDocument.ts";

const BEGIN = /^(<{7,}) /;
const MIDDLE = /^(={7,})\r?$/;
const END = /^(>{7,}) /;

/**
 * The line, from 1, at which git wrote a merge conflict into a text that nobody has settled: its three marks in
 * order, all equally long. Inside a code fence of the body they are taken for an example.
 */
export function conflictLine(source: string): number | undefined {
  if (!source.startsWith("<<<<<<<") && !source.includes("\n<<<<<<<")) return undefined;
  const { body } = splitDocument(source);
  const front = source.slice(0, body).split("\n");
  if (body > 0) front.pop();
  const lines = [...(body > 0 ? front : []), ...readLines(source, body).map((line) => (line.fenced ? "" : line.text))];
  const wanted = [BEGIN, MIDDLE, END];
  let [begin, length, found] = [0, 0, 0];
  for (const [at, line] of lines.entries()) {
    const opened = BEGIN.exec(line)?.[1]?.length;
    if (opened !== undefined) [begin, length, found] = [at, opened, 1];
    else if (found > 0 && wanted[found]?.exec(line)?.[1]?.length === length) found++;
    if (found === wanted.length) return begin + 1;
  }
  return undefined;
}

/** What a person is to do about a conflict in a file. */
export const UNSETTLED = "git conflict markers: settle the conflict and remove the <<<<<<<, ======= and >>>>>>> lines";

/** @throws bad_ticket with the line of a conflict that is not settled */
export function assertSettled(source: string, path: string): void {
  const line = conflictLine(source);
  if (line !== undefined) throw new AyoError("bad_ticket", UNSETTLED, { data: { path, line } });
}
