import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { AyoError } from "../../error.ts";
import type { Host, HostRequest } from "../../host.ts";
import { isRunning } from "../../processes.ts";
import {
  answerRequest,
  askedBy,
  boxIn,
  filesIn,
  forgetRequest,
  isAskedHere,
  isBox,
  isWanted,
  type Request,
  takeBack,
  takeRequest,
  waitingRequests,
} from "../../store/change/requests/box.ts";
import { HEARD } from "../../store/disk/heard.ts";
import { kept } from "../../store/open/runtime.ts";
import { shareStore } from "../../store/open/sharedStore.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { run as runLine } from "../run.ts";
import { BUILD } from "./build.ts";
import { kindOf } from "./fits.ts";

/** No command waits for so long. */
const FORGET_MS = 60 * 60 * 1000;
/** So many are begun at once: they become one round. */
const AT_ONCE = 32;

/** Takes the requests that wait in the box and does each as whoever asked would; done when all are answered. */
export function beginRequests(store: Store, journal: Journal, run: typeof runLine): Promise<void>[] {
  const box = boxIn(journal.stateDir);
  const waiting = waitingRequests(box);
  if (waiting.length === 0 || !isBox(box)) return [];
  sweep(box);
  return waiting.slice(0, AT_ONCE).map((name) => serveOne(store, box, name, run));
}

async function serveOne(store: Store, box: string, name: string, run: typeof runLine): Promise<void> {
  const isOurs = isOwn(store.host, `${box}/${name}.ask`);
  // Somebody else has taken it, or it was taken back: what lies there of it is theirs.
  if (isOurs === undefined) return;
  if (!isOurs) return void takeBack(box, name);
  const request = takeRequest(box, name);
  if (request === undefined) return;
  let isRefused = false;
  const refuse = (): never => {
    isRefused = true;
    throw new AyoError("store_busy", "this is not for others to do");
  };
  const due: string[] = [];
  const asked: HostRequest = { name, pid: askedBy(name), due, refuse, isWanted: () => isWanted(box, name) };
  const host = hostOf(store.host, request, asked);
  // Whoever does not hear of every change would look at everything, which whoever asks does sooner himself.
  const isDeaf = kindOf(request.words) === "read" && kept(store, HEARD)?.isSure() !== true;
  if (host === undefined || isDeaf) return answerRequest(box, name, { refused: true });
  shareStore(store, host);
  let [out, err] = ["", ""];
  const code = await run(request.words, {
    ...{ host, tty: request.tty, columns: request.columns, rows: 24 },
    ...{ stdin: refuse, streams: refuse, ask: refuse, prompt: refuse, untilSignal: refuse },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  // Whoever asked is gone, or does it himself.
  if (!isWanted(box, name)) return;
  answerRequest(box, name, isRefused ? { refused: true } : { code, out, err, due });
}

/** The surroundings of the process that asked; undefined where they are not such that we could act for it. */
function hostOf(own: Host, { pid, words, build }: Request, request: HostRequest): Host | undefined {
  if (
    askedBy(request.name) !== pid ||
    build !== BUILD ||
    build === "" ||
    kindOf(words) === undefined ||
    !isSameWorld(pid)
  )
    return undefined;
  try {
    if (!runs(pid, words)) return undefined;
    const env = environmentOf(pid);
    if (DECIDING.some((name) => env[name] !== own.env[name])) return undefined;
    const { onInterrupt: _, ...same } = own;
    return { ...same, cwd: readlinkSync(`/proc/${pid}/cwd`), env, request };
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

function environmentOf(pid: number): Record<string, string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
    }),
  );
}

/** Whoever may write into the folder could have put it there: only our own user's counts. Undefined: there is none. */
function isOwn({ uid }: Host, file: string): boolean | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat === undefined ? undefined : stat.isFile() && stat.uid === uid;
}

/** Removes what the dead have left; of processes of another container that cannot be told before long. */
function sweep(box: string): void {
  for (const { name, file } of filesIn(box)) {
    const isLeft = isAskedHere(name) ? !isRunning(askedBy(name)) : isOlderThan(file, FORGET_MS);
    if (isLeft) forgetRequest(box, name);
  }
}

function isOlderThan(file: string, age: number): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > age;
}
