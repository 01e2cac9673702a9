import { REJECTED } from "../../actions/channel/rejected.ts";
import { outputInvalid, whyNotAsBegun } from "../../actions/output/handIn.ts";
import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";
import { checkOutput } from "../../store/outputs/checkOutput.ts";
import { outputText } from "../../store/outputs/outputFile.ts";
import { faultText, readSchema, type StoreSchema } from "../../store/outputs/schemaFile.ts";
import { keptSchema } from "../../store/runs/keptSchema.ts";
import { runFile } from "../../store/runs/record.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { isOurs } from "../run/isOurs.ts";
import type { LiveRun } from "../run/liveRun.ts";
import { logAyo } from "../run/logRun.ts";
import { isAwaiting } from "../run/parts.ts";
import type { Verdict } from "../run/verdict.ts";
import { answerOf, rawAnswer } from "./answerOf.ts";
import { answerBefore } from "./keptAnswer.ts";

/** What the end of a run made of an answer: it is handed in, or what does not fit goes back to the agent, once. */
export interface Judged {
  readonly verdict: Verdict;
  readonly output?: unknown;
  /** What the agent is told. */
  readonly rejected?: readonly JsonFault[];
}

/** Holds the answer of a run that went well to its ticket's schema; where there is none, nothing is asked of it. */
export async function judgeAnswer(
  store: Store,
  view: View,
  run: LiveRun,
  ticket: Ticket,
  verdict: Verdict,
): Promise<Judged> {
  const name = ticket.fields.outputSchema;
  // A plan is no output.
  if (ticket.fields.mode === "plan") return { verdict };
  if (name === undefined || verdict.outcome !== "ok" || run.isReview || !isOurs(view, ticket, run.record))
    return { verdict };
  // An agent that delegated answers when its parts are done.
  if (isAwaiting(view, run.record)) return { verdict };
  const schema = readSchema(store.dir, name);
  if (typeof schema !== "object") {
    return { verdict: failed(`schema ${name} of its output cannot be used: ${schema ?? "it is not there"}`) };
  }
  const said = answerOf(run);
  const answer = ("isAbsent" in said ? answerBefore(store, run.record) : undefined) ?? said;
  const kept = "fault" in answer ? answer : outputText(answer.value);
  if ("fault" in kept) return refused(store, run, ticket, [kept.fault]);
  const checked = await checkOutput({ schema: schema.text, output: kept.text });
  if ("unusable" in checked) {
    return { verdict: failed(`schema ${name} of its output cannot be used: ${checked.unusable}`) };
  }
  if (!checked.fits) return refused(store, run, ticket, checked.errors);
  const swapped = await whySwapped(store, run, schema, kept.text);
  if (swapped !== undefined) {
    writePrivate(runFile(store, run.record, "answer.txt"), `${rawAnswer(run)}\n`);
    return { verdict: failed(`${swapped}; the answer is kept with run ${run.record.n}, in answer.txt`) };
  }
  return { verdict, output: JSON.parse(kept.text) as unknown };
}

/** Why an answer does not count that fits the schema as it is now, where it was changed while the agent worked. */
async function whySwapped(store: Store, { record }: LiveRun, now: StoreSchema, output: string) {
  const began = keptSchema(store, record);
  if (began === undefined || began.name !== now.name || began.text === now.text) return undefined;
  const checked = await checkOutput({ schema: began.text, output });
  return whyNotAsBegun(now.name, checked);
}

function refused(store: Store, run: LiveRun, { id, fields }: Ticket, errors: readonly JsonFault[]): Judged {
  const { record } = run;
  writePrivate(runFile(store, record, "answer.txt"), `${rawAnswer(run)}\n`);
  const [first] = errors;
  const why = `its answer does not fit schema ${fields.outputSchema}: ${first === undefined ? "" : faultText(first)}`;
  logAyo(store, record, `refused the answer: ${outputInvalid(id, fields.outputSchema, errors).message}`, {
    notice: REJECTED,
    errors,
  });
  if (record.repairOf === undefined) {
    return { verdict: { ...failed(why), isTransient: true, isRepair: true }, rejected: errors };
  }
  return {
    verdict: failed(`${why}; it was asked once more, and the answer is kept with run ${record.n}, in answer.txt`),
  };
}

function failed(why: string): Verdict {
  return { outcome: "failed", why, isTransient: false };
}
