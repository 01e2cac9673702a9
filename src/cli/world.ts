import type { Host } from "../host.ts";
import type { Asked } from "./ask/waiting.ts";
import type { Context, StdinLimit } from "./table/command.ts";

/** The world outside a command line, as main.ts or a test hands it in. */
export interface Terminal {
  readonly host: Host;
  readonly tty: Context["tty"];
  readonly columns: number;
  readonly rows: number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: (limit?: StdinLimit) => Promise<string>;
  readonly streams: Context["streams"];
  readonly ask: Context["ask"];
  readonly prompt: Context["prompt"];
  readonly untilSignal: () => Promise<void>;
  /** What another process was asked for before, and what is left of that to be done here; see ask/client.ts. */
  readonly asked?: Asked | undefined;
  /** Told where a command does more than to go through a store once. */
  readonly goesOn?: () => void;
  /** The bytes of words that may not have been UTF-8; none where all were. */
  readonly rawWords?: () => readonly Buffer[];
}
