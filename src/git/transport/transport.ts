import { rmSync } from "node:fs";
import path from "node:path";
import type { GitSetting } from "../repository/parseGitConfig.ts";
import { type Repository, readFile } from "../repository/repository.ts";
import { isShallow, makeGround, putRef } from "./ground.ts";
import { type RunOptions, runTransport } from "./runTransport.ts";

/** What git brings to and from another repository for a store. */
export interface Transport {
  /** The commit of a ref there; undefined where it has none. @throws Unreachable */
  look(ref: string): Promise<string | undefined>;
  /** The commits of several refs there, by ref; one that ends in `*` stands for all below. @throws Unreachable */
  lookAll(refs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Brings the commits of refs and all that they need among the store's objects. @throws Unreachable */
  fetch(...refs: readonly string[]): Promise<void>;
  /**
   * Moves a ref there to a commit of ours, forward from the one that it was seen to have. False where it has become
   * another one meanwhile.
   * @throws Unreachable where there is no contact, Refused where the other side does not take it
   */
  push(oid: string, ref: string, seen: string | undefined): Promise<boolean>;
  /**
   * Moves several refs, each by itself and only where it still has the commit that it was seen to have. Returns what each
   * has then, and what git said where not all of them moved.
   * @throws Unreachable where nobody can tell
   */
  pushAll(moves: readonly RefMove[]): Promise<{ readonly there: ReadonlyMap<string, string>; readonly said: string }>;
}

/** What a ref is to become there; undefined: to be no more. */
export interface RefMove {
  readonly ref: string;
  readonly oid: string | undefined;
  readonly seen: string | undefined;
}

/** Where to, and by what. */
export interface TransportOptions extends Pick<RunOptions, "env" | "mayAsk" | "onInterrupt"> {
  /** A directory of ayo's own for git to work in; made where it is missing. */
  readonly dir: string;
  /** Whose objects are sent, and to which they come. */
  readonly repository: Pick<Repository, "commonDir">;
  /** The store's commit now: what need not be brought. */
  readonly head: string | undefined;
  readonly url: string;
  /** What the project's git is told of addresses, credentials and proxies; see waySettings.ts. */
  readonly settings: readonly GitSetting[];
  /** When all of it is to be over, by `performance.now()`. */
  readonly until?: number | undefined;
}

/** A remote that did not answer: in git's own words. */
export class Unreachable extends Error {}
/** A remote that answers and does not take what is pushed: in its own words. */
export class Refused extends Error {}

/** A look is short; objects may be many. */
const LOOK_MS = 60_000;
const MOVE_MS = 15 * 60_000;

const FETCH = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"];

/**
 * The git binary as what carries objects. The store's own git directory may be written by a sandboxed agent, who would
 * name programs there that git runs; so git works in a directory of ayo's own, with the store's objects and nothing else
 * of it. Nothing may ever collect garbage there: it has none of the store's refs.
 */
export function openTransport(options: TransportOptions): Transport {
  const { repository, url, dir } = options;
  const objects = path.join(repository.commonDir, "objects");
  makeGround(dir, readFile(path.join(repository.commonDir, "shallow")));
  if (options.head !== undefined) putRef(dir, "refs/ayo/ours", options.head);
  const run = (args: readonly string[], atMost: number) => {
    const timeoutMs = Math.min(atMost, (options.until ?? Number.POSITIVE_INFINITY) - performance.now());
    if (timeoutMs <= 0) throw new Unreachable("no answer in time");
    return runTransport(args, { ...options, objects, timeoutMs });
  };
  const lookAll = async (refs: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const { code, stdout, stderr } = await run(["ls-remote", "--quiet", "--end-of-options", url, ...refs], LOOK_MS);
    if (code !== 0) throw new Unreachable(saidBy(stderr));
    const lines = stdout.split("\n").flatMap((line) => /^([0-9a-f]{40})\t(\S+)$/.exec(line)?.slice(1, 3) ?? []);
    const found = new Map<string, string>();
    for (let at = 0; at < lines.length; at += 2) {
      const [oid = "", name = ""] = lines.slice(at, at + 2);
      // Git takes what is asked for as the end of a name.
      if (refs.some((ref) => (ref.endsWith("*") ? name.startsWith(ref.slice(0, -1)) : name === ref)))
        found.set(name, oid);
    }
    return found;
  };
  const look = async (ref: string): Promise<string | undefined> => (await lookAll([ref])).get(ref);
  return {
    look,
    lookAll,
    fetch: async (...refs) => {
      // A merge needs where the two began to differ, which a clone cut short may not have.
      const whole = isShallow(dir) ? ["--unshallow"] : [];
      const { code, stderr } = await run(["fetch", ...FETCH, ...whole, "--end-of-options", url, ...refs], MOVE_MS);
      if (code !== 0) throw new Unreachable(saidBy(stderr));
      if (!isShallow(dir)) rmSync(path.join(repository.commonDir, "shallow"), { force: true });
    },
    push: async (oid, ref, seen) => {
      // Only what was seen there may move: somebody may have put it back to an older commit on purpose.
      const flags = ["--quiet", "--no-verify", "--no-signed", `--force-with-lease=${ref}:${seen ?? ""}`];
      const { code, stderr } = await run(["push", ...flags, "--end-of-options", url, `${oid}:${ref}`], MOVE_MS);
      if (code === 0) return true;
      // Neither a lost connection nor a refusal says what the other side has done: it is asked.
      const there = await look(ref);
      if (there === oid) return true;
      if (there !== seen) return false;
      throw new Refused(saidBy(stderr));
    },
    pushAll: async (moves) => {
      const flags = ["--quiet", "--no-verify", "--no-signed"];
      const leases = moves.map(({ ref, seen }) => `--force-with-lease=${ref}:${seen ?? ""}`);
      const specs = moves.map(({ ref, oid }) => `${oid ?? ""}:${ref}`);
      const { code, stderr } = await run(["push", ...flags, ...leases, "--end-of-options", url, ...specs], MOVE_MS);
      const moved = moves.flatMap(({ ref, oid }) => (oid === undefined ? [] : [[ref, oid] as const]));
      if (code === 0) return { there: new Map(moved), said: "" };
      return { there: await lookAll(moves.map(({ ref }) => ref)), said: saidBy(stderr) };
    },
  };
}

/** What git said, in one line and without what an address may say of a password. */
function saidBy(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replaceAll(/\p{Cc}+/gu, " ").trim());
  const told = lines.filter(
    (line) => line !== "" && !/^(?:hint:|To |! \[|Please make sure|and the repository)/.test(line),
  );
  const refused = lines.filter((line) => line.startsWith("! ["));
  return withoutPassword([...told, ...refused].slice(0, 6).join("; ").slice(0, 600)) || "git ended without a word";
}

/** Addresses as they may be printed and remembered: who enters, and by which password, is left out. */
export function withoutPassword(text: string): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, "$1")
    .replaceAll(/([?&;][^=&\s]*(?:token|key|secret|passw)[^=&\s]*=)[^&\s]+/gi, "$1…");
}
