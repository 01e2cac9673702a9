import { invoke } from "../../actions/input/action.ts";
import { type Recap, type RecapTicket, recap as recapAction } from "../../actions/recap/recap.ts";
import { quoteWord } from "../../error.ts";
import { shownTime } from "../../ticket/moments.ts";
import { formatDuration, parseTime } from "../../ticket/time.ts";
import { plain } from "../print/print.ts";
import { fillTo, truncate } from "../print/width.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

const WIDTH = 80;
/** Titles get at least this much, also beside a long command. In cells. */
const MIN_LEFT = 20;

/** `ayo recap`. */
export const recap: Command = {
  name: "recap",
  summary: recapAction.summary,
  positionals: [],
  flags: flagsOf(recapAction.input),
  examples: [
    ["ayo recap", "what needs you, and what happened since you last looked"],
    ["ayo recap --since 8h", "since eight hours ago; your last look stays"],
  ],
  run: async (context, args) => {
    const told = await invoke(recapAction, context.store(), args.flags as never);
    const ids = [...told.needsYou, ...told.review, ...told.unconfirmed, ...told.lookTwice].map(({ id }) => id);
    return { json: { ...told }, text: pageOf(told, context), ids };
  },
};

type Row = readonly [left: string, command: readonly string[]];

function pageOf(told: Recap, context: Context): string {
  const now = context.host.now();
  const who = ({ by }: RecapTicket): string => (by === null ? "" : `${by} `);
  const age = ({ at }: RecapTicket): string => (at === null ? "" : `${ago(at, now)} `);
  const show = (id: string): string[] => ["ayo", "ticket", "show", id];
  const sections: [string, Row[]][] = [
    ["needs you", told.needsYou.map((one) => [needText(one), needCommand(one)])],
    [
      "waiting for review",
      told.review.map((one) => [reviewText(one, who(one) + age(one)), ["ayo", "ticket", "approve", one.id]]),
    ],
    [
      "changed by hand while agents worked",
      told.unconfirmed.map((one) => [`${one.text}: ${one.title}`, ["ayo", "ticket", "confirm", one.id]]),
    ],
    ["look twice", told.lookTwice.map((one) => [`${one.text}: ${who(one)}${one.title}`, twiceCommand(one)])],
    ["closed", told.closed.map((one) => [closedText(one, age(one)), show(one.id)])],
    ["in work", told.inWork.map((one) => [who(one) + age(one) + one.title, show(one.id)])],
    [readyTitle(told), told.readyNext.map((one) => [readyText(one), ["ayo", "ticket", "start", one.id]])],
  ];
  const filled = sections.filter(([, rows]) => rows.length > 0);
  const from = { asked: "since", last_look: "since you looked,", first_look: "the last day, since" }[told.from];
  const head = `${from} ${shownTime(told.since)} (${ago(told.since, now)} ago)`;
  const pages = filled.map(([title, rows]) => sectionText(title, rows, context));
  return [head, ...(pages.length === 0 ? ["nothing needs you, and nothing can be begun"] : pages)].join("\n\n");
}

function reviewText({ title, reviewer }: Recap["review"][number], whose: string): string {
  return `${whose}${title}${reviewer === undefined ? "" : ` (${reviewer} is at it)`}`;
}

function sectionText(title: string, rows: readonly Row[], { paint, columns }: Context): string {
  const width = Math.min(WIDTH, Math.max(columns, MIN_LEFT));
  const lines = rows.map(([left, command]) => {
    const line = plain(command.map(quoteWord).join(" "));
    const cells = Math.max(MIN_LEFT, width - line.length - 4);
    return `  ${fillTo(truncate(plain(left).replaceAll(/\s+/g, " "), cells), cells)}  ${paint.dim(line)}`;
  });
  return [paint.bold(title), ...lines].join("\n");
}

function needText({ kind, text, title }: Recap["needsYou"][number]): string {
  if (kind === "unreadable") return text;
  return kind === "human" ? title : `${text} (${title})`;
}

function needCommand({ kind, id }: Recap["needsYou"][number]): string[] {
  return kind === "question" ? ["ayo", "ticket", "answer", id] : ["ayo", "ticket", "show", id];
}

function twiceCommand({ kind, id }: Recap["lookTwice"][number]): string[] {
  return ["ayo", "ticket", kind === "stale" ? "show" : "history", id];
}

function closedText({ by, status, title }: Recap["closed"][number], age: string): string {
  const what = status === "closed" || status === "done" ? "" : `${status}: `;
  return `${by ?? ""} ${age}${what}${title}`;
}

function readyTitle({ readyNext, readyTotal }: Recap): string {
  return readyTotal > readyNext.length ? `ready next (${readyNext.length} of ${readyTotal})` : "ready next";
}

function readyText({ priority, unlocks, by, title }: Recap["readyNext"][number]): string {
  const more = unlocks === 0 ? "" : ` unlocks ${unlocks}`;
  return `P${priority}${more}${by === null ? "" : ` ${by}`} ${title}`;
}

/** `14h 3m`, in one unit where the second says little. */
function ago(at: string, now: number): string {
  const time = parseTime(at);
  return time === undefined ? "" : (formatDuration(Math.max(0, now - time)).split(" ")[0] ?? "");
}
