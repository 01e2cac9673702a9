import { invoke } from "../../actions/input/action.ts";
import { release } from "../../actions/release.ts";
import type { View } from "../../store/disk/view.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { isOurs } from "../run/isOurs.ts";
import type { Work } from "../work.ts";
import type { Tries } from "./tries.ts";

/** Gives tickets back that are held for another try, and were given to somebody else meanwhile. */
export async function giveBackOthers({ store, tell }: Work, view: View, tries: Tries): Promise<void> {
  for (const record of tries.waiting) {
    const { ticket: id, agent, token, isReview, n } = record;
    const ticket = view.byId.get(id);
    const { assignee = [] } = ticket?.fields ?? {};
    if (ticket === undefined || isReview || !isOurs(view, ticket, record)) continue;
    if (assignee.length === 0 || assignee.some((name) => isSameName(name, agent))) continue;
    tries.drop(record);
    try {
      await invoke(release, store, { ids: [id], as: agent, claim: token, message: `Given to ${assignee.join(", ")}.` });
      tell({
        what: "stopped",
        ticket: id,
        n,
        agent,
        text: `was given to ${assignee.join(", ")}, and is not tried again`,
      });
    } catch (error) {
      tell({ what: "trouble", ticket: id, n, agent, text: (error as Error).message });
    }
  }
}
