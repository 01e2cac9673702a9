import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question } from "../page/ask.ts";
import { useDraft } from "../page/drafts.ts";
import { submitOnCtrlEnter } from "../page/submit.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";
import { Modal } from "./modal.tsx";

/** Asks for a few words, such as why. */
export function AskDialog({ question }: { readonly question: Question }): JSX.Element {
  const { text, verb, draft, isLine, onAnswer } = question;
  const field = useRef<HTMLTextAreaElement>(null);
  const line = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => (field.current ?? line.current)?.focus(), []);
  const { text: said, put } = useDraft(draft);
  const answer = (): void => onAnswer(said.trim());
  return (
    <Modal label={text} onClose={() => onAnswer(undefined)}>
      <form
        class="create"
        onKeyDown={submitOnCtrlEnter}
        onSubmit={(event) => {
          event.preventDefault();
          answer();
        }}
      >
        <p class="asked" aria-hidden="true">
          {text}
        </p>
        {isLine ? (
          <input
            ref={line}
            aria-label={text}
            dir="auto"
            value={said}
            onInput={(event) => put(event.currentTarget.value)}
          />
        ) : (
          <Writing isSmall field={field} label={text} rows={3} text={said} put={put} send={answer} />
        )}
        <div class="buttons">
          <button type="submit" class="main">
            {verb}
          </button>
          <button type="button" onClick={() => onAnswer(undefined)}>
            {say.cancel}
          </button>
          {isLine ? null : <span class="hint">{say.dialogs.ctrlEnter}</span>}
        </div>
      </form>
    </Modal>
  );
}
