import { invoke } from "../../../src/actions/input/action.ts";
import { trackerAdd } from "../../../src/actions/tracker/trackerAdd.ts";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { type TempStore, testHost } from "../tempStore.ts";
import { LINEAR_KEY, type LinearServer } from "./server.ts";

/** The environment of a process that may ask the loopback Linear. */
export const linearEnv = () => ({ ...hermeticEnv(sharedHome()), LINEAR_API_KEY: LINEAR_KEY });

/** Connects a store with the loopback Linear's team, as `ayo tracker add linear --team ENG --yes` does. */
export async function connectTracker(
  store: TempStore,
  linear: LinearServer,
  { push = "all" }: { readonly push?: "linked" | "all" } = {},
): Promise<void> {
  const opened = store.open(testHost(store.dir, { env: linearEnv() }));
  await invoke(trackerAdd, opened, { tracker: "linear", team: "ENG", url: linear.url, push, yes: true });
}
