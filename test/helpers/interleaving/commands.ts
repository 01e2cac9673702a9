import type { RunStep } from "./steps.ts";

/** What stands for a ticket: how a script finds its id, and the id itself. */
export interface Named {
  readonly word: string;
  readonly id: string;
}

/** A command line of a step, as a test runs it and as a script writes it. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly input: string;
  /** The same with names in place of ids, for a shell. */
  readonly script: string;
  /** Words that its change writes into tickets, each into one. */
  readonly tokens: readonly string[];
}

/** A word that occurs nowhere else, of the step of this number. */
export function tokenOf(number: number, part = "a"): string {
  return `tok-${number}-${part}`;
}

/** The tokens in a text. */
export function tokensIn(text: string): string[] {
  return text.match(/\btok-\d+-[a-z]\b/g) ?? [];
}

/** What a step's actor types. */
export function commandLine({ actor, verb }: RunStep, number: number, ticket: Named, other: Named): CommandLine {
  const token = tokenOf(number);
  const as = actor === 0 ? [] : ["--as", `@a${actor}`];
  const line = (tokens: readonly string[], ...words: readonly (string | Named)[]): CommandLine => ({
    args: [...as, ...words.map((word) => (typeof word === "string" ? word : word.id)), "--json"],
    input: "",
    script: [...as, ...words.map((word) => (typeof word === "string" ? word : word.word)), "--json"].join(" "),
    tokens,
  });
  switch (verb) {
    case "note":
      return line([token], "ticket", "note", ticket, token);
    case "update":
      return line([token], "ticket", "update", ticket, "--set", `who=${token}`);
    case "create":
      return line([token], "ticket", "create", token);
    case "close":
    case "reopen":
      return line([token], "ticket", verb, ticket, "-m", token);
    case "claim":
    case "release":
      return line([], "ticket", verb, ticket);
    case "dep":
      return line([], "ticket", "dep", "add", ticket, other);
    case "link":
      return line([], "ticket", "link", ticket, other);
    case "archive":
      return line([], "ticket", "archive", "--before", "0s");
    case "delete":
      return line([], "ticket", "delete", ticket, "--yes");
    case "undo":
      return line([], "undo");
    case "batch":
      return batch(line([], "ticket", "batch", "-"), number, ticket, other);
  }
}

/** A note on one ticket, a field of another and a new ticket: all or none. */
function batch(line: CommandLine, number: number, ticket: Named, other: Named): CommandLine {
  const [note, field, title] = ["a", "b", "c"].map((part) => tokenOf(number, part)) as [string, string, string];
  const operations = (name: (named: Named) => string) =>
    [
      { op: "note", id: name(ticket), text: note },
      { op: "update", ids: [name(other)], set: { who: field } },
      { op: "create", title },
    ].map((one) => JSON.stringify(one));
  const words = operations(({ word }) => word).map((one) => `"${one.replaceAll('"', '\\"')}"`);
  return {
    ...line,
    input: `${operations(({ id }) => id).join("\n")}\n`,
    script: `${line.script} < <(printf '%s\\n' ${words.join(" ")})`,
    tokens: [note, field, title],
  };
}
