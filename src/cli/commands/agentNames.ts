import { agentsJoin as joinAction, agentsLeave as leaveAction } from "../../actions/agents/agentsJoin.ts";
import { agentsWhoami as whoamiAction } from "../../actions/agents/agentsWhoami.ts";
import { invoke } from "../../actions/input/action.ts";
import { didOrWould } from "../print/deed.ts";
import { plain } from "../print/print.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

const NOTHING = "dry run: nothing was changed";

/** `ayo agents join [@name]`. */
export const agentsJoin: Command = {
  name: "agents join",
  summary: joinAction.summary,
  positionals: [{ name: "name", required: false }],
  flags: flagsOf(joinAction.input, { omit: ["name"] }),
  examples: [["ayo agents join @coder-3", "what is done in this linked worktree is @coder-3's from now on"]],
  run: async (context, { words, flags }) => {
    const input = { ...flags, ...(words[0] === undefined ? {} : { name: words[0] }) };
    const agent = await invoke(joinAction, context.store({ create: true }), input as never);
    if (agent.dryRun) context.warn(NOTHING);
    return {
      json: { agent },
      text: `This worktree ${didOrWould(agent, "is", "would be")} ${agent.name}'s`,
      ids: [agent.name],
    };
  },
};

/** `ayo agents leave`. */
export const agentsLeave: Command = {
  name: "agents leave",
  summary: leaveAction.summary,
  positionals: [],
  flags: flagsOf(leaveAction.input),
  examples: [["ayo agents leave", "the worktree is a person's again"]],
  run: async (context, { flags }) => {
    const left = await invoke(leaveAction, context.store({ create: true }), flags as never);
    const { name } = left;
    if (left.dryRun) context.warn(NOTHING);
    return {
      json: { ...left },
      text:
        name === null
          ? "nothing to do: this worktree has no agent"
          : `${name} ${didOrWould(left, "left", "would leave")} this worktree`,
    };
  },
};

/** `ayo agents whoami`. */
export const agentsWhoami: Command = {
  name: "agents whoami",
  summary: whoamiAction.summary,
  positionals: [],
  flags: flagsOf(whoamiAction.input),
  examples: [["ayo agents whoami", "the name under which you write, and what you hold"]],
  run: async (context, { flags }) => {
    const whoami = await invoke(whoamiAction, context.store({ create: true }), flags as never);
    const { actor, holds, agents } = whoami;
    const lines = [
      actor.name,
      ...holds.map(({ id, title, until }) => `holds ${id}${until === null ? "" : ` until ${until}`}: ${plain(title)}`),
      ...agents.filter(({ here }) => !here).map(({ name, worktree }) => `${name} is in ${plain(worktree)}`),
    ];
    return { json: { ...whoami }, text: lines.join("\n"), ids: [actor.name] };
  },
};
