import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question } from "../page/ask.ts";
import { useDraft } from "../page/drafts.ts";
import { say } from "../words/say.ts";
import { Writing } from "../writing/writing.tsx";
import { Modal } from "./modal.tsx";

/** Asks for a few words, such as why. */
export function AskDialog({ question: { text, verb, draft, onAnswer } }: { readonly question: Question }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const { text: said, put } = useDraft(draft);
  const answer = (): void => onAnswer(said.trim());
  return (
    <Modal label={text} onClose={() => onAnswer(undefined)}>
      <form
        class="create"
        onSubmit={(event) => {
          event.preventDefault();
          answer();
        }}
      >
        <p class="asked" aria-hidden="true">
          {text}
        </p>
        <Writing isSmall field={field} label={text} rows={3} text={said} put={put} send={answer} />
        <div class="buttons">
          <button type="submit" class="main">
            {verb}
          </button>
          <button type="button" onClick={() => onAnswer(undefined)}>
            {say.cancel}
          </button>
          <span class="hint">{say.dialogs.ctrlEnter}</span>
        </div>
      </form>
    </Modal>
  );
}
