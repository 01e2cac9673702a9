import { lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import type { Host, HostRequest } from "../../host.ts";
import { askedBy, type Request } from "../../store/change/requests/box.ts";
import { BUILD } from "./build.ts";
import { CALLS, kindOf } from "./fits.ts";

/** The surroundings of the process that asked; undefined where they are not such that we could act for it. */
export function hostOf(
  own: Host,
  { request, file }: { readonly request: Request; readonly file: string },
  asked: HostRequest,
): Host | undefined {
  const { pid, build } = request;
  const isFit = "words" in request ? kindOf(request.words) !== undefined : CALLS.has(request.verb);
  if (askedBy(asked.name) !== pid || build !== BUILD || build === "" || !isFit || !isSameWorld(pid)) return undefined;
  try {
    const isTheirs = "words" in request ? runs(pid, request.words) : hasOpen(pid, request.descriptor, file);
    if (!isTheirs) return undefined;
    const env = environmentOf(pid);
    if (DECIDING.some((name) => env[name] !== own.env[name])) return undefined;
    const { onInterrupt: _, ...same } = own;
    return { ...same, cwd: readlinkSync(`/proc/${pid}/cwd`), env, request: asked };
  } catch {
    // It has ended.
    return undefined;
  }
}

/** What decides which files are read, and how times are told: where it differs, whoever asked does it himself. */
const DECIDING = ["HOME", "TZ", "LANG", "LC_ALL", "LC_TIME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "AYO_HOME"].concat(
  ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "TICKETS_DIR", "AYO_SESSION", "GIT_DIR"],
  ["AYO_LOCK_STALE_MS", "AYO_REPLACED_MS", "AYO_EMBEDDINGS_URL", "AYO_EMBEDDINGS_KEY"],
);

/** Whether a process sees the same files with the same rights, and makes new ones as we do. */
function isSameWorld(pid: number): boolean {
  try {
    const places = ["ns/mnt", "ns/pid", "ns/user", "root"];
    if (places.some((place) => readlinkSync(`/proc/${pid}/${place}`) !== readlinkSync(`/proc/self/${place}`)))
      return false;
    const facts = (of: number | "self") =>
      readFileSync(`/proc/${of}/status`, "utf8")
        .split("\n")
        .filter((line) => /^(?:Umask|Uid|Gid|Groups|CapEff|NoNewPrivs|Seccomp):/.test(line))
        .join();
    return facts(pid) === facts("self");
  } catch {
    return false;
  }
}

/** Whether it is what that process runs: nobody acts in the name of another by a file. */
function runs(pid: number, words: readonly string[]): boolean {
  const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  return JSON.stringify(line.slice(-words.length)) === JSON.stringify(words);
}

/** The same of a program that calls the library: it has put this very file there, and holds it open. */
function hasOpen(pid: number, descriptor: number, file: string): boolean {
  if (!Number.isInteger(descriptor)) return false;
  const [theirs, ours] = [statSync(`/proc/${pid}/fd/${descriptor}`), lstatSync(file)];
  return theirs.isFile() && theirs.ino === ours.ino && theirs.dev === ours.dev;
}

/** The surroundings that a process was started with. */
export function environmentOf(pid: number | "self"): Record<string, string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
    }),
  );
}
