import { AyoError } from "../../error.ts";
import { nearest } from "../../ticket/nearest.ts";
import type { Command, Flag } from "./command.ts";
import { dashed, kebab } from "./spelling.ts";

/** What to say to who types a flag of gh, Linear or git for which ayo has something else. */
const INSTEAD: Readonly<Record<string, string>> = {
  author: "'ayo ticket history --actor NAME' tells who did what",
  A: "'ayo ticket history --actor NAME' tells who did what",
  milestone: "there are no milestones: use a tag (--tag) or a parent (--parent)",
  epic: "--parent ID makes it a part of another ticket",
  estimate: "'ayo ticket update ID --set estimate=3' keeps any field",
  repo: "-C DIR is as if started in that directory",
  R: "-C DIR is as if started in that directory",
  web: "'ayo board --web' shows tickets in the browser",
  w: "'ayo board --web' shows tickets in the browser",
  "body-file": "'-d -' reads the text from standard input",
  F: "'-d -' reads the text from standard input",
  jq: "pipe --json, or 'ayo ticket query', into jq",
  search: "words after the verb are filters: ayo ticket list 'login is:open'",
  S: "words after the verb are filters: ayo ticket list 'login is:open'",
  comments: "'ayo ticket show ID --notes all' has every note",
  "add-assignee": "'-a NAME' says whose it is, '-a NAME,OTHER' names several",
  "remove-assignee": "'-a NAME' says whose it is, \"-a ''\" takes it from everybody",
  mine: "'-a @me' is you",
  format: "--json prints JSON",
  version: "'ayo --version' tells ayo's; --if-match names a ticket's",
  v: "'ayo --version' tells ayo's",
  V: "'ayo --version' tells ayo's",
};

/** Filters that are typed as flags. */
const FILTERS = ["open", "closed", "ready", "blocked", "claimed", "unassigned", "overdue", "archived"];

/** The error for a flag that a command does not have: with ours for what others call so, or what comes near. */
export function unknownFlag(typed: string, command: Command, table: Readonly<Record<string, Flag>>): AyoError {
  const flag = dashed(typed);
  const near = nearest(
    typed,
    Object.entries(table).flatMap(([name, { alias = [] }]) => [kebab(name), ...alias]),
  ).map(dashed);
  const instead = insteadOf(typed, command);
  const guess = near.length > 0 ? `did you mean ${near.join(" or ")}?` : undefined;
  const hint = instead ?? guess;
  const text = instead === undefined ? " (text that begins with '-' goes after --)" : "";
  const name = command.name === "help" ? [] : command.name.replace(/^ticket edit$/, "ticket update").split(" ");
  return new AyoError("bad_usage", `unknown flag ${flag}${hint === undefined ? "" : `; ${hint}`}${text}`, {
    try: ["ayo", ...name, "--help"],
    data: { flag, near },
  });
}

function insteadOf(typed: string, { name, positionals }: Command): string | undefined {
  const takesFilters = positionals.some((one) => one.name === "filter");
  if (takesFilters && FILTERS.includes(typed)) return `filters are words: is:${typed}`;
  if (name === "ticket edit") return "'edit' opens an editor: 'ayo ticket update ID' changes fields by flags";
  return Object.hasOwn(INSTEAD, typed) ? INSTEAD[typed] : undefined;
}
