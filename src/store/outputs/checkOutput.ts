import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { hashObject } from "../../git/objects/objects.ts";
import { draftOf } from "../../ticket/output/schemaFault.ts";
import type { Checked, CheckJob } from "./checker.ts";
import { checkerCode } from "./checkerCode.ts";

/** An output and its schema, both as texts of JSON. */
export interface Pair {
  readonly schema: string;
  readonly output: string;
}

/** A check may take so long; and so long until it begins, on a machine that has much to do. In milliseconds. */
const CHECK_MS = 2_000;
const START_MS = 20_000;
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const TOO_LONG: Checked = { unusable: `holding an output to it takes longer than ${CHECK_MS / 1000} s` };
const TOO_LARGE: Checked = { unusable: "holding an output to it takes too much memory" };

/** What was found lately, by what was checked: a command asks more than once. */
const known = new Map<string, Checked>();
const MAX_KNOWN = 100;

/** Holds an output to a schema, in a thread of its own and for two seconds at most. */
export async function checkOutput(pair: Pair): Promise<Checked> {
  return known.get(nameOf(pair)) ?? remember(pair, await inWorker(pair));
}

/** The same, waiting: for what decides under the store's lock. */
export function checkOutputNow(pair: Pair): Checked {
  return known.get(nameOf(pair)) ?? remember(pair, waitForWorker(pair));
}

function nameOf({ schema, output }: Pair): string {
  return `${hashObject("blob", Buffer.from(schema))} ${hashObject("blob", Buffer.from(output))}`;
}

function remember(pair: Pair, checked: Checked): Checked {
  // What took too long may not another time.
  if (checked === TOO_LONG || checked === TOO_LARGE) return checked;
  for (const name of known.keys()) if (known.size >= MAX_KNOWN) known.delete(name);
  known.set(nameOf(pair), checked);
  return checked;
}

function start({ schema, output }: Pair): { worker: Worker; port: MessagePort; stage: Int32Array } {
  const { port1: port, port2 } = new MessageChannel();
  const stage = new Int32Array(new SharedArrayBuffer(4));
  const workerData: CheckJob = { schema, output, draft: draftOf(JSON.parse(schema)) ?? "2020-12", port: port2, stage };
  const worker = new Worker(checkerCode(), {
    eval: true,
    workerData,
    transferList: [port2],
    env: {},
    execArgv: [],
    resourceLimits: LIMITS,
  });
  return { worker, port, stage };
}

async function inWorker(pair: Pair): Promise<Checked> {
  const { worker, port, stage } = start(pair);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Checked>((resolve, reject) => {
      const limit = (ms: number, next: () => void): void => {
        timer = setTimeout(next, ms);
      };
      const late = (): void => resolve(TOO_LONG);
      // Its code is loaded when it is online: from then on its time counts.
      worker.once("online", () => {
        clearTimeout(timer);
        limit(CHECK_MS, late);
      });
      limit(START_MS, late);
      port.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ERR_WORKER_OUT_OF_MEMORY" ? resolve(TOO_LARGE) : reject(error),
      );
      worker.once("exit", () => Atomics.load(stage, 0) !== 2 && resolve(TOO_LARGE));
    });
  } finally {
    clearTimeout(timer);
    port.close();
    await worker.terminate();
  }
}

function waitForWorker(pair: Pair): Checked {
  const { worker, port, stage } = start(pair);
  // What it ends by is told by the time that passes: nobody hears its events here.
  worker.on("error", () => undefined);
  try {
    if (Atomics.wait(stage, 0, 0, START_MS) === "timed-out") return TOO_LONG;
    if (Atomics.wait(stage, 0, 1, CHECK_MS) === "timed-out") return TOO_LONG;
    return (receiveMessageOnPort(port)?.message as Checked | undefined) ?? TOO_LONG;
  } finally {
    port.close();
    void worker.terminate();
  }
}
