import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question } from "../page/ask.ts";
import { useDraft } from "../page/drafts.ts";
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
        <label>
          {text}
          <textarea
            ref={field}
            rows={3}
            dir="auto"
            value={said}
            onInput={(event) => put(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              answer();
            }}
          />
        </label>
        <div class="buttons">
          <button type="submit" class="main">
            {verb}
          </button>
          <button type="button" onClick={() => onAnswer(undefined)}>
            Cancel
          </button>
          <span class="hint">Ctrl Enter does it.</span>
        </div>
      </form>
    </Modal>
  );
}
