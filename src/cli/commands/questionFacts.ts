import type { TicketJson } from "../../actions/answers/describe.ts";
import { shownTime } from "../../ticket/moments.ts";

/** What a ticket asks, the answers that it offers, and what holds where nobody chooses: lines of its page. */
export function questionFacts(ticket: TicketJson): string[] {
  const { question, answerOptions, defaultAnswer, answerBy } = ticket;
  const options = ((answerOptions as readonly string[] | undefined) ?? []).map((one, at) => `${at + 1}. ${one}`);
  const from = answerBy === undefined ? "" : `, from ${shownTime(String(answerBy))} on`;
  return [
    `question: ${String(question)}`,
    ...(options.length === 0 ? [] : [`options: ${options.join(", ")}`]),
    ...(defaultAnswer === undefined ? [] : [`default: ${String(defaultAnswer)}${from}`]),
  ];
}

/** The command that answers it: with options, by a number. */
export function answerLine({ id, answerOptions }: TicketJson): string {
  return `ayo ticket answer ${id} ${answerOptions === undefined ? '"…"' : "1"}`;
}
