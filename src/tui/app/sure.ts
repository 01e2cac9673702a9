import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";

/** From so many tickets on it is asked whether they are meant. */
export const MANY = 10;

/** Does what cannot be meant by a slip of the hand once somebody has said yes. */
export function sure(app: App, what: string, work: () => unknown): void {
  const onDone = (answer: string | undefined): void => {
    if (/^y(es)?$/i.test(answer?.trim() ?? "")) void work();
    else app.say("nothing was changed");
  };
  app.open(prompt({ label: `${what}? y/n`, onDone, redraw: () => app.redraw() }));
}
