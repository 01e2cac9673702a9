import { runtimeKey } from "../../open/runtime.ts";
import type { RequestAnswer } from "./box.ts";

/** A request that this process made of another, and that may have been done. */
export const PENDING = runtimeKey<string | undefined>("pending request", () => undefined);

/** The change was made, or refused, by another process that was asked: it must not be made again. */
export class DoneByOthers extends Error {
  readonly answer: RequestAnswer | { readonly commit: string };

  constructor(answer: DoneByOthers["answer"]) {
    super("another process has made the change");
    this.answer = answer;
  }
}

/** Whether that is why a command ended. */
export function isDoneByOthers(error: unknown): error is DoneByOthers {
  return error instanceof DoneByOthers;
}
