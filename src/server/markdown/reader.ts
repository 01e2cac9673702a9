// The program of the worker that reads texts: what somebody wrote to keep a parser busy keeps no request waiting.
import { parentPort } from "node:worker_threads";
import { readTree } from "./readTree.ts";

/** A text to read. */
export interface Job {
  readonly text: string;
  readonly isLine: boolean;
  /** Blocks of code that get no colours. */
  readonly plain: readonly number[];
}

/** What the worker says: that it is ready, which block of code it begins with, or the tree of a text as JSON. */
export type Said = "ready" | number | { readonly tree: string };

parentPort?.on("message", (job: Job) => say({ tree: read(job) }));
say("ready");

function say(said: Said): void {
  parentPort?.postMessage(said);
}

/** Its tree as JSON; null where it has none that can be shown. */
function read({ text, isLine, plain }: Job): string {
  const hasColours = (block: number): boolean => {
    if (plain.includes(block)) return false;
    say(block);
    return true;
  };
  try {
    return JSON.stringify(readTree(text, { isLine, hasColours }));
  } catch {
    return "null";
  }
}
