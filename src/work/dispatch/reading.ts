import { AyoError } from "../../error.ts";
import { keepUnready } from "../../store/allow/ready/seen.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Work } from "../work.ts";
import type { Agents } from "./readiness.ts";

/** Keeps for inboxes which agents are not ready; where that cannot be written it is said once. */
export function keeper({ store, tell }: Work): (agents: Agents) => void {
  let told = "";
  let broken = "";
  return ({ unready, problems }) => {
    const wrong = problems.join("; ");
    if (wrong !== broken && wrong !== "")
      tell({ what: "trouble", text: `${wrong}; nobody is started before that is mended` });
    broken = wrong;
    try {
      keepUnready(store, unready);
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      if (error.message !== told) tell({ what: "trouble", text: error.message });
      told = error.message;
    }
  };
}

/** Reads the store; where that cannot be done now (somebody edits config.yml) it is said once, and undefined. */
export function reader({ store, tell }: Work): (orThrow: boolean) => Promise<View | undefined> {
  let told = "";
  return async (orThrow) => {
    try {
      const view = await readStore(store);
      told = "";
      return view;
    } catch (error) {
      if (orThrow || !(error instanceof AyoError)) throw error;
      if (error.message !== told)
        tell({ what: "trouble", text: `${error.message}; nothing is started before that is mended` });
      told = error.message;
      return undefined;
    }
  };
}
