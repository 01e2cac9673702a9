import { invoke } from "../../actions/input/action.ts";
import { type VerifyAnswer, verify as verifyAction } from "../../actions/verify.ts";
import { shownTime } from "../../ticket/moments.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

type Entry = VerifyAnswer["verifications"][number]["entries"][number];

/** `ayo ticket verify <id…>`: exit status 1 where something does not pass. */
export const verify: Command = {
  name: "ticket verify",
  summary: verifyAction.summary,
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  flags: flagsOf(verifyAction.input, { omit: ["ids"] }),
  examples: [
    ["ayo ticket verify ayo-x7k2", "runs what agents.yml names for it; exit status 1 where it does not pass"],
    ["ayo ticket verify ayo-x7k2 --dry-run", "how it stands, without running anything"],
  ],
  run: async (context, args): Promise<Answer> => {
    const answer = await invoke(verifyAction, context.store(), { ...args.flags, ids: [...args.words] } as never);
    warnWritten(context, answer);
    const ids = answer.tickets.map(({ id }) => id);
    const text = answer.verifications.flatMap((one) => linesOf(context, one)).join("\n");
    return { json: { ...answer }, text, ids, ...(answer.ok || answer.dryRun ? {} : { code: 1 }) };
  },
};

function linesOf({ paint }: Context, { id, head, branch, entries }: VerifyAnswer["verifications"][number]): string[] {
  const where = head === null ? "" : ` at ${head.slice(0, 12)}${branch === null ? "" : ` (${branch})`}`;
  if (entries.length === 0) return [plain(`${id}: nothing is to be run for it`)];
  return entries.flatMap((one) => {
    const colour = one.state === "passed" ? paint.green : one.state === "failed" ? paint.red : paint.yellow;
    const tail =
      one.state === "failed" && one.tail !== "" ? one.tail.split("\n").map((line) => plain(`  ${line}`)) : [];
    return [
      `${plain(id)} ${plain(one.name)}: ${colour(plain(stateOf(one)))}${one.state === "open" ? "" : plain(where)}`,
      ...tail,
    ];
  });
}

/** `passed`, `failed with exit code 1`. */
function stateOf({ state, why }: Pick<Entry, "state" | "why">): string {
  return state === "passed" ? state : why;
}

/** How the work of a ticket stands, a line for each command; none where nothing is to be run. */
export function verificationFacts(
  verification: Omit<VerifyAnswer["verifications"][number], "id"> | undefined,
): string[] {
  if (verification === undefined) return [];
  const { entries, elsewhere } = verification;
  const lines = entries.map((one) => {
    const when = one.state === "open" || one.at === null ? "" : `, ${shownTime(one.at)}`;
    return `verify ${one.name}: ${stateOf(one)}${when}`;
  });
  return elsewhere ? [...lines, "verified on another machine; this one has not seen it"] : lines;
}
