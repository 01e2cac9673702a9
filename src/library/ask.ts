import { closeSync, readlinkSync, statSync } from "node:fs";
import type { VerbName } from "../actions/verbs.ts";
import { BUILD } from "../cli/ask/build.ts";
import { isPlaced } from "../cli/ask/fits.ts";
import { othersOf } from "../cli/ask/others.ts";
import { environmentOf } from "../cli/ask/surroundings.ts";
import { type End, isThere, lookForHolder, type Place, servesUs } from "../cli/ask/waiting.ts";
import { AyoError, type ErrorCode } from "../error.ts";
import { currentHost, type Host, isUnchanged } from "../host.ts";
import { readHolder } from "../store/change/lock/card.ts";
import {
  boxIn,
  forgetRequest,
  makeBox,
  putCall,
  type RequestAnswer,
  requestName,
} from "../store/change/requests/box.ts";
import { type DoneByOthers, PENDING } from "../store/change/requests/pending.ts";
import { isPresent, readPresent } from "../store/change/requests/presence.ts";
import { OTHERS, serveOthersOf } from "../store/change/round/others.ts";
import { readStore } from "../store/disk/view.ts";
import { keep, kept } from "../store/open/runtime.ts";
import type { Journal, Store } from "../store/open/store.ts";

type Input = Readonly<Record<string, unknown>>;

/** Nobody waits for a program's end as for a command's; what would want the lock and cannot ask waits no longer. */
const LONGEST_MS = 1_000;

/** What came of asking: the answer, or how to go on alone. */
export type Asked =
  | { readonly value: unknown }
  /** `store`: where it is done. `coming`: it has said in this box that it is on its way to the lock. */
  | { readonly store: Store; readonly coming?: string | undefined };

/**
 * Has whoever has the store's lock make a change too, as commands do (cli/ask), instead of waiting for the lock: one round
 * and one sync for all who wait. While this process has the lock it does the same for others.
 * @throws what the change throws
 */
export async function askOthers(store: Store, verb: VerbName, input: Input): Promise<Asked> {
  const { journal, host } = store;
  if (BUILD === "" || journal?.mode !== "own" || host.platform !== "linux") return { store };
  if (kept(store, OTHERS) === undefined && mayServe(host))
    serveOthersOf(store, othersOf(store, runLine, { longest: LONGEST_MS }));
  // Mostly there is nobody: no more is looked at then.
  const place = isServed(journal, host.pid) && mayAsk(store, input) ? placeOf(store, journal) : undefined;
  if (place === undefined) return { store };
  const end = await put(place, host.pid, { verb, input }).catch(() => undefined);
  if (end?.answer !== undefined && !("refused" in end.answer))
    return { value: await answered(store, journal, end.answer) };
  // Whoever took it may still do it: that is settled with the lock held, by this call alone.
  const isOpen = end?.name !== undefined && end.answer === undefined;
  return { store: isOpen ? withPending(store, end.name as string) : store, coming: end?.coming };
}

/** Whether others would do the same in our place: a clock, say, that the program gave us is not theirs. */
function mayServe(host: Host): boolean {
  const { env, cwd } = currentHost();
  return isUnchanged({ ...host, env, cwd });
}

/** The command line, which prints nothing here: what others get is handed over to them. */
const runLine: Parameters<typeof othersOf>[1] = async (...args) => (await import("../cli/run.ts")).run(...args);

/**
 * Whether another process would do the same in our place: it goes by what we were started with. Nobody is kept by our
 * waiting for a ticket.
 */
function mayAsk({ host }: Store, input: Input): boolean {
  if (!isObject(input) || input.dryRun === true || input.wait !== undefined || !isUnchanged(host)) return false;
  if (isPlaced(host.env)) return false;
  try {
    const started = environmentOf("self");
    const now = Object.entries(host.env);
    const isSame = now.length === Object.keys(started).length && now.every(([name, value]) => started[name] === value);
    return isSame && readlinkSync("/proc/self/cwd") === host.cwd && isPlain(input);
  } catch {
    // What has no end, say.
    return false;
  }
}

/** Whether it says the same once it was written down and read. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null)
    return value === null || ["string", "boolean", "undefined"].includes(typeof value) || Number.isFinite(value);
  // Holes count as what is undefined.
  if (Array.isArray(value)) return Array.from(value).every((one) => one !== undefined && isPlain(one));
  return isObject(value) && Object.values(value).every(isPlain);
}

function isObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function placeOf({ host }: Store, { stateDir }: Journal): Place | undefined {
  try {
    // What root asks for in somebody's store nobody there may do for it.
    if (statSync(stateDir).uid !== host.uid) return undefined;
    const box = boxIn(stateDir);
    makeBox(box);
    return { stateDir, box, lock: `${stateDir}/lock` };
  } catch {
    return undefined;
  }
}

/** Whether another process has the lock, or comes for it; where none does, this one, which has its code, takes it at once. */
function isServed({ stateDir }: Journal, pid: number): boolean {
  try {
    if (isThere(`${stateDir}/lock`)) return readHolder(stateDir)?.pid !== pid && servesUs(stateDir, BUILD);
    const box = boxIn(stateDir);
    return isPresent(box, "coming", BUILD) && readPresent(box, "coming")?.pid !== pid;
  } catch {
    return false;
  }
}

interface Call {
  readonly verb: VerbName;
  readonly input: Input;
}

async function put(place: Place, pid: number, { verb, input }: Call): Promise<End> {
  const name = requestName(pid, Date.now());
  const descriptor = putCall(place.box, name, { pid, verb, input, build: BUILD });
  try {
    const looks = lookForHolder({ ...place, name, build: BUILD });
    for (;;) {
      const { done, value } = looks.next();
      if (!done) {
        await new Promise((resolve) => setTimeout(resolve, value));
        continue;
      }
      if (value.answer !== undefined) forgetRequest(place.box, name);
      return { ...value, name };
    }
  } catch {
    // It may have been taken: whoever goes on takes it back first.
    return { name };
  } finally {
    closeSync(descriptor);
  }
}

/** The store for one call, which takes back what it asked for before it does it. */
function withPending(store: Store, name: string): Store {
  const own: Store = { ...store, index: undefined, runtime: new Map() };
  keep(own, OTHERS, kept(store, OTHERS));
  keep(own, PENDING, name);
  return own;
}

/** What another process had done for this one before it could say so. */
export async function valueOfDone(store: Store, { answer }: DoneByOthers): Promise<unknown> {
  const { journal } = store;
  if (journal === undefined || "refused" in answer) return undefined;
  if (!("commit" in answer)) return answered(store, journal, answer);
  const { commit } = answer;
  const { sentenceIn } = await import("../store/change/requests/doneCommit.ts");
  const { ticketsAfter } = await import("../actions/answers/written.ts");
  const { tickets } = await sentenceIn(journal, commit);
  const notices = [
    "the process that made the change ended before it could say so",
    ...(await follow(store, journal, [commit])),
  ];
  return { commit, notices, ...(await ticketsAfter(store, { after: () => readStore(store) }, tickets)) };
}

/** @throws the error that another process has found for this one */
async function answered(store: Store, journal: Journal, answer: RequestAnswer): Promise<unknown> {
  if ("refused" in answer || "code" in answer) throw new Error("this is no answer to a call");
  const notices = await follow(store, journal, answer.due);
  if ("value" in answer) return withNotices(answer.value, notices);
  const { code, message, try: next, data } = answer.error;
  throw new AyoError(code as ErrorCode, message, { ...(next && { try: next }), ...(data && { data }) });
}

/** Runs the hooks of commits that another process made for this one, and has pipelines go on. */
async function follow(store: Store, journal: Journal, due: readonly string[]): Promise<readonly string[]> {
  if (due.length === 0) return [];
  const { publishDue } = await import("../store/hooks/publish.ts");
  const { pipelinesFollow } = await import("../actions/input/aroundChange.ts");
  return [...(await publishDue(store, journal, due)), ...(await pipelinesFollow(store))];
}

function withNotices(value: unknown, notices: readonly string[]): unknown {
  if (notices.length === 0 || typeof value !== "object" || value === null) return value;
  const { notices: told = [] } = value as { readonly notices?: readonly string[] };
  return { ...value, notices: [...told, ...notices] };
}
