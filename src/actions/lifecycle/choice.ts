import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { MAX_OPTIONS, MIN_WAIT_MS, optionIn } from "../../ticket/rules/questions.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatDuration, formatTime, parseDuration, parseTime } from "../../ticket/time.ts";
import { checkWord } from "../input/checkInput.ts";

/** The answers that a question offers, and what holds where nobody chooses in time. */
export interface Choice {
  readonly options: readonly string[];
  readonly default?: string | undefined;
  /** How long a person has, in milliseconds. */
  readonly after?: number | undefined;
  /** When that is over, as tickets write it. */
  readonly until?: string | undefined;
}

interface Given {
  readonly options?: readonly string[] | undefined;
  readonly default?: string | undefined;
  readonly after?: string | undefined;
}

/** An option fits on a button and a line of a terminal. In characters. */
const MAX_OPTION = 100;
const MAX_WAIT_MS = 365 * 24 * 60 * 60_000;
/** What only a person's own word settles, whatever a store allows. */
const PERSONS_OWN = /(?<![\w-])-{0,2}force(?![\w-])|\ballowances?\b|\bayo (?:hooks )?allow\b|\ballow @/i;

/** @throws bad_input for options that cannot be told apart, and for a default that may not be */
export function checkChoice(question: string, given: Given): Choice {
  const options = checkOptions(given.options ?? []);
  if (given.default === undefined && given.after === undefined) return { options };
  if (given.default === undefined) throw bad("after", "after is how long to wait before the default: name that, too");
  const chosen = optionIn(options, given.default);
  if (chosen === undefined) {
    const known = options.length === 0 ? "there are none: name them with --option" : options.join(", ");
    throw bad("default", `the default '${given.default}' is not one of the options (${known})`);
  }
  if ([question, ...options].some((text) => PERSONS_OWN.test(text))) {
    throw bad("default", "a question about force or what is allowed has no default: a person says yes to that");
  }
  if (given.after === undefined) throw bad("after", "a default needs the time to wait for a person: --after 30m");
  const after = parseDuration(given.after);
  if (after === undefined) throw bad("after", `after '${given.after}' must be a duration such as 30m, 2h or 1d`);
  if (after < MIN_WAIT_MS) throw bad("after", `a person has at least ${formatDuration(MIN_WAIT_MS)} to answer`);
  if (after > MAX_WAIT_MS) throw bad("after", `after '${given.after}' is longer than a year: leave the default away`);
  return { options, default: chosen, after };
}

function checkOptions(given: readonly string[]): readonly string[] {
  const options = given.map((one) => checkWord("option", one));
  if (options.length > MAX_OPTIONS) throw bad("options", `${options.length} options; at most ${MAX_OPTIONS}`);
  const long = options.find((one) => one.length > MAX_OPTION);
  if (long !== undefined) throw bad("options", `an option is longer than ${MAX_OPTION} characters: ${long}`);
  const seen = new Set(options.map((one) => one.toLowerCase()));
  if (seen.size < options.length) throw bad("options", `options must differ: ${options.join(", ")}`);
  return options;
}

/**
 * The choice as this ticket may have it: where default answers are off its time is left out, and whoever asks is told. An
 * agent that asks anew takes no time from the person who was asked before.
 * @throws transition_refused for a ticket in review, or blocked for another reason; needs_person
 */
export function withDefault({ view, time, notices, actor }: Draft, ticket: Ticket, choice: Choice): Choice {
  if (choice.default === undefined || choice.after === undefined) return choice;
  const isReview = categoryOf(view.board, ticket.status) === "review";
  const isBlocked = ticket.fields.blockedReason !== undefined;
  if (isReview || isBlocked) {
    const why = isReview ? "is in review" : "is blocked for another reason, too";
    throw new AyoError("transition_refused", `${ticket.id} ${why}: a question there has no default`, {
      try: ["ayo", "ticket", "show", ticket.id],
      data: { id: ticket.id, from: ticket.status },
    });
  }
  if (view.board.defaultAnswers !== true) {
    notices.push(`${ticket.id} waits for a person all the same: default answers are off here (questions.defaults)`);
    return choice;
  }
  const now = parseTime(time) ?? view.now;
  const before = actor.agent ? untilNow(ticket) : undefined;
  const until = Math.max(now + choice.after, parseTime(before ?? time) ?? now);
  return { ...choice, after: until - now, until: formatTime(until) };
}

/** Until when a person is asked already. @throws needs_person where no time was said, so that he is waited for */
function untilNow({ id, fields: { question, answerBy } }: Ticket): string | undefined {
  if (question === undefined || answerBy !== undefined) return answerBy;
  throw new AyoError(
    "needs_person",
    `${id} waits for a person's answer already, for as long as it takes: ${question}`,
    {
      try: ["ayo", "ticket", "ready"],
      data: { id, question },
    },
  );
}

/** The fields of the front matter that say it. */
export function choiceFields({ options, default: chosen, until }: Choice): FieldChanges {
  return {
    ...(options.length === 0 ? {} : { answerOptions: options }),
    ...(chosen === undefined ? {} : { defaultAnswer: chosen }),
    ...(until === undefined ? {} : { answerBy: until }),
  };
}

/** The same in a note: numbered, since numbers are answers. */
export function choiceText({ options, default: chosen, after, until }: Choice): string {
  const lines = options.map((one, at) => `${at + 1}. ${one}`);
  if (chosen === undefined || until === undefined) return lines.join("\n");
  return [...lines, "", `Without an answer in ${formatDuration(after ?? 0)} it is: ${chosen}`].join("\n");
}

function bad(field: string, message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field } });
}
