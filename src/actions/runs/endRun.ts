import { workHere } from "../../store/change/claimTokens.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { waitingDispatch } from "../../ticket/rules/dispatch.ts";
import { GO_ON, PLAN_QUESTION } from "../../ticket/rules/questions.ts";
import { type Ticket, ticketWith } from "../../ticket/ticket.ts";
import { asking } from "../ask.ts";
import { change } from "../input/action.ts";
import { checkText } from "../input/checkInput.ts";
import { type Move, moveTickets } from "../lifecycle/moveTickets.ts";
import { stepTo } from "../lifecycle/phases.ts";
import { wishedColumn } from "../lifecycle/proven.ts";
import { type Step, toCategory } from "../lifecycle/step.ts";
import { releasing } from "../release.ts";
import { SUBMITTING } from "../submit.ts";

/** So many changed files are named in a question. */
const MAX_NAMED = 10;

/** What becomes of a ticket when a run of its agent is over; `move`: where it wished it; `note`: what the agent itself did stands. */
export type Ending = "submit" | "close" | "move" | "fail" | "release" | "note" | "ask";

/** How a run is over, for its ticket. */
export interface RunEnd {
  readonly id: string;
  /** Whose run it was. */
  readonly as: string;
  /** The token of its claim. */
  readonly claim: string;
  readonly ending: Ending;
  /** The summary. */
  readonly message: string;
  /** `2 ok`: its number and how it ended. */
  readonly run: string;
  /** What the agent answered, where the ticket asks for that. */
  readonly output?: unknown;
  /** It waits for parts that it handed on. */
  readonly isWaiting?: boolean;
  /** Files that it left and that were committed. */
  readonly changed?: readonly string[];
  /** Refuses the end of work while it is written, when nobody else writes. */
  readonly check?: Move["check"];
}

/** Writes the end of a run into its ticket, in one commit. @throws what the verbs throw */
export async function endRun(store: Store, { check, ...end }: RunEnd): Promise<void> {
  const { id, as, claim, ending, message, run, output } = end;
  const closing = { run, ...(check === undefined ? {} : { check }) };
  const submitting = { run, check: both(SUBMITTING.check, check) };
  const handsIn = output !== undefined && (ending === "submit" || ending === "close");
  const input = { ids: [id], as, claim, message, ...(handsIn ? { output } : {}) };
  if (ending === "submit") await moveTickets(store, input, { ...SUBMITTING, ...submitting });
  else if (ending === "close") await moveTickets(store, input, { verb: "close", step: toCategory("done"), ...closing });
  else if (ending === "move") await moveTickets(store, input, { verb: "move", step: asWished, ...closing });
  else if (ending === "fail") await moveTickets(store, input, { verb: "fail", step: toCategory("failed"), run });
  else if (ending === "ask") await moveTickets(store, { ids: [id], as, claim }, planned(store, end));
  else if (ending === "release") await moveTickets(store, input, givingBack(store, end));
  else await noteEnd(store, { id, as, message, run });
}

/** Into the column that its agent wished; where config.yml has lost it meanwhile it is done, as without a wish. */
function asWished(ticket: Ticket, draft: Draft): Step {
  const to = wishedColumn(draft.view.board, ticket.fields.wish);
  return to === undefined ? toCategory("done")(ticket, draft) : stepTo(to, ticket, draft);
}

/** A plan is made: a person says whether its agent goes on, and hears of files that were changed though none was to be. */
function planned(store: Store, { message, run, changed = [] }: RunEnd): Move {
  const { branch, head } = workHere(store);
  const asked = changed.length === 0 ? PLAN_QUESTION : `${PLAN_QUESTION}\n\n${leftBehind(changed, head)}`;
  const move = asking(asked, { options: [GO_ON, "plan again"] });
  const where = head === undefined ? {} : { claimHead: head, ...(branch === undefined ? {} : { claimBranch: branch }) };
  return {
    ...move,
    run,
    step: (ticket, draft) => {
      draft.note(ticket, checkText("message", message));
      // The question names the commit that the work is at by now.
      return move.step(ticketWith(ticket, { fields: { ...ticket.fields, ...where } }), draft);
    },
  };
}

function leftBehind(files: readonly string[], head = ""): string {
  const more = files.length > MAX_NAMED ? ` and ${files.length - MAX_NAMED} more` : "";
  const what = `${files.slice(0, MAX_NAMED).join(", ")}${more}`;
  return `To plan, no file is to be changed; its run changed ${what}, committed as ${head.slice(0, 12)} on its branch, which what follows builds on.`;
}

/** Its ticket is given back, and may wait for parts. */
function givingBack(store: Store, { claim, run, isWaiting }: Pick<RunEnd, "claim" | "run" | "isWaiting">): Move {
  const move = releasing({ store, token: claim });
  const [n, outcome] = run.split(" ");
  return {
    ...move,
    run,
    subject: (tickets) => `end run ${n} (${outcome}) and release ${tickets}`,
    step: (ticket, draft) => {
      const step = move.step(ticket, draft);
      return isWaiting ? { ...step, fields: { ...step.fields, ...waitingDispatch(ticket.fields) } } : step;
    },
  };
}

function both(...checks: readonly Move["check"][]): NonNullable<Move["check"]> {
  return (ticket, draft) => {
    for (const check of checks) check?.(ticket, draft);
  };
}

type Noted = Pick<RunEnd, "id" | "as" | "message" | "run">;

async function noteEnd(store: Store, { id, as, message, run }: Noted): Promise<void> {
  await change(store, { as }, async (draft: Draft) => {
    const ticket = await draft.find(id);
    draft.note(ticket, checkText("message", message));
    const [n, outcome] = run.split(" ");
    const subject = `end run ${n} of ${ticket.id} (${outcome}): ${ticket.title}`;
    return { result: undefined, sentence: { subject, event: "noted", tickets: [ticket.id], run } };
  });
}
