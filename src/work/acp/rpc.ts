import type { ChildProcess } from "node:child_process";
import { at, type Fields, numberAt, objectIn, textAt } from "../adapters/json.ts";
import { LineSplitter } from "../adapters/lines.ts";

/** What an agent answered instead of a result. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the other side asks for or tells. */
export interface RpcListener {
  /** A request: the answer. @throws RpcError for what there is not */
  request(method: string, params: unknown): unknown;
  notification(method: string, params: unknown): void;
  /** A line that is no JSON-RPC. */
  raw(line: string): void;
}

/** There is no such method, in JSON-RPC. */
export const NO_METHOD = -32_601;

/** JSON-RPC with a child process, a line a message. */
export class Rpc {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >();
  readonly #listener: RpcListener;
  #next = 1;
  #over: Error | undefined;

  constructor(child: ChildProcess, listener: RpcListener) {
    this.#child = child;
    this.#listener = listener;
    const splitter = new LineSplitter();
    child.stdout?.on("data", (chunk: Buffer) => {
      for (const { text } of splitter.push(chunk)) this.#take(text);
    });
    // Whoever ended reads no more; that it ended is told by its exit.
    child.stdin?.on("error", () => undefined);
  }

  /** Calls a method; rejected with the agent's RpcError, or once there is nobody to answer. */
  call(method: string, params: Fields): Promise<unknown> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** Tells something that is not answered. */
  notify(method: string, params: Fields): void {
    this.#send({ method, params });
  }

  /** Nothing will be answered any more. */
  end(why: Error): void {
    this.#over ??= why;
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
  }

  #send(message: Fields): void {
    if (this.#child.stdin?.writable) this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  /** What cannot be made sense of is told as a line that is no JSON-RPC: too deep a value, say. */
  #take(line: string): void {
    try {
      this.#hear(line);
    } catch (error) {
      this.#listener.raw(`${String(error)}: ${line}`);
    }
  }

  #hear(line: string): void {
    if (line.trim() === "") return;
    const message = objectIn(line);
    const method = textAt(message, "method");
    if (message === undefined || (method === undefined && message.id === undefined)) this.#listener.raw(line);
    else if (method === undefined) this.#answered(message);
    else if (message.id === undefined || message.id === null) this.#listener.notification(method, message.params);
    else this.#answer(message.id, method, message.params);
  }

  #answered(message: Fields): void {
    const id = numberAt(message, "id");
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (message.error === undefined || message.error === null) waiting.resolve(message.result);
    else waiting.reject(errorFrom(message.error));
  }

  #answer(id: unknown, method: string, params: unknown): void {
    try {
      this.#send({ id, result: this.#listener.request(method, params) });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#send({ id, error: { code: error.code, message: error.message } });
    }
  }
}

/** The words of an error, with what its `data` says more. */
function errorFrom(error: unknown): RpcError {
  const code = at(error, "code");
  const more = textAt(error, "data") ?? textAt(error, "data", "message") ?? textAt(error, "data", "details");
  const words = [textAt(error, "message") ?? "an error without words", more].filter((one) => one !== undefined);
  return new RpcError(typeof code === "number" ? code : 0, [...new Set(words)].join(": "));
}
