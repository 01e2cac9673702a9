import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { doctor } from "../../src/actions/doctor/doctor.ts";
import { invoke } from "../../src/actions/input/action.ts";
import { createTicket } from "../../src/index.ts";
import { gitMeanwhile } from "./git.ts";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { type SweptCommand, type Texts, textsOf, titled } from "./sweptCommands.ts";
import type { TempStore } from "./tempStore.ts";

/** What a sweep found wrong, in words; nothing where all is well. */
export type Complaints = string[];

/** How often a command's commit is in the branch since a commit. */
export async function commitsOf(
  { commit }: Pick<SweptCommand, "commit">,
  { repo }: TempStore,
  since: string,
): Promise<number> {
  const subjects = await gitMeanwhile(repo, "log", "--format=%an: %s", `${since}..HEAD`);
  return subjects.split("\n").filter((one) => commit.test(one)).length;
}

/** Whether a change is in the files: "part" where only some of it is. */
export function presence(command: Pick<SweptCommand, "parts">, texts: Texts): "there" | "absent" | "part" {
  const parts = command.parts(texts);
  if (parts.every(Boolean)) return "there";
  return parts.some(Boolean) ? "part" : "absent";
}

const NEXT = "The next command";
/** Nobody has so much patience: a lock that only grows old ends the next command with `store_busy`. */
const NEVER = { AYO_LOCK_STALE_MS: "3600000" };
/** What has not ended by then never will, on the slowest machine. */
const HANGS_MS = 120_000;

/** Whether the next command needs no help, no patience, and says nothing but itself. */
export async function nextCommand(store: TempStore): Promise<Complaints> {
  const opened = store.open({ env: { ...hermeticEnv(sharedHome()), ...NEVER } });
  const made = await Promise.race([createTicket(opened, { title: NEXT }), after(HANGS_MS)]);
  if (made === undefined) return ["the next command hangs"];
  const { notices, deferred } = made;
  const isOnce = titled(textsOf(store), NEXT) === 1;
  return [
    ...notices.map((notice) => `the next command said: ${notice}`),
    ...(deferred === undefined ? [] : [`the next command was deferred: ${deferred}`]),
    ...(isOnce ? [] : ["the next command's ticket is not there"]),
  ];
}

/** Ends with nothing; holds no process up. */
function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}

/** What git, doctor and a look into the folders find wrong with a store that nobody is at. */
export async function whatIsWrong(store: TempStore, since: string): Promise<Complaints> {
  const subjects = "--format=%s%x00%(trailers:key=By-hand,valueonly,separator=)";
  const [status, fsck, byHand] = await Promise.all([
    gitMeanwhile(store.repo, "status", "--porcelain"),
    gitMeanwhile(store.repo, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"),
    gitMeanwhile(store.repo, "log", subjects, `${since}..HEAD`),
  ]);
  const { findings } = await invoke(doctor, store.open(), {});
  return [
    ...status
      .split("\n")
      .filter((line) => line !== "" && line !== "A  staged.txt")
      .map((line) => `git status: ${line}`),
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
