import { createHash } from "node:crypto";
import { runGit } from "../../../git/binary/gitBinary.ts";
import type { Repository } from "../../../git/repository/repository.ts";
import type { Host } from "../../../host.ts";

/** What one commit, or a whole branch, changes. */
export interface Patch {
  /** A short hash of the names of the files that it changes; "-" where it changes none. */
  readonly files: string;
  /** As `git patch-id` has it: the same wherever the lines stand; "" where nobody asked yet. */
  readonly id: string;
}

/** By a commit's id, or by `<tip> <fork>` for all that lies between two. */
export type Patches = Map<string, Patch>;

/** Shows what commits change. */
export interface PatchReader {
  /** By key; what git cannot show is not there. */
  files(keys: readonly string[]): Promise<Map<string, string>>;
  ids(keys: readonly string[]): Promise<Map<string, string>>;
  /** The names of the files that each changes. */
  names(keys: readonly string[]): Promise<Map<string, readonly string[]>>;
  /** Why git could not show some of it; in a sentence. */
  readonly trouble: string | undefined;
}

/** Of what changes no file. */
export const NO_FILES = "-";

/** Plumbing that runs nothing of anybody's; what is renamed is told as two files, as `git patch-id` wants it. */
const PLAIN = ["-r", "--root", "--no-renames", "--no-ext-diff", "--no-textconv", "--submodule=short", "--full-index"];
/** One run of git is given so many: it ends in time. */
const AT_ONCE = 1_000;
const NAMES = ["--always", "--raw", "--no-abbrev"];
/** A larger file counts as one that is no text: nobody waits for the difference of data. */
const SETTINGS = { "core.bigFileThreshold": "1m", "diff.algorithm": "myers", "diff.context": "3" };

/**
 * Reads what commits change by the git binary, in a git directory of our own: no configuration, attribute, replacement
 * or program of the project has a say.
 */
export function patchReader(repository: Repository, { env }: Pick<Host, "env">): PatchReader {
  let trouble: string | undefined;
  const show = async (keys: readonly string[], flags: readonly string[]): Promise<Map<string, string[]>> => {
    const found = new Map<string, string[]>();
    for (let from = 0; from < keys.length && trouble === undefined; from += AT_ONCE) {
      const some = keys.slice(from, from + AT_ONCE);
      // With two commits on a line the second is taken for the parent of the first.
      const input = some.map((key) => `${key}\n`).join("");
      const options = { at: repository.commonDir, objects: repository, settings: SETTINGS, env, input };
      const { code, stdout, stderr } = await runGit(["diff-tree", "--stdin", ...PLAIN, ...flags], options);
      if (code !== 0) trouble = troubleOf(code, stderr);
      const parts = partsOf(stdout);
      // The last one may be cut short.
      if (code !== 0) parts.pop();
      for (const { oid, lines } of parts) found.set(oid, lines);
    }
    return found;
  };
  const byKey = async <T>(
    keys: readonly string[],
    flags: readonly string[],
    make: (lines: readonly string[]) => T,
  ): Promise<Map<string, T>> => {
    const answer = new Map<string, T>();
    for (const some of turns(keys)) {
      const shown = await show(some, flags);
      for (const key of some) {
        const lines = shown.get(key.slice(0, 40));
        if (lines !== undefined) answer.set(key, make(lines));
      }
    }
    return answer;
  };
  return {
    files: (keys) => byKey(keys, NAMES, (lines) => filesHash(namesIn(lines))),
    names: (keys) => byKey(keys, NAMES, namesIn),
    ids: (keys) => byKey(keys, ["--always", "-p"], patchId),
    get trouble() {
      return trouble;
    },
  };
}

/** The keys in turns of which each has a commit once: git names only that in its answer. */
function turns(keys: readonly string[]): string[][] {
  const all: { readonly oids: Set<string>; readonly keys: string[] }[] = [];
  for (const key of keys) {
    const oid = key.slice(0, 40);
    let turn = all.find(({ oids }) => !oids.has(oid));
    if (turn === undefined) {
      turn = { oids: new Set(), keys: [] };
      all.push(turn);
    }
    turn.oids.add(oid);
    turn.keys.push(key);
  }
  return all.map((turn) => turn.keys);
}

function partsOf(stdout: string): { readonly oid: string; readonly lines: string[] }[] {
  const parts: { oid: string; lines: string[] }[] = [];
  for (const line of stdout.split("\n")) {
    if (/^[0-9a-f]{40}$/.test(line)) parts.push({ oid: line, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts;
}

function namesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => (line.startsWith(":") ? line.slice(line.indexOf("\t") + 1) : []));
}

function filesHash(names: readonly string[]): string {
  return names.length === 0 ? NO_FILES : hashOf([...names].sort().join("\n")).slice(0, 8);
}

/** As `git patch-id --stable`: without numbers of lines and blanks, each file for itself; what is no text by its blobs. */
export function patchId(lines: readonly string[]): string {
  const files: string[] = [];
  let own: string[] = [];
  const end = (): void => {
    if (own.length > 0) files.push(hashOf(own.join("\n")));
    own = [];
  };
  let index = "";
  let isHead = false;
  for (const line of lines) {
    if (line.startsWith("diff --git ")) {
      end();
      isHead = true;
    }
    if (line.startsWith("@@ ")) isHead = false;
    else if (isHead && line.startsWith("index ")) index = line;
    else if (line !== "") own.push(...(isHead && line.startsWith("Binary files ") ? [index, line] : [squeezed(line)]));
  }
  end();
  return files.length === 0 ? NO_FILES : hashOf(files.sort().join("\n"));
}

function squeezed(line: string): string {
  return line.replaceAll(/\s+/g, "");
}

function hashOf(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 32);
}

function troubleOf(code: number | null, stderr: string): string {
  const why = stderr.trim().split("\n").at(-1) ?? "";
  if (code === null && why === "") return "there is no git on the PATH, or it took too long";
  return `git says: ${why.replace(/^(?:fatal|error): /, "")}`;
}
