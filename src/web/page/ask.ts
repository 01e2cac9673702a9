import { dialog } from "./keys.ts";
import { state } from "./state.ts";

/** A question that waits for its answer. */
export interface Question {
  readonly text: string;
  /** What is done with the answer, as the button says it. */
  readonly verb: string;
  /** Under which name what is typed is remembered, until who asked forgets it. */
  readonly draft: string;
  /** The answer is one line: Enter gives it. */
  readonly isLine: boolean;
  readonly onAnswer: (answer: string | undefined) => void;
}

/** What is being asked. */
export const question = state<Question | undefined>(undefined);

/** Asks for a few words; undefined where the question was left. */
export function ask(text: string, verb: string, draft: string, isLine = false): Promise<string | undefined> {
  return new Promise((resolve) => {
    question.set({
      text,
      verb,
      draft,
      isLine,
      onAnswer: (answer) => {
        question.set(undefined);
        dialog.set("");
        resolve(answer);
      },
    });
    dialog.set("ask");
  });
}
