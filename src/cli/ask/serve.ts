import { lstatSync } from "node:fs";
import { invoke } from "../../actions/input/action.ts";
import { loadAction, type VerbName } from "../../actions/verbs.ts";
import { AyoError, type ErrorCode } from "../../error.ts";
import type { Host, HostRequest } from "../../host.ts";
import { isRunning } from "../../processes.ts";
import {
  type AskedCall,
  type AskedWords,
  answerRequest,
  askedBy,
  boxIn,
  type ErrorJson,
  filesIn,
  forgetRequest,
  isAskedHere,
  isBox,
  isWanted,
  takeBack,
  takeRequest,
  waitingRequests,
} from "../../store/change/requests/box.ts";
import { HEARD } from "../../store/disk/heard.ts";
import { kept } from "../../store/open/runtime.ts";
import { sharedStore, shareStore } from "../../store/open/sharedStore.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { run as runLine } from "../run.ts";
import { kindOf } from "./fits.ts";
import { hostOf } from "./surroundings.ts";

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
  const host = hostOf(store.host, { request, file: `${box}/${name}.taken` }, asked);
  // Whoever does not hear of every change would look at everything, which whoever asks does sooner himself.
  const isDeaf = "words" in request && kindOf(request.words) === "read" && kept(store, HEARD)?.isSure() !== true;
  if (host === undefined || isDeaf) return answerRequest(box, name, { refused: true });
  shareStore(store, host);
  const answer = "words" in request ? await runWords(request, host, { run, refuse }) : await makeCall(request, host);
  // Whoever asked is gone, or does it himself.
  if (!isWanted(box, name)) return;
  answerRequest(box, name, isRefused ? { refused: true } : { ...answer, due });
}

async function runWords(
  { words, tty, columns }: AskedWords,
  host: Host,
  { run, refuse }: { readonly run: typeof runLine; readonly refuse: () => never },
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const code = await run(words, {
    ...{ host, tty, columns, rows: 24 },
    ...{ stdin: refuse, streams: refuse, ask: refuse, prompt: refuse, untilSignal: refuse },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

async function makeCall(
  { verb, input }: AskedCall,
  host: Host,
): Promise<{ readonly value: unknown } | { readonly error: ErrorJson }> {
  const store = sharedStore(host) as Store;
  try {
    return { value: await invoke(await loadAction(verb as VerbName), store, { ...input }) };
  } catch (error) {
    if (!(error instanceof AyoError))
      return { error: { code: "internal" satisfies ErrorCode, message: String(error) } };
    const { code, message, data } = error;
    return { error: { code, message, try: error.try, data } };
  }
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
