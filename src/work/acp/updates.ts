import { at, listAt, numberAt, shown, textAt } from "../adapters/json.ts";

/** Writes a line of `../adapters/protocol.ts`. */
export type Say = (line: Readonly<Record<string, unknown>>) => void;

/** How long a text that still comes is held back, in milliseconds. */
const HELD_MS = 5_000;
/** The longest answer that is kept for the end, in characters. */
const MAX_ANSWER = 1024 * 1024;

type Kind = "text" | "thought";

/** Makes lines of an agent's updates: texts come in pieces of a word or two, and are told whole. */
export class Updates {
  readonly #say: Say;
  readonly #now: () => number;
  readonly #begun = new Set<string>();
  #kind: Kind = "text";
  #piece = "";
  #since = 0;
  #answer = "";
  #isNewAnswer = true;
  /** Dollars that its session has cost so far. */
  #cost: number | undefined;
  /** Whether updates repeat what was before: a session that is loaded is told again. */
  isMuted = false;

  constructor(say: Say, now: () => number) {
    this.#say = say;
    this.#now = now;
  }

  /** What it said since it last did something. */
  get answer(): string {
    return this.#answer.trim();
  }

  /** What its session has cost so far, where it tells that in dollars. */
  get cost(): number | undefined {
    return this.#cost;
  }

  /** Takes the `params` of a `session/update`. */
  take(params: unknown): void {
    const update = at(params, "update");
    if (this.isMuted) return;
    const kind = textAt(update, "sessionUpdate");
    if (kind === "agent_message_chunk") this.#chunk("text", update);
    else if (kind === "agent_thought_chunk") this.#chunk("thought", update);
    else if (kind === "tool_call" || kind === "tool_call_update") this.#tool(update);
    else if (kind === "usage_update") this.#usage(update);
  }

  /** Tells what was held back. */
  flush(): void {
    if (this.#piece.trim() !== "") this.#say({ type: this.#kind, text: this.#piece.trim() });
    this.#piece = "";
  }

  #chunk(kind: Kind, update: unknown): void {
    const text = textAt(update, "content", "text") ?? "";
    if (text === "") return;
    if (kind !== this.#kind) this.flush();
    if (this.#piece === "") this.#since = this.#now();
    this.#kind = kind;
    this.#piece += text;
    if (kind === "text") {
      this.#answer = this.#isNewAnswer ? text : this.#answer + text;
      if (this.#answer.length > 2 * MAX_ANSWER) this.#answer = this.#answer.slice(-MAX_ANSWER);
      this.#isNewAnswer = false;
    }
    if (this.#now() - this.#since > HELD_MS || this.#piece.length > MAX_ANSWER) this.flush();
  }

  #usage(update: unknown): void {
    if ((textAt(update, "cost", "currency") ?? "USD") === "USD")
      this.#cost = numberAt(update, "cost", "amount") ?? this.#cost;
  }

  /** A tool begins that was told of, or that was allowed: some agents tell of it once it has ended. */
  begin(call: unknown): void {
    const id = textAt(call, "toolCallId") ?? "";
    if (this.isMuted || this.#begun.has(id)) return;
    this.flush();
    this.#isNewAnswer = true;
    this.#begun.add(id);
    this.#say({ type: "tool", phase: "begin", id, name: textAt(call, "kind") ?? "tool", input: inputOf(call) });
  }

  #tool(update: unknown): void {
    this.begin(update);
    this.flush();
    this.#isNewAnswer = true;
    const id = textAt(update, "toolCallId") ?? "";
    const status = textAt(update, "status");
    if (status !== "completed" && status !== "failed") return;
    this.#begun.delete(id);
    this.#say({ type: "tool", phase: "end", id, ok: status === "completed", output: outputOf(update) });
  }
}

function inputOf(update: unknown): string | undefined {
  const command = at(update, "rawInput", "command");
  return (
    (typeof command === "string" ? command : undefined) ?? textAt(update, "title") ?? shown(at(update, "rawInput"))
  );
}

function outputOf(update: unknown): string | undefined {
  const texts = listAt(update, "content").flatMap((one) => {
    const text = textAt(one, "content", "text");
    const file = textAt(one, "path");
    return text ?? (file === undefined ? [] : `changed ${file}`);
  });
  return texts.length > 0 ? texts.join("\n") : shown(at(update, "rawOutput"));
}
