import { useState } from "preact/hooks";
import { call, refusal } from "../data/api.ts";
import { state } from "../page/state.ts";

/** What the network was asked for, and what came of it. */
export interface Asking<T> {
  /** What is being asked for now; "" for nothing. */
  readonly busy: string;
  readonly result: T | undefined;
  readonly problem: string;
  /** Asks; whether it was done. */
  readonly ask: (what: string, path: string, body?: unknown) => Promise<boolean>;
}

/** Counts what was asked for and answered: then the remote and the trackers stand otherwise. */
export const answers = state(0);

/** Asks the network for something, one thing after the other, and keeps what it said. */
export function useAsking<T>(): Asking<T> {
  const [{ busy, result, problem }, put] = useState<Omit<Asking<T>, "ask">>({
    busy: "",
    result: undefined,
    problem: "",
  });
  const ask = async (what: string, path: string, body?: unknown): Promise<boolean> => {
    if (busy !== "") return false;
    put({ busy: what, result: undefined, problem: "" });
    const told = await call<T>(path, body === undefined ? {} : { body }).then(
      (answer) => ({ busy: "", result: answer, problem: "" }),
      (error: unknown) => ({ busy: "", result: undefined, problem: refusal(error) }),
    );
    put(told);
    answers.set(answers.get() + 1);
    return told.problem === "";
  };
  return { busy, result, problem, ask };
}
