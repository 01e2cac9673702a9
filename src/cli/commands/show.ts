import { invoke } from "../../actions/input/action.ts";
import { type Shown, type ShownBroken, show as showAction } from "../../actions/show/show.ts";
import { shownBody } from "../../actions/show/shownBody.ts";
import { AyoError } from "../../error.ts";
import { shownTime } from "../../ticket/moments.ts";
import type { Note } from "../../ticket/ticket.ts";
import { commitLine } from "../print/commitLine.ts";
import { bytesText, colourOf } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { answerLine } from "./questionFacts.ts";
import { factsOf } from "./ticketFacts.ts";

/** How many notes are shown unless all are asked for. */
const LAST_NOTES = 3;
/** As many lines of an output are shown. */
const OUTPUT_LINES = 40;
/** `ayo ticket commits` lists them all. */
const LAST_COMMITS = 10;

/** `ayo ticket show <id>`: the page that people and agents read most. */
export const show: Command = {
  name: "ticket show",
  summary: showAction.summary,
  positionals: [{ name: "id", required: true, complete: "id" }],
  flags: {
    notes: { type: "string", describe: "how many of the last notes, or all (3)" },
    at: { type: "string", describe: "as it was at this time (2026-11-21, 7d) or commit" },
    history: { type: "boolean", describe: "with who made it, and every change since" },
    raw: { type: "boolean", describe: "print the file as it is" },
  },
  examples: [
    ["ayo ticket show ayo-x7k2", "a unique part of the id is enough: x7k2"],
    ["ayo ticket show ayo-x7k2 --notes all", "with every note"],
    ["ayo ticket show ayo-x7k2 --at 2d", "as it was two days ago"],
    ["ayo ticket show ayo-x7k2 --history", "with who made and changed it"],
    ["ayo ticket show ayo-x7k2 --json", "for programs"],
  ],
  run: async (context, args): Promise<Answer> => {
    const at = args.flags.at === undefined ? {} : { at: String(args.flags.at) };
    const history = args.flags.history === true ? { history: true } : {};
    const shown = await invoke(showAction, context.store(), { id: args.words[0] ?? "", ...at, ...history });
    if ("problem" in shown) return broken(context, shown);
    const { ticket, text, ...around } = shown;
    const page = args.flags.raw
      ? plain(text)
      : pageOf(context, shown, notesWanted(args), await changes(context, shown));
    return { json: { ticket, ...around }, text: page, ids: [ticket.id] };
  },
};

function notesWanted({ flags }: Args): number {
  const wanted = String(flags.notes ?? LAST_NOTES);
  if (wanted === "all") return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(wanted)) return Number(wanted);
  throw new AyoError("bad_usage", `--notes '${wanted}' is neither a number nor all`);
}

/** Every change, where it was asked for. */
async function changes(context: Context, { history }: Shown): Promise<readonly string[]> {
  if (history === undefined) return [];
  const { historyText } = await import("./history.ts");
  return ["", "history:", historyText(history, false, context)];
}

function pageOf(context: Context, shown: Shown, notes: number, changed: readonly string[]): string {
  const { ticket } = shown;
  const { paint } = context;
  const status = colourOf(ticket.category, paint)(plain(ticket.status || "no status"));
  const title = `${paint.cyan(plain(ticket.id))} ${paint.bold(plain(ticket.title))} [P${ticket.priority}] ${plain(ticket.type ?? "no type")}, ${status}`;
  const body = shownBody(ticket.body);
  const { asOf } = shown;
  const past =
    asOf === undefined ? [] : [`as of ${shownTime(asOf.at)} (${asOf.commit.slice(0, 7)} of ${plain(asOf.actor)}):`, ""];
  return [
    ...past,
    title,
    ...factsOf(shown).map((line) => plain(line)),
    ...(body === "" ? [] : ["", plain(body)]),
    ...criteria(shown),
    ...outputText(shown),
    ...attachmentsText(shown),
    ...commitsText(context, shown),
    ...notesText(ticket.notes, notes),
    ...changed,
    "",
    paint.dim(`${plain(ticket.path)} @ ${ticket.version.slice(0, 12)}`),
    asOf === undefined ? `next: ${nextLine(shown)}` : `now: ayo ticket show ${ticket.id}`,
  ].join("\n");
}

/** In work, but nobody's now: it waits for whoever claims it. */
function isLeft({ category, ready, claim }: Shown["ticket"]): boolean {
  return category === "active" && ready && claim === null;
}

function criteria({ ticket }: Shown): string[] {
  const list = ticket.checklist;
  return list.length === 0 ? [] : ["", `criteria: ${list.filter((one) => one.done).length} of ${list.length} done`];
}

/** What the work made, or why that is not shown. */
function outputText({ ticket }: Shown): string[] {
  const { output, outputState, outputWhy, outputFaults = [] } = ticket;
  if (outputState === undefined) return [];
  if (outputState === "unverified") {
    const others = outputFaults.slice(1).map(({ pointer, message }) => `  ${plain(`${pointer} ${message}`.trim())}`);
    return ["", `output: unverified, so that nobody uses it: ${plain(String(outputWhy))}`, ...others];
  }
  const lines = JSON.stringify(output, null, 2).split("\n");
  const shown = lines.slice(0, OUTPUT_LINES).map((line) => `  ${plain(line)}`);
  const more = lines.length > shown.length ? [`  … ${lines.length - shown.length} more lines: --json has all`] : [];
  return ["", "output:", ...shown, ...more];
}

/** The files with their paths from where the command was called or, in lists of facts, from the store. */
function attachmentsText({ attachments = [] }: Shown): string[] {
  if (attachments.length === 0) return [];
  const lines = attachments.map(({ path, size, why }) => {
    const facts = size === null ? `cannot be read: ${why ?? ""}` : bytesText(size);
    return `  ${plain(path)} (${plain(facts)})`;
  });
  return ["", "attachments:", ...lines];
}

function commitsText(context: Context, { linkedCommits }: Shown): string[] {
  if (linkedCommits.length === 0) return [];
  const shown = linkedCommits.slice(0, LAST_COMMITS);
  const more = shown.length < linkedCommits.length ? ` (last ${shown.length} of ${linkedCommits.length})` : "";
  return ["", `commits${more}:`, ...shown.map((commit) => commitLine(context, commit, false))];
}

function notesText(notes: readonly Note[], wanted: number): string[] {
  if (notes.length === 0 || wanted === 0) return [];
  const shown = notes.slice(-wanted);
  const hidden = notes.length - shown.length;
  const more = hidden > 0 ? ` (last ${shown.length} of ${notes.length}; --notes all shows the rest)` : "";
  return [
    "",
    `notes${more}:`,
    ...shown.map(({ at, by, text }) => plain(`${shownTime(at)}${by === null ? "" : ` ${by}`}: ${indented(text)}`)),
  ];
}

/** A text whose further lines stand below the first: no line of it can be taken for the head of another note. */
function indented(text: string): string {
  return text.replaceAll(/\r\n?|\n/g, "\n").replaceAll(/\n(?!\n|$)/g, "\n  ");
}

function nextLine({ ticket, waitsFor, children }: Shown): string {
  const { id } = ticket;
  const open = waitsFor.find((dependency) => dependency.state !== "done");
  const commands: Readonly<Record<string, string>> = {
    active: `ayo ticket close ${id}`,
    review: `ayo ticket approve ${id}`,
    blocked: ticket.question ? answerLine(ticket) : `ayo ticket unblock ${id}`,
    done: `ayo ticket reopen ${id}`,
    cancelled: `ayo ticket reopen ${id}`,
    failed: `ayo ticket reopen ${id}`,
  };
  if (ticket.unconfirmed !== undefined) return `ayo ticket confirm ${id}`;
  if (open !== undefined && ticket.category !== "done") {
    return open.state === "missing" ? `ayo ticket undep ${id} ${open.id}` : `ayo ticket show ${open.id}`;
  }
  const child = children.find(
    (one) => ticket.category === "todo" && !["closed", "cancelled", "failed"].includes(one.status),
  );
  if (child !== undefined) return `ayo ticket show ${child.id}`;
  if (isLeft(ticket)) return `ayo ticket claim ${id}`;
  return commands[ticket.category ?? ""] ?? `ayo ticket start ${id}`;
}

/** A file that is no readable ticket: its problem, its text with the line marked, and what the last commit had. */
function broken(context: Context, { problem, text, lastGood }: ShownBroken): Answer {
  const lines = text.split("\n");
  const marked = lines.map((line, at) =>
    at + 1 === problem.line ? [`> ${line}`, `  ${"^".repeat(Math.max(1, line.length))}`].join("\n") : `  ${line}`,
  );
  context.warn(`error: ${plain(problem.path)}${problem.line ? `:${problem.line}` : ""}: ${plain(problem.message)}`);
  const good = lastGood === null ? [] : ["", "last good version:", plain(lastGood)];
  return {
    json: { ticket: null, problem, text, lastGood },
    text: [plain(marked.join("\n")), ...good].join("\n"),
    code: 1,
  };
}
