import { VERBS_BY_GROUP } from "./helpGroups.ts";

/** What most people need of a day: it fits a screen of 24 lines of 80. */
export const EVERYDAY = `ayo: tickets that people and AI agents share; every change is a git commit

Look
  ayo ticket ready                what can be worked on now, best first
  ayo ticket list [filter]        all tickets, unfinished ones first
  ayo ticket show <id>            one ticket, and what to do next
  ayo ticket search <query>       by words and by meaning
  ayo board                       column by column; 'ayo serve' in the browser
  ayo inbox                       what needs you; 'ayo recap': what happened
Work
  ayo ticket create <title>       make a ticket; prints its id
  ayo ticket start <id>           begin; agents take one by 'claim --next'
  ayo ticket note <id> <text>     say how it goes
  ayo ticket close <id>           finish; 'submit' where it is reviewed
  ayo ticket update <id>          change fields; 'dep add', 'assign', 'edit'
Repair
  ayo undo                        take the last change back
  ayo doctor                      what is wrong with the store

More: ayo help --all (all commands), ayo <command> --help, ayo help (the guide),
ayo help flags (of every command). Agents: ayo agents prime. ayo t = ayo ticket.
`;

/** For agents, who pay for each word: names alone. */
export function namesText(): string {
  const rows = VERBS_BY_GROUP.map(([heading, names]) => `${heading}: ${shortly(names)}`);
  return [
    "ayo: tickets as files, every change a git commit. `ayo agents prime` says who you are, what you hold, what is ready.",
    ...rows,
    "`ayo <command> --help`: flags. `ayo help <topic>`: guide. `ayo capabilities --json`: everything, for programs.",
    "",
  ].join("\n");
}

/** Names in a line; of several that begin with one word, `inbox (done, snooze)`, but for those of tickets. */
function shortly(names: readonly string[]): string {
  const families = new Map<string, string[]>();
  for (const name of names) {
    const [word = "", ...rest] = name.split(" ");
    const family = word === "ticket" ? name : word;
    const members = families.get(family) ?? [];
    families.set(family, members);
    if (rest.length > 0 && family !== name) members.push(rest.join(" "));
  }
  return [...families]
    .map(([family, rest]) => (rest.length === 0 ? family : `${family} (${rest.join(", ")})`))
    .join(", ");
}
