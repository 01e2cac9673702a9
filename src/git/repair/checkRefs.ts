import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { readHead } from "../refs/refs.ts";
import { isOid } from "../repository/oid.ts";
import { type Repository, readText } from "../repository/repository.ts";
import { filesBelow } from "./strayFiles.ts";

/** A ref whose file holds no commit id, or HEAD's branch without a commit. */
export interface BadRef {
  readonly ref: string;
  readonly state: "missing" | "damaged";
}

/** What makes a directory a git directory; in a repository that lost one git sees none at all. */
const PARTS = ["objects", "refs", "HEAD"] as const;

/**
 * The git directory that lies in `dir`, also one that lost what git recognises it by; undefined where there is none.
 */
export function brokenRepository(dir: string): Repository | undefined {
  const gitDir = path.join(dir, ".git");
  if (!lstatSync(gitDir, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return { worktree: dir, gitDir, commonDir: gitDir, bare: false };
}

/** The parts that a git directory lacks. */
export function missingParts({ commonDir, gitDir }: Repository): string[] {
  return PARTS.filter((name) => !existsSync(path.join(name === "HEAD" ? gitDir : commonDir, name)));
}

/** Whether HEAD is a file that names neither a branch nor a commit. */
export function isHeadDamaged({ gitDir }: Repository): boolean {
  const text = readText(path.join(gitDir, "HEAD")).trim();
  return existsSync(path.join(gitDir, "HEAD")) && !isOid(text) && !/^ref: refs\/\S+$/.test(text);
}

/** The lines of packed-refs that can be read, where there are others too; undefined where all is well. */
export function soundPackedRefs({ commonDir }: Repository): string | undefined {
  const text = readText(path.join(commonDir, "packed-refs"));
  const lines = text.split("\n");
  const last = lines.pop();
  const sound = lines.filter(
    (line) => line.startsWith("#") || /^(?:[0-9a-f]{40} refs\/\S+|\^[0-9a-f]{40})$/.test(line),
  );
  return sound.length === lines.length && last === "" ? undefined : sound.map((line) => `${line}\n`).join("");
}

/** Every damaged ref, and the branch of HEAD when it has no commit: right in a new repository only. */
export function checkRefs(repository: Repository): BadRef[] {
  const { commonDir } = repository;
  const damaged = filesBelow(path.join(commonDir, "refs"))
    .filter((file) => !file.endsWith(".lock") && !isRefText(readText(file).trim()))
    .map((file): BadRef => ({ ref: nameOf(commonDir, file), state: "damaged" }));
  const head = readHead(repository);
  if (head.ref === undefined || head.oid !== undefined || damaged.some(({ ref }) => ref === head.ref)) return damaged;
  return [...damaged, { ref: head.ref, state: "missing" }];
}

function isRefText(text: string): boolean {
  return isOid(text) || text.startsWith("ref: refs/");
}

function nameOf(commonDir: string, file: string): string {
  return path.relative(commonDir, file).split(path.sep).join("/");
}
