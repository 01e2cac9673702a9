import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { runVerb } from "../data/commands.ts";
import type { Line } from "../data/shapes.ts";
import { draftName, useDraft } from "../page/drafts.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";
import { goTo, stopOf } from "./walk.ts";

interface Props {
  readonly line: Line;
  readonly isGone: boolean;
  /** Whether there is no other way to answer. */
  readonly isMain: boolean;
  /** Settles the line by what it is given. */
  readonly settle: (send: () => Promise<boolean>) => void;
  readonly redraw: () => void;
}

/** Where a question is answered: a field whose text survives whatever happens to the line. */
export function Answer({ line: { id, text: question }, isGone, isMain, settle, redraw }: Props): JSX.Element {
  const { text, put, sent } = useDraft(draftName("answer", id));
  /** What was asked when the typing began. */
  const asked = useRef(question);
  const isEmpty = text.trim() === "";
  if (isEmpty) asked.current = question;
  const send = async (): Promise<boolean> => {
    const said = text.trim();
    const isDone = await runVerb(id, isGone ? "comments" : "answer", isGone ? { text: said } : { answer: said });
    if (isDone) sent(text);
    return isDone;
  };
  const submit = (): void => {
    if (!isEmpty) settle(send);
  };
  // Once the field is seen to be empty nothing holds a line that is gone.
  useEffect(() => {
    if (isGone && isEmpty) redraw();
  }, [isGone, isEmpty]);
  return (
    // No form: browsers look through all fields of a page for each form that they add.
    <div class="answer">
      <Changed isGone={isGone} before={asked.current === question ? "" : asked.current} />
      <Writing
        isSmall
        label={say.inbox.answerFor(id)}
        placeholder={say.inbox.yourAnswer}
        rows={1}
        text={text}
        put={put}
        send={submit}
        more={{
          "data-answer": true,
          onBlur: isGone ? redraw : undefined,
          onKeyDown: (event: KeyboardEvent & { readonly currentTarget: Element }) => {
            if (event.key === "Escape") goTo(stopOf(event.currentTarget));
          },
        }}
      />
      <button type="button" class={isMain ? "main" : ""} disabled={isEmpty} onClick={submit}>
        {isGone ? say.inbox.addAsNote : say.answer}
      </button>
      {isGone ? (
        <button type="button" onClick={() => put("")}>
          {say.discard}
        </button>
      ) : null}
    </div>
  );
}

/** That the words in the field were meant for something else. */
function Changed({ isGone, before }: { readonly isGone: boolean; readonly before: string }): JSX.Element | null {
  if (!isGone && before === "") return null;
  return (
    <p class="changed" role="status">
      {isGone ? say.inbox.settled : say.inbox.otherQuestion(before)}
    </p>
  );
}
