import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { objectIn, textAt } from "../adapters/json.ts";

/** What comes to an agent while it works: messages, and in the end that no more of them will come. */
export interface Inbox {
  /** What came since it was asked last. */
  take(): readonly string[];
  /** Whether something waits to be taken. */
  readonly isFull: boolean;
  /** No more will come. */
  readonly isOver: boolean;
  /** Called at each message. */
  onMessage: () => void;
  /** Waits for the next message, or the end of them. */
  next(): Promise<void>;
}

/** The lines of a dispatcher (`{"text": "…"}`): the first is the prompt, what follows comes while the agent works. */
export async function readLines(input: Readable): Promise<{ readonly prompt: string; readonly inbox: Inbox }> {
  const inbox = new Lines(input);
  while (!inbox.isFull && !inbox.isOver) await inbox.next();
  const [prompt = "", ...more] = inbox.take();
  for (const text of more) inbox.put(text);
  return { prompt, inbox };
}

class Lines implements Inbox {
  onMessage: () => void = () => {};
  isOver = false;
  #waiting: string[] = [];
  #wake: () => void = () => {};

  constructor(input: Readable) {
    const lines = createInterface({ input });
    lines.on("line", (line) => {
      const text = textAt(objectIn(line), "text");
      if (text !== undefined) this.put(text);
    });
    lines.on("close", () => {
      this.isOver = true;
      this.#wake();
    });
  }

  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  put(text: string): void {
    this.#waiting.push(text);
    this.#wake();
    this.onMessage();
  }

  take(): readonly string[] {
    return this.#waiting.splice(0);
  }

  next(): Promise<void> {
    if (this.isOver || this.isFull) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
