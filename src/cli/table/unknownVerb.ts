import { AyoError } from "../../error.ts";
import { nearest } from "../../ticket/nearest.ts";

/** What to say to who types a word for which `ayo ticket` has another. */
const INSTEAD: Readonly<Record<string, string>> = {
  get: "show",
  set: "update",
  modify: "update",
  change: "update",
  label: "update",
  tag: "update",
  priority: "update",
  finish: "close",
  develop: "start",
  begin: "start",
  take: "claim",
  pick: "claim",
  next: "claim",
  handoff: "assign",
  depend: "dep add",
  blocks: "dep add",
  question: "ask",
};

/** What people call tickets besides, where `ayo ticket` is meant. */
const TICKETS = ["task", "tasks", "todo", "todos", "item", "items"];

/** The error for a verb that there is not: with ours for what others call so, or what comes near of `known`. */
export function unknownTicketVerb(verb: string, rest: readonly string[], known: readonly string[]): AyoError {
  const instead = Object.hasOwn(INSTEAD, verb) ? INSTEAD[verb] : undefined;
  if (instead !== undefined) {
    const line = ["ayo", "ticket", ...instead.split(" ")];
    return unknown(`ayo ticket ${verb}`, [...line, "--help"], `'${line.join(" ")}' is what does that`);
  }
  if (TICKETS.includes(verb) || ["issue", "ticket"].includes(verb))
    return unknown(`ayo ticket ${verb}`, ["ayo", "ticket", ...rest], "say 'ayo ticket' once");
  return unknown(`ayo ticket ${verb}`, ["ayo", "ticket", "--help"], suggestion(verb, known));
}

/** The same for the word after `ayo`. */
export function unknownCommand(first: string, rest: readonly string[], known: readonly string[]): AyoError {
  if (TICKETS.includes(first)) return unknown(`ayo ${first}`, ["ayo", "ticket", ...rest], "tickets are 'ayo ticket'");
  return unknown(`ayo ${first}`, ["ayo", "--help"], suggestion(first, known));
}

/** `did you mean close?` */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : "there is no such verb";
}

/** The error for words that call nothing. */
export function unknown(what: string, line: readonly string[], hint: string): AyoError {
  return new AyoError("bad_usage", `unknown command '${what}': ${hint}`, { try: line });
}
