import type { Readable, Writable } from "node:stream";
import type { Host } from "../../host.ts";
import type { StoreChoice } from "../../store/open/locate/locate.ts";
import type { Store } from "../../store/open/store.ts";

/** One flag of a command; its key is the input's name in camelCase, typed `--kebab-case`. */
export interface Flag {
  readonly type: "string" | "boolean" | "number" | "list";
  readonly describe: string;
  /** Other spellings, without dashes; one letter makes a short flag. Help shows the first letter, the guide has the rest. */
  readonly alias?: readonly string[];
  readonly choices?: readonly string[];
  /** Whether `--flag ''` means something. */
  readonly mayBeEmpty?: boolean;
  /** A text: `-` stands for standard input. */
  readonly readsStdin?: boolean;
}

/** A word after the verb: `<id>`, `[title]`, `<id…>`. */
export interface Positional {
  readonly name: string;
  readonly required: boolean;
  readonly many?: boolean;
  /** A text: `-` stands for standard input. Its key, where a flag of that name may be given instead. */
  readonly text?: string;
  /** What completion offers here. */
  readonly complete?: "id" | "attachment" | "file" | "column" | "effect" | "topic" | "line" | "project" | "pipeline";
}

/** What was typed, after it passed the command's table. */
export interface Args {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
  /** The whole line after `ayo`, for `try:` hints. */
  readonly argv: readonly string[];
}

/** What a line said that was run within another. */
export interface LineSaid {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a command has besides its arguments; everything that touches the world comes through here. */
export interface Context {
  readonly host: Host;
  /** The store that the flags name; with `create` one that need not exist yet. */
  store(options?: { readonly create?: boolean }): Store;
  /** Openers of all the stores that the flags name, where a command takes several. */
  stores(): readonly (() => Store)[];
  /** Has this process, which goes on, do what commands ask of it on a store: see ask/help.ts. */
  live(store: Store): Store;
  /** Done when the user or the system asks the process to end. */
  untilSignal(): Promise<void>;
  /** Asks on the terminal; true for yes. */
  ask(question: string): Promise<boolean>;
  /** Asks on the terminal for a line, or for one of some keys without Enter; "\n" where there is no more input. */
  prompt(question: string, keys: string): Promise<string>;
  /** Which store the flags name; for what opens stores by itself. */
  readonly choice: StoreChoice;
  /** Runs another line in this process, with no terminal; what it prints comes back. */
  runLine(argv: readonly string[], options: { readonly colours: boolean; readonly columns: number }): Promise<LineSaid>;
  /** The same on this terminal, until it ends or ^C; what it prints comes back where that is `isKept`. */
  runHere(argv: readonly string[], isKept: boolean): Promise<LineSaid>;
  /** Standard input and output, for what talks a protocol on them. */
  streams(): { readonly input: Readable; readonly output: Writable };
  /** All of standard input as text; more than a limit is refused as soon as it is there. */
  stdin(limit?: StdinLimit): Promise<string>;
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly columns: number;
  /** Lines of the terminal. */
  readonly rows: number;
  readonly paint: Paint;
  /** One line on stderr, at once. */
  warn(line: string): void;
  /** Text on stderr as it is, at once: progress on a terminal. */
  err(text: string): void;
  /** Text on stdout, at once: for what is too long to keep or never ends. */
  out(text: string): void;
}

/** How much of standard input is read, in bytes, and what to do with what is longer, in words that go on a sentence. */
export interface StdinLimit {
  readonly atMost: number;
  readonly instead: string;
}

/** Colours; the identity where there are none. */
export type Paint = Readonly<
  Record<"bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan", (text: string) => string>
>;

/** What a command answers; the one place that prints decides which face of it. */
export interface Answer {
  /** Printed with `--json`, under `schema: 1`. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** JSON lines instead of one object. */
  readonly lines?: readonly Readonly<Record<string, unknown>>[];
  /** Printed otherwise; "" prints nothing. */
  readonly text: string;
  /** Printed with `-q`. */
  readonly ids?: readonly string[];
  readonly code?: number;
}

/** One command: a row of the table that parsing, help and completion are made from. */
export interface Command {
  /** The words that call it: `ticket close`. */
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly flags: Readonly<Record<string, Flag>>;
  /** Lines that work, with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly run: (context: Context, args: Args) => Promise<Answer>;
  /** What `--fields` may ask for where the answer is a list of other things than tickets: of `of`. */
  readonly fields?: { readonly of: string; readonly allowed: readonly string[] };
}

/** What `ayo ticket` may be called; gh and Linear speak of issues. */
export const TICKET_WORDS: readonly string[] = ["ticket", "t", "tickets", "issue", "issues"];

/** Flags that every command takes. */
export const GLOBAL_FLAGS: Readonly<Record<string, Flag>> = {
  json: { type: "boolean", describe: "print JSON" },
  quiet: { type: "boolean", alias: ["q"], describe: "print ids only" },
  fields: { type: "list", describe: "with --json: keep only these fields of tickets" },
  dir: { type: "string", describe: "the store's directory (also TICKETS_DIR)" },
  global: { type: "boolean", describe: "your own store, under AYO_HOME" },
  session: { type: "string", describe: "a named store, under AYO_HOME (also AYO_SESSION)" },
  C: { type: "list", describe: "as if started in this directory" },
  help: { type: "boolean", alias: ["h"], describe: "show help" },
};

/** Loads a command when it is called. */
export type LoadCommand = () => Promise<Command>;

/** What a command line calls: a command with the words for it, or a text to print. */
export type Found =
  | { readonly kind: "command"; readonly load: LoadCommand; readonly rest: readonly string[] }
  | { readonly kind: "help"; readonly words: readonly string[] };

/** The table of commands, as those need it that tell of it. */
export interface CommandTable {
  /** Every command by its name, `ticket close` like `init`. */
  readonly all: () => Promise<ReadonlyMap<string, LoadCommand>>;
  /**
   * Finds the command that a line calls; flags before the verb are kept for it.
   * @throws bad_usage for a verb that there is not
   */
  readonly find: (argv: readonly string[]) => Promise<Found>;
  /** Other names of commands: `ticket done` of `ticket close`. */
  readonly aliases: () => Promise<ReadonlyMap<string, string>>;
}
