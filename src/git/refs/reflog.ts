import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
} from "node:fs";
import path from "node:path";
import type { CommitPerson } from "../commits/commit.ts";
import { isOid } from "../repository/oid.ts";
import { formatPerson } from "../repository/person.ts";
import { type Repository, readText } from "../repository/repository.ts";

/** What a branch's log says of a move. */
export interface ReflogEntry extends CommitPerson {
  readonly message: string;
}

/** The last commit that a ref's log names, or undefined; how a torn ref is mended. */
export function lastInReflog({ commonDir }: Repository, ref: string): string | undefined {
  const lines = readText(path.join(commonDir, "logs", ref))
    .split("\n")
    .reverse();
  return lines.map((line) => line.slice(41, 81)).find((oid) => isOid(oid) && !/^0+$/.test(oid));
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** A crash can leave half a line at the end, which the next one must not go on with. */
function appendWhole(file: string, line: string): void {
  // Not through a link: whoever may write in .git would choose the file, and with a ticket's title a part of the line.
  const handle = openSync(file, constants.O_RDWR | NO_FOLLOW);
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    const isTorn = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 10;
    if (isTorn) ftruncateSync(handle, readFileSync(file, "latin1").lastIndexOf("\n") + 1);
  } finally {
    closeSync(handle);
  }
  const end = openSync(file, constants.O_WRONLY | constants.O_APPEND | NO_FOLLOW);
  try {
    appendFileSync(end, line);
  } finally {
    closeSync(end);
  }
}

/** Notes a move in the logs that there are: the branch's, and HEAD's where `isHead`. */
export function appendReflogs(
  repository: Repository,
  ref: string,
  { from, to, isHead }: { readonly from: string | undefined; readonly to: string; readonly isHead: boolean },
  entry: ReflogEntry,
): void {
  const message = entry.message.replaceAll(/\s+/g, " ").trim();
  const line = `${from ?? "0".repeat(40)} ${to} ${formatPerson(entry)}\t${message}\n`;
  const files = [path.join(repository.commonDir, "logs", ref)];
  if (isHead) files.push(path.join(repository.gitDir, "logs", "HEAD"));
  for (const file of files) {
    try {
      if (existsSync(file)) appendWhole(file, line);
    } catch {
      // A log that cannot be written loses a convenience, no commit.
    }
  }
}
