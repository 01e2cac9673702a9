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
  /** Brings the commit of a ref and all that it needs among the store's objects. @throws Unreachable */
  fetch(ref: string): Promise<void>;
  /**
   * Moves a ref there to a commit of ours, forward from the one that it was seen to have. False where it has become
   * another one meanwhile.
   * @throws Unreachable where there is no contact, Refused where the other side does not take it
   */
  push(oid: string, ref: string, seen: string | undefined): Promise<boolean>;
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
  const run = (args: readonly string[], timeoutMs: number) => runTransport(args, { ...options, objects, timeoutMs });
  const look = async (ref: string): Promise<string | undefined> => {
    const { code, stdout, stderr } = await run(["ls-remote", "--quiet", "--end-of-options", url, ref], LOOK_MS);
    if (code !== 0) throw new Unreachable(saidBy(stderr));
    return stdout
      .split("\n")
      .find((line) => line.endsWith(`\t${ref}`))
      ?.slice(0, 40);
  };
  return {
    look,
    fetch: async (ref) => {
      // A merge needs where the two began to differ, which a clone cut short may not have.
      const whole = isShallow(dir) ? ["--unshallow"] : [];
      const { code, stderr } = await run(["fetch", ...FETCH, ...whole, "--end-of-options", url, ref], MOVE_MS);
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
