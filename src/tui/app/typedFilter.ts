import type { Ui } from "./ui.ts";

/** A filter that is being typed is applied after so long. In milliseconds. */
const TYPED_MS = 120;
/** What is wrong with it is told when nothing more is typed for so long. In milliseconds. */
const PAUSE_MS = 1200;

/** A filter while it is typed: most of its beginnings make no sense, which is nothing to tell before a pause. */
export interface TypedFilter {
  take(text: string): void;
  /** It is typed no longer. */
  end(): void;
  /** Keeps what is wrong with it until the pause; false where nothing is being typed: then it is to be told. */
  hold(problem: string): boolean;
}

/** Applies it once nothing more is typed for a moment. */
export function typedFilter(ui: Ui, apply: (text: string) => Promise<void>, redraw: () => void): TypedFilter {
  let timers: ReturnType<typeof setTimeout>[] = [];
  let isTyping = false;
  let held = "";
  const end = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    isTyping = false;
    held = "";
  };
  const begin = (text: string): void => {
    const applied = apply(text);
    isTyping = true;
    const tell = (): void => {
      isTyping = false;
      if (held === "") return;
      ui.filterProblem = held;
      redraw();
    };
    timers = [setTimeout(() => void applied.then(tell), PAUSE_MS)];
  };
  return {
    end,
    take: (text) => {
      end();
      ui.filterProblem = "";
      timers = [setTimeout(() => begin(text), TYPED_MS)];
    },
    hold: (problem) => {
      if (isTyping) held = problem;
      return isTyping;
    },
  };
}
