import { idsOf } from "../../actions/answers/idsOf.ts";
import { type Followed, follow as followAction, unfollow as unfollowAction } from "../../actions/follow.ts";
import { invoke } from "../../actions/input/action.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

const POSITIONALS = [
  { name: "id", required: true, complete: "id" },
  { name: "who", required: false },
] as const;

/** `ayo ticket follow <id> [who]`. */
export const follow: Command = {
  name: "ticket follow",
  summary: followAction.summary,
  positionals: POSITIONALS,
  flags: flagsOf(followAction.input, { omit: ["id"] }),
  examples: [
    ["ayo ticket follow ayo-x7k2", "you hear of what is said in it"],
    ["ayo ticket follow ayo-x7k2 @rex --role owner", "somebody else, who answers for it"],
  ],
  run: async (context, args) => answer(context, await invoke(followAction, context.store(), inputOf(args))),
};

/** `ayo ticket unfollow <id> [who]`. */
export const unfollow: Command = {
  name: "ticket unfollow",
  summary: unfollowAction.summary,
  positionals: POSITIONALS,
  flags: flagsOf(unfollowAction.input, { omit: ["id"] }),
  examples: [
    ["ayo ticket unfollow ayo-x7k2", "you hear of it no longer"],
    ["ayo ticket unfollow ayo-x7k2 @rex", "nor does @rex"],
  ],
  run: async (context, args) => answer(context, await invoke(unfollowAction, context.store(), inputOf(args))),
};

function inputOf({ words, flags }: Args): never {
  const [id = "", who = flags.who] = words;
  return { ...flags, id, ...(who === undefined ? {} : { who }) } as never;
}

function answer(context: Context, followed: Followed): Answer {
  warnWritten(context, followed);
  const { who, role } = followed.follower;
  const ids = idsOf(followed);
  const id = ids.join(", ");
  const as = role === "owner" ? " as owner" : "";
  const wordings =
    role === null
      ? {
          did: `${who} follows ${id} no longer`,
          would: `Would unfollow ${id}: ${who}`,
          same: `${id}: ${who} does not follow it`,
        }
      : {
          did: `${who} follows ${id}${as}`,
          would: `Would follow ${id}: ${who}${as}`,
          same: `${id}: ${who} follows it already`,
        };
  return { json: { ...followed }, text: deedLine(followed, wordings), ids };
}
