import { AyoError } from "../../error.ts";
import { type Actor, boundActorOf, isInRun, RUN_VARIABLE } from "../open/identity/identity.ts";
import type { Store } from "../open/store.ts";

/**
 * Who decides what takes effect on this machine: a person, never an agent, however it is known as one, nor what is
 * started inside an agent's run.
 * @throws needs_person
 */
export function deciderOf(
  store: Pick<Store, "dir" | "host">,
  as: string | undefined,
  what = "decide what takes effect on this machine",
): Actor {
  const actor = boundActorOf(as, store);
  // One that was emptied is still there: no person sets it.
  const isRun = store.host.env[RUN_VARIABLE] !== undefined || isInRun(store.host);
  if (!actor.agent && !isRun) return actor;
  const who = isRun ? `${RUN_VARIABLE} says that this is an agent's run` : `you are ${actor.name}`;
  throw new AyoError("needs_person", `only a person can ${what}, and ${who}`, {
    data: { actor: actor.name, run: isRun },
  });
}
