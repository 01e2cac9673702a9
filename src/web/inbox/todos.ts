import { runVerb } from "../data/commands.ts";
import { cardOf } from "../data/model.ts";
import type { Config, Line } from "../data/shapes.ts";
import { doVerb, verbName } from "../data/verbs.ts";
import { ask } from "../page/ask.ts";
import { draftName } from "../page/drafts.ts";
import { type PickKind, pickName } from "../page/pick.ts";
import { writeStored } from "../page/state.ts";
import { say } from "../words/say.ts";
import { waysOf } from "./ways.ts";

/** Something that settles a line. */
export interface Todo {
  readonly name: string;
  /** The key that does it. */
  readonly key: string;
  /** Whether it is what is likeliest meant. */
  readonly isMain: boolean;
  /** Whether words are asked for first. */
  readonly asks: boolean;
  /** It opens this list for the ticket; what is chosen there settles the line. */
  readonly list?: PickKind;
  /** False where it was refused, or the words were not given. */
  run(): Promise<boolean>;
}

/** What is said to somebody is settled by a word back. */
const SAID = ["mention", "message"];

/** What settles a line, the likeliest first, as far as this server offers it; for any other answer there is a field. */
export function todosOf(line: Line, config: Pick<Config, "offers" | "verbs">): Todo[] {
  const { id, kind } = line;
  const { verbs } = config;
  if (kind === "question") return verbs.includes("answer") ? optionsOf(line) : [];
  if (SAID.includes(kind) && verbs.includes("comments")) {
    return [{ name: say.inbox.reply, key: "r", isMain: true, asks: true, run: () => reply(line) }];
  }
  return waysOf(line, config, cardOf(id)?.category).map((way, n): Todo => {
    const isMain = n === 0 && way.kind === "verb";
    if (way.kind === "list") {
      const name = `${pickName(way.list)}…`;
      return { name, key: way.key, isMain, asks: true, list: way.list, run: async () => false };
    }
    const { verb, key, asks } = way;
    const name = verb === "reject" ? say.inbox.sendBack : verbName(verb);
    const offer = asks === undefined ? { verb } : { verb, asks };
    // Who holds it is not asked: nobody seems to be there.
    const run = (): Promise<boolean> => (verb === "release" ? runVerb(id, verb, { force: true }) : doVerb(id, offer));
    return { name, key, isMain, asks: asks !== undefined, run };
  });
}

/** The answers that a question offers, by number. */
function optionsOf({ id, options = [], defaultAnswer }: Line): Todo[] {
  return options.map((answer, n) => ({
    name: answer,
    key: String(n + 1),
    isMain: defaultAnswer === undefined || answer === defaultAnswer,
    asks: false,
    run: () => runVerb(id, "answer", { answer }),
  }));
}

/** A note on the ticket, asked for beside what was said. */
async function reply({ id, by, text }: Line): Promise<boolean> {
  const draft = draftName("note", id);
  const said = await ask(say.inbox.said(by ?? say.somebody, text), say.inbox.reply, draft);
  if (!said || !(await runVerb(id, "comments", { text: said }))) return false;
  writeStored(draft, "");
  return true;
}

/** Until when a line can be put away, as the server reads it, and what it is called. */
export function snoozes(now: number): readonly (readonly [until: string, name: string])[] {
  return [
    ["1h", say.inbox.anHour],
    ["tomorrow", say.inbox.tomorrow],
    [nextMonday(now), say.inbox.nextWeek],
  ];
}

function nextMonday(now: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() + ((8 - date.getDay()) % 7 || 7));
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
