import { Worker } from "node:worker_threads";
import type { Job, Said } from "./reader.ts";
import { readerCode } from "./readerCode.ts";

/** A text to be shown; a line has words and links alone. */
export interface ShownText {
  readonly text: string;
  readonly isLine: boolean;
}

/** Longer texts are shown as they are written, in characters. */
const MOST = 256 * 1024;
/** A text may take so long; after so long no further one of a request is begun. In milliseconds. */
const OF_ONE = 2_000;
const OF_ALL = 10_000;
/** So many blocks of code may take too long; a text with more of them is shown as it is written. */
const MOST_PLAIN = 3;
/** So long until the worker begins, on a machine that has much to do. */
const START = 20_000;
/** What took too long is tried again after so long. */
const AGAIN = 60_000;
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };
/** There is no tree to show. */
const NONE = "null";

/** Trees as JSON, the one that was used last at the end; as long as all of them may be, in characters. */
const known = new Map<string, { readonly tree: string; readonly until: number }>();
const MOST_KNOWN = 4 * 1024 * 1024;
let size = 0;

let worker: Promise<Worker> | undefined;
/** One text after the other: the one that takes too long takes no other with it. */
let last: Promise<unknown> = Promise.resolve();

/**
 * The trees of texts, each as JSON: `null` for one that is to be shown as it is written. Those of the last texts are not
 * there where all together take too long.
 */
export async function readTexts(texts: readonly ShownText[]): Promise<string[]> {
  const trees: string[] = [];
  let end = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const now = performance.now();
    const tree = text.text.length > MOST ? NONE : knownTree(text, now);
    if (tree === undefined && end === Number.POSITIVE_INFINITY) {
      // That the machine is slow to begin is no text's fault.
      await prepareReader();
      end = performance.now() + OF_ALL;
    } else if (tree === undefined && now > end) break;
    trees.push(tree ?? (await readInTurn(text)));
  }
  return trees;
}

/** Has the reader begin before the first text comes. */
export async function prepareReader(): Promise<void> {
  worker ??= start();
  await worker.catch(() => undefined);
}

function keyOf({ text, isLine }: ShownText): string {
  return `${isLine ? "line" : "text"} ${text}`;
}

function knownTree(text: ShownText, now: number): string | undefined {
  const key = keyOf(text);
  const found = known.get(key);
  if (found === undefined || found.until < now) return undefined;
  known.delete(key);
  known.set(key, found);
  return found.tree;
}

function remember(key: string, tree: string, until: number): void {
  forget(key);
  known.set(key, { tree, until });
  size += key.length + tree.length;
  for (const oldest of known.keys()) {
    if (size <= MOST_KNOWN) break;
    forget(oldest);
  }
}

function forget(key: string): void {
  const found = known.get(key);
  if (found !== undefined) size -= key.length + found.tree.length;
  known.delete(key);
}

function readInTurn(text: ShownText): Promise<string> {
  const turn = last.then(() => knownTree(text, performance.now()) ?? readNow(text));
  last = turn.catch(() => undefined);
  return turn;
}

/** A block of code that takes too long is read again without its colours. */
async function readNow(shown: ShownText): Promise<string> {
  const plain: number[] = [];
  let found = await ask({ ...shown, plain });
  while (typeof found === "number" && plain.length < MOST_PLAIN) {
    plain.push(found);
    found = await ask({ ...shown, plain });
  }
  const tree = typeof found === "object" ? found.tree : undefined;
  remember(keyOf(shown), tree ?? NONE, tree === undefined ? performance.now() + AGAIN : Number.POSITIVE_INFINITY);
  return tree ?? NONE;
}

/** A tree; the block of code that takes too long; undefined where anything else does, or it takes too much memory. */
async function ask(job: Job): Promise<Exclude<Said, "ready"> | undefined> {
  worker ??= start();
  const asked = worker;
  const reader = await asked.catch(() => undefined);
  let block: number | undefined;
  const isEnd = (said: Said): boolean => {
    if (typeof said === "number") block = said;
    return typeof said === "object";
  };
  const answer = reader && (await answerOf(reader, { patience: OF_ONE, isEnd, begin: () => reader.postMessage(job) }));
  if (typeof answer === "object") return answer;
  void reader?.terminate();
  if (worker === asked) worker = undefined;
  return block;
}

function start(): Promise<Worker> {
  const begun = started(() => {
    if (worker === begun) worker = undefined;
  });
  return begun;
}

async function started(onExit: () => void): Promise<Worker> {
  const reader = new Worker(readerCode(), { eval: true, env: {}, execArgv: [], resourceLimits: LIMITS });
  // What it ends by is told by what it does not answer.
  reader.on("error", () => undefined).once("exit", onExit);
  const isReady = await answerOf(reader, { patience: START, isEnd: () => true });
  if (isReady === undefined) {
    void reader.terminate();
    throw new Error("the reader of texts does not begin");
  }
  // It keeps no process that has nothing else to do.
  reader.unref();
  return reader;
}

interface Waiting {
  readonly patience: number;
  /** Whether something that it says is what one waits for. */
  readonly isEnd: (said: Said) => boolean;
  readonly begin?: () => void;
}

/** What a worker says at last; undefined where it ends, or lets one wait too long. */
function answerOf(reader: Worker, { patience, isEnd, begin }: Waiting): Promise<Said | undefined> {
  return new Promise((resolve) => {
    const end = (said?: Said): void => {
      clearTimeout(timer);
      reader.off("message", hear).off("exit", gone);
      resolve(said);
    };
    const hear = (said: Said): void => {
      if (isEnd(said)) end(said);
    };
    const gone = (): void => end();
    const timer = setTimeout(gone, patience);
    reader.on("message", hear).on("exit", gone);
    begin?.();
  });
}
