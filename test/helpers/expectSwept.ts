import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { invoke } from "../../src/actions/action.ts";
import { doctor } from "../../src/actions/doctor.ts";
import { createTicket } from "../../src/index.ts";
import { git } from "./git.ts";
import { type SweptCommand, type Texts, textsOf, titled } from "./sweptCommands.ts";
import type { TempStore } from "./tempStore.ts";

/** What a sweep found wrong, in words; nothing where all is well. */
export type Complaints = string[];

/** How often a command's commit is in the branch since it was `template`'s. */
export function commitsOf({ commit }: Pick<SweptCommand, "commit">, store: TempStore, template: TempStore): number {
  const since = git(template.repo, "rev-parse", "HEAD");
  const subjects = git(store.repo, "log", "--format=%an: %s", `${since}..HEAD`).split("\n");
  return subjects.filter((one) => commit.test(one)).length;
}

/** Whether a change is in the files: "part" where only some of it is. */
export function presence(command: Pick<SweptCommand, "parts">, texts: Texts): "there" | "absent" | "part" {
  const parts = command.parts(texts);
  if (parts.every(Boolean)) return "there";
  return parts.some(Boolean) ? "part" : "absent";
}

const NEXT = "The next command";
/** Waiting for a lock that grows stale would take ten seconds; a busy machine takes some. */
const QUICK_MS = 9_000;

/** Whether the next command needs no help and says nothing but itself. */
export async function nextCommand(store: TempStore): Promise<Complaints> {
  const begin = performance.now();
  const { notices, deferred } = await createTicket(store.open(), { title: NEXT });
  const took = performance.now() - begin;
  const isOnce = titled(textsOf(store), NEXT) === 1;
  return [
    ...notices.map((notice) => `the next command said: ${notice}`),
    ...(deferred === undefined ? [] : [`the next command was deferred: ${deferred}`]),
    ...(took < QUICK_MS ? [] : [`the next command took ${Math.round(took)} ms`]),
    ...(isOnce ? [] : ["the next command's ticket is not there"]),
  ];
}

/** What git, doctor and a look into the folders find wrong with a store that nobody is at. */
export async function whatIsWrong(store: TempStore, since: string): Promise<Complaints> {
  const status = git(store.repo, "status", "--porcelain").split("\n");
  const fsck = git(store.repo, "fsck", "--full", "--strict", "--no-dangling", "--no-progress");
  const byHand = git(
    store.repo,
    "log",
    "--format=%s%x00%(trailers:key=By-hand,valueonly,separator=)",
    `${since}..HEAD`,
  );
  const { findings } = await invoke(doctor, store.open(), {});
  return [
    ...status.filter((line) => line !== "" && line !== "A  staged.txt").map((line) => `git status: ${line}`),
    ...(fsck === "" ? [] : [`git fsck: ${fsck}`]),
    ...byHand
      .split("\n")
      .flatMap((line) => (line.endsWith("\0") || line === "" ? [] : [`by hand: ${line.split("\0")[0]}`])),
    ...findings.map(({ code, path: file, message }) => `doctor: ${code} ${file}: ${message}`),
    ...leftOver(store),
  ];
}

/** Locks, records and temporary files that no process is at any more. */
function leftOver({ repo }: TempStore): Complaints {
  const names = readdirSync(path.join(repo, ".git"), { recursive: true, encoding: "utf8" });
  const patterns = {
    lock: /\.lock$|^ayo\/(?:.*\/)?lock(?:\.json.*)?$/,
    "temporary file": /(?:^|\/)tmp_(?:obj|idx)_|^ayo\/(?:.*\/)?tmp\/./,
    record: /^ayo\/(?:.*\/)?redo\/./,
  };
  return Object.entries(patterns).flatMap(([what, pattern]) =>
    names
      .filter((name) => pattern.test(name) && !isSettling(path.join(repo, ".git", name)))
      .map((name) => `${what} left: ${name}`),
  );
}

/** The record of a large change stays for a while, until the kernel has written everything. */
function isSettling(file: string): boolean {
  return file.endsWith(".json") && JSON.parse(readFileSync(file, "utf8")).state === "settling";
}
