import { invoke } from "../../actions/input/action.ts";
import { type Landed, landed as landedAction } from "../../actions/landed.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket landed <id> [commit]`. */
export const landed: Command = {
  name: "ticket landed",
  summary: landedAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "commit", required: false },
  ],
  flags: flagsOf(landedAction.input, { omit: ["id", "commit"] }),
  examples: [
    ["ayo ticket landed ayo-x7k2", "looks now, and says what is missing"],
    ["ayo ticket landed ayo-x7k2 3f9c1e2", "a squash that was edited: only you know what is in it"],
  ],
  run: async (context, { words: [id, commit], flags }): Promise<Answer> => {
    const input = { ...flags, id, ...(commit === undefined ? {} : { commit }) };
    const answer = await invoke(landedAction, context.store(), input as never);
    warnWritten(context, answer);
    if (answer.landing.trouble !== null) context.warn(`this is not sure: ${answer.landing.trouble}`);
    const lines = [
      deedText(answer),
      ...answer.nowReady.map(({ id: other, title }) => `ready: ${other} - ${plain(title)}`),
    ];
    return { json: { ...answer }, text: lines.join("\n"), ids: answer.tickets.map(({ id: own }) => own) };
  },
};

function deedText(answer: Landed): string {
  const id = answer.tickets[0]?.id ?? "";
  const { state, base, commit, missing } = answer.landing;
  const at = commit?.slice(0, 7) ?? "";
  const open = missing.map((oid) => oid.slice(0, 7)).join(", ");
  // A branch that was written anew has no commit that took the work back.
  const wasThere = (answer.tickets[0]?.unlanded ?? null) !== null;
  const facts = {
    landed: `${id}: on ${base} with ${at}`,
    reverted: `${id}: taken back from ${base} with ${at}`,
    waiting: `${id}: ${wasThere ? `on ${base} no more` : `not on ${base} yet`}: ${open}`,
    none: `${id}: it has no commits that could land on ${base}`,
  };
  const done = { landed: `Landed ${facts.landed}`, reverted: `Taken back ${id}: from ${base} with ${at}` };
  // Of what waits only its commits were recorded.
  const gone = wasThere && state === "waiting" ? `Taken back ${id}: on ${base} no more: ${open}` : facts[state];
  const did = state === "landed" || state === "reverted" ? done[state] : gone;
  return deedLine(answer, { did, would: `Would say of ${facts[state]}`, same: facts[state] });
}
