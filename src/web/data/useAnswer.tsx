import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useFollowed } from "../page/followed.ts";
import { route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { call, Problem } from "./api.ts";
import { lastEvents } from "./events.ts";
import { model } from "./model.ts";

/** What a route answered last. */
export interface Answered<T> {
  readonly answer: T | undefined;
  /** Why there is none. */
  readonly problem: Problem | undefined;
  /** Reads it now. */
  readonly read: () => Promise<void>;
}

/** Where many changes come one after the other it is read so often. In milliseconds. */
const LEAST = 500;

/**
 * What a route answers, read again whenever a ticket changes and when somebody comes back to the page; with what `prepare`
 * reads besides.
 */
export function useAnswer<T>(path: string, prepare?: (answer: T) => Promise<void>): Answered<T> {
  const { workflow } = useValue(route);
  const name = `${workflow} ${path}`;
  const [known, put] = useState<{ name: string; answer?: T; problem?: Problem }>({ name });
  const latest = useRef<() => Promise<void>>(async () => undefined);
  useEffect(() => {
    let turn = 0;
    const read = async (): Promise<void> => {
      const mine = ++turn;
      const next = await call<T>(path, { orKept: mine === 1 }).then(
        async (answer) => {
          await prepare?.(answer);
          return { name, answer };
        },
        (error: unknown) => ({
          name,
          problem: error instanceof Problem ? error : new Problem(0, "internal", `${error}`),
        }),
      );
      // What is shown stays where the server is only away or busy.
      const isNews = "answer" in next || !next.problem.isPassing;
      if (mine === turn)
        put((before) => (isNews || before.name !== name || before.answer === undefined ? next : before));
    };
    latest.current = read;
    void read();
    return () => void turn++;
  }, [name]);
  useFollowed([model, lastEvents], () => void latest.current(), LEAST);
  const isThis = known.name === name;
  return {
    answer: isThis ? known.answer : undefined,
    problem: isThis ? known.problem : undefined,
    read: () => latest.current(),
  };
}

/** That something is being read, or why it cannot be. */
export function Unanswered({ problem, read }: Pick<Answered<unknown>, "problem" | "read">): JSX.Element {
  if (problem === undefined)
    return (
      <p class="waiting" aria-busy="true">
        {say.page.reading}
      </p>
    );
  return (
    <div class="failure" role="alert">
      <p>{problem.message}</p>
      <button type="button" onClick={() => void read()}>
        {say.tryAgain}
      </button>
    </div>
  );
}
