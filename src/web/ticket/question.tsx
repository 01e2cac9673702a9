import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { runVerb } from "../data/commands.ts";
import type { Shown } from "../data/shapes.ts";
import { ask } from "../page/ask.ts";
import { draftName } from "../page/drafts.ts";
import { useValue, writeStored } from "../page/state.ts";
import { fullTime, halfMinute, timeLeft } from "../page/times.ts";
import { say } from "../words/say.ts";

interface Props {
  readonly ticket: Shown["ticket"];
  /** Whether this server lets people answer. */
  readonly isOpen: boolean;
  readonly read: () => Promise<void>;
}

/** What a ticket asks: a button for each option, and one for any other answer. */
export function Question({ ticket, isOpen, read }: Props): JSX.Element | null {
  const { id, question, answerOptions = [], defaultAnswer, answerBy } = ticket;
  const [isSent, setSent] = useState(false);
  useValue(halfMinute);
  if (question === undefined) return null;
  const answer = async (said: string): Promise<boolean> => {
    setSent(true);
    const isDone = await runVerb(id, "answer", { answer: said });
    await read();
    setSent(false);
    return isDone;
  };
  const write = async (): Promise<void> => {
    const draft = draftName("answer", id);
    const said = await ask(question, say.answer, draft);
    if (said && (await answer(said))) writeStored(draft, "");
  };
  const hasOptions = answerOptions.length > 0;
  // With a time there is a default; once it is over and nothing holds, the store has that off.
  return (
    <div class="question">
      <p>{say.board.asks(<span dir="auto">{question}</span>)}</p>
      {answerBy === undefined || Date.parse(answerBy) <= Date.now() ? null : (
        <p>
          {say.inbox.withoutAnswer(
            defaultAnswer,
            <time dateTime={answerBy} title={fullTime(answerBy)}>
              {say.times.within(timeLeft(answerBy))}
            </time>,
          )}
        </p>
      )}
      {isOpen ? (
        <div class="buttons">
          {answerOptions.map((option) => (
            <button
              key={option}
              type="button"
              class={defaultAnswer === undefined || option === defaultAnswer ? "main" : ""}
              disabled={isSent}
              onClick={() => void answer(option)}
            >
              {option}
            </button>
          ))}
          <button type="button" class={hasOptions ? "" : "main"} disabled={isSent} onClick={() => void write()}>
            {hasOptions ? say.ticket.otherAnswer : say.answer}
          </button>
        </div>
      ) : null}
    </div>
  );
}
