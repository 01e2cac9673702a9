import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Question } from "../ask.ts";
import { Modal } from "./modal.tsx";

/** Asks for a few words, such as why. */
export function AskDialog({ question: { text, verb, onAnswer } }: { readonly question: Question }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const answer = (): void => onAnswer(field.current?.value.trim() ?? "");
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
            Leave it
          </button>
          <span class="hint">Ctrl Enter does it.</span>
        </div>
      </form>
    </Modal>
  );
}
