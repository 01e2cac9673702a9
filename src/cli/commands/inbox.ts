import { type Inbox, type InboxItem, inbox as inboxAction } from "../../actions/inbox/inbox.ts";
import {
  inboxDone as doneAction,
  type InboxPutAway,
  inboxSnooze as snoozeAction,
} from "../../actions/inbox/inboxDone.ts";
import { invoke } from "../../actions/input/action.ts";
import { shownTime } from "../../ticket/moments.ts";
import { formatDuration, parseTime } from "../../ticket/time.ts";
import { plain } from "../print/print.ts";
import { truncate } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Texts get at least this much, also beside a long command. In cells. */
const MIN_TEXT = 24;

/** `ayo inbox`. */
export const inbox: Command = {
  name: "inbox",
  summary: inboxAction.summary,
  positionals: [],
  flags: flagsOf(inboxAction.input),
  examples: [
    ["ayo inbox", "what needs you, and the command to act on each line"],
    ["ayo inbox --as @coder", "what needs an agent"],
    ["ayo inbox --kind question --kind review", "only these"],
    ["ayo inbox done ayo-x7k2:q", "put a line away"],
    ["ayo inbox snooze ayo-x7k2:q --until monday", "for a while"],
  ],
  run: async (context, args) => {
    const told = await invoke(inboxAction, context.store(), args.flags as never);
    for (const notice of told.notices) context.warn(`warning: ${plain(notice)}`);
    const keys = told.items.map(({ key }) => key);
    return { json: { ...told }, text: pageOf(told, context), ids: keys };
  },
};

const KEYS = [{ name: "line…", required: true, many: true, complete: "line" }] as const;

/** `ayo inbox done <key…>`. */
export const inboxDone: Command = {
  name: "inbox done",
  summary: doneAction.summary,
  positionals: KEYS,
  flags: flagsOf(doneAction.input, { omit: ["keys"] }),
  examples: [
    ["ayo inbox done ayo-x7k2:note 3fa1c2d4", "a line, by its key"],
    ["ayo inbox done ayo-x7k2", "all lines of a ticket"],
    ["ayo inbox done ayo-x7k2:q --undo", "have it back"],
  ],
  run: async (context, { words, flags }) => {
    const answer = await invoke(doneAction, context.store(), { ...flags, keys: [...words] } as never);
    return putAwayAnswer(context, answer, flags.undo === true ? "back" : "done");
  },
};

/** `ayo inbox snooze <key…>`. */
export const inboxSnooze: Command = {
  name: "inbox snooze",
  summary: snoozeAction.summary,
  positionals: KEYS,
  flags: flagsOf(snoozeAction.input, { omit: ["keys"] }),
  examples: [
    ["ayo inbox snooze ayo-x7k2:q", "until tomorrow at this time"],
    ["ayo inbox snooze ayo-x7k2 --until 2h", "all lines of a ticket, for two hours"],
  ],
  run: async (context, { words, flags }) => {
    const answer = await invoke(snoozeAction, context.store(), { ...flags, keys: [...words] } as never);
    return putAwayAnswer(context, answer, `snoozed until ${shownTime(answer.until ?? "")}`);
  },
};

function putAwayAnswer(context: Context, answer: InboxPutAway, what: string): Answer {
  for (const notice of answer.notices) context.warn(`note: ${plain(notice)}`);
  const lines = answer.keys.map((key) => `${plain(key)} ${what}`);
  return { json: { ...answer }, text: lines.length === 0 ? "nothing to change" : lines.join("\n"), ids: answer.keys };
}

function pageOf({ items, total, truncated, actor }: Inbox, context: Context): string {
  if (items.length === 0) return `nothing needs ${plain(actor)}`;
  const lines = items.map((item) => lineOf(item, context));
  const more = truncated ? [context.paint.dim(`${items.length} of ${total}; --limit ${total} for all`)] : [];
  return [...lines, ...more].join("\n");
}

/** `mya-x7k2:q  @coder 2h: Which bus? (Build login)  ayo ticket answer mya-x7k2 '…'`: the command is never cut. */
function lineOf(item: InboxItem, { paint, columns, host, tty }: Context): string {
  const { key, by, at, act } = item;
  const time = at === null ? undefined : parseTime(at);
  const age = time === undefined ? "" : ageOf(host.now() - time);
  const who = [by ?? "", age].filter((part) => part !== "").join(" ");
  const said = plain(`${who === "" ? "" : `${who}: `}${sentenceOf(item)}`).replaceAll(/\s+/g, " ");
  const command = plain(act);
  const [left, gap] = [plain(key), "  "];
  const room = Math.max(MIN_TEXT, columns - left.length - command.length - 2 * gap.length);
  // Whoever reads a pipe wants all of it.
  return `${paint.bold(left)}${gap}${tty.stdout ? truncate(said, room) : said}${gap}${paint.dim(command)}`;
}

/** In one unit, from a minute on. */
function ageOf(milliseconds: number): string {
  return milliseconds < 60_000 ? "" : (formatDuration(milliseconds).split(" ")[0] ?? "");
}

/** `1 red, 2 blue; red by 14:20`: what may be typed as an answer. */
function choicesOf({ options = [], defaultAnswer, answerBy }: InboxItem): string {
  const all = options.map((option, at) => `${at + 1} ${option}`).join(", ");
  if (defaultAnswer === undefined) return all;
  return `${all}; ${defaultAnswer}${answerBy === undefined ? " by default" : ` from ${shownTime(answerBy)} on`}`;
}

const WORDS: Readonly<Partial<Record<InboxItem["kind"], string>>> = {
  human: "needs a person",
  review: "to review",
  handed: "handed to you",
  unconfirmed: "changed by hand",
  accept: "for agents",
  allow: "not allowed here",
  unready: "cannot be started here",
};

function sentenceOf(item: InboxItem): string {
  const { kind, title, state, until } = item;
  const text = item.options === undefined ? item.text : `${item.text} [${choicesOf(item)}]`;
  const away = state === undefined ? "" : state === "done" ? "(done) " : `(until ${shownTime(until ?? "")}) `;
  const words = [WORDS[kind], text].filter((part) => part !== undefined && part !== "").join(": ");
  if (kind === "unreadable" || kind === "unready") return away + words;
  return `${away}${words === "" ? title : `${words} (${title})`}`;
}
