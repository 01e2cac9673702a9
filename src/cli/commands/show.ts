import type { Claim } from "../../actions/answers/describe.ts";
import { invoke } from "../../actions/input/action.ts";
import { type Named, type Shown, type ShownBroken, show as showAction } from "../../actions/show/show.ts";
import { AyoError } from "../../error.ts";
import { shownTime } from "../../ticket/moments.ts";
import { labelOf, PLAIN_FIELDS } from "../../ticket/plainFields.ts";
import { collaboratorsOf } from "../../ticket/rules/collaborators.ts";
import type { FieldName, Note } from "../../ticket/ticket.ts";
import { commitLine } from "../print/commitLine.ts";
import { colourOf } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { answerLine, questionFacts } from "./questionFacts.ts";

/** How many notes are shown unless all are asked for. */
const LAST_NOTES = 3;
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
  const body = bodyText(ticket.body);
  const { asOf } = shown;
  const past =
    asOf === undefined ? [] : [`as of ${shownTime(asOf.at)} (${asOf.commit.slice(0, 7)} of ${plain(asOf.actor)}):`, ""];
  return [
    ...past,
    title,
    ...facts(shown).map((line) => plain(line)),
    ...(body === "" ? [] : ["", plain(body)]),
    ...criteria(shown),
    ...commitsText(context, shown),
    ...notesText(ticket.notes, notes),
    ...changed,
    "",
    paint.dim(`${plain(ticket.path)} @ ${ticket.version.slice(0, 12)}`),
    asOf === undefined ? `next: ${nextLine(shown)}` : `now: ayo ticket show ${ticket.id}`,
  ].join("\n");
}

function facts({ ticket, ranOut, waitsFor, unlocks, parent, children, links, overdue, history }: Shown): string[] {
  const lines = ticket.category === "review" ? whoseReview(ticket) : whose(ticket, ranOut);
  for (const { id, state, status = state, title } of waitsFor) {
    const how = state === "unconfirmed" ? `${status} by hand, not confirmed by a person yet` : status;
    lines.push(`${state === "done" ? "waited" : "waits"} for ${id} (${how})${title ? `: ${title}` : ""}`);
  }
  for (const one of unlocks) lines.push(`unlocks ${named(one)}`);
  if (parent !== null) lines.push(`part of ${named(parent)}`);
  for (const child of children) lines.push(`child ${named(child)}`);
  for (const link of links) lines.push(`linked to ${named(link)}`);
  if (ticket.unconfirmed !== undefined) {
    lines.push(`changed by hand past a gate (${(ticket.unconfirmed as string[]).join(", ")}): waits for a person`);
  }
  lines.push(...moreFacts(ticket, overdue), ...madeText(ticket.created, history));
  return lines;
}

/** The other fields that are shown where they are set: in the order that people know, then what is new. */
const MORE = new Set<FieldName>([
  ...(["due", "closed", "project", "externalRef", "duplicateOf", "blockedReason", "question", "role"] as const),
  ...(["review", "reviewer"] as const),
  ...PLAIN_FIELDS,
]);

/** When it was made, and by whom where the history was asked for. */
function madeText(created: string | null, history: Shown["history"]): string[] {
  const by = history?.findLast(({ kind }) => kind === "created")?.actor;
  const facts = [...(created === null ? [] : [shownTime(created)]), ...(by === undefined ? [] : [`by ${by}`])];
  return facts.length === 0 ? [] : [`created: ${facts.join(" ")}`];
}

function moreFacts(ticket: Shown["ticket"], overdue: boolean): string[] {
  const tags = ticket.tags.length > 0 ? [`tags: ${ticket.tags.join(", ")}`] : [];
  const fields = [...MORE].flatMap((name) => (ticket[name] ? factsOf(name, ticket, overdue) : []));
  const extra = Object.entries(ticket.extra).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [...tags, ...fields, ...followers(ticket), ...extra];
}

function followers({ collaborators }: Shown["ticket"]): string[] {
  const all = collaboratorsOf((collaborators as readonly string[] | undefined) ?? []);
  const named = all.map(({ who, role }) => (role === "owner" ? `${who} (owner)` : who));
  return named.length === 0 ? [] : [`followed by ${named.join(", ")}`];
}

function factsOf(name: FieldName, ticket: Shown["ticket"], overdue: boolean): string[] {
  const value = String(ticket[name]);
  if (name === "question") return questionFacts(ticket);
  if (name === "closed") return [`closed: ${shownTime(value)}`];
  if (name !== "due") return [`${labelOf(name)}: ${value}`];
  return [`${overdue ? "overdue" : "due"}: ${/^\d{4}-\d\d-\d\d$/.test(value) ? value : shownTime(value)}`];
}

function since(started: string | null): string {
  return started === null ? "" : ` since ${shownTime(started)}`;
}

function named({ id, title, status }: Named): string {
  return title === "" ? `${id} (${status})` : `${id} (${status}): ${title}`;
}

/** Who holds it or is to do it. */
function whose({ claim, assignee, started }: Shown["ticket"], ranOut: string | undefined): string[] {
  if (claim !== null) return [`held by ${claim.by}${since(started)}${untilOf(claim)}`];
  return [
    ...(assignee === null ? [] : [`assigned to ${assignee}${since(started)}`]),
    ...(ranOut === undefined ? [] : ["its lease ran out: whoever claims it next has it"]),
  ];
}

/** Whose work is in review, and who reviews it. */
function whoseReview({ claim, assignee, started, ...ticket }: Shown["ticket"]): string[] {
  const { authors = [] } = ticket as { readonly authors?: readonly string[] };
  const isReviewed = claim !== null && authors.length > 0 && !authors.includes(claim.by);
  const by = isReviewed || claim === null ? authors.join(", ") || assignee : claim.by;
  return [
    ...(by === null ? [] : [`work of ${by}${since(started)}`]),
    ...(isReviewed ? [`in review by ${claim.by}${untilOf(claim)}`] : []),
  ];
}

function untilOf({ until, confirmed }: Pick<Claim, "until"> & Partial<Pick<Claim, "confirmed">>): string {
  const unsure = confirmed === false ? ", not confirmed by others yet" : "";
  return `${until === null ? "" : ` until ${shownTime(until)}`}${unsure}`;
}

/** In work, but nobody's now: it waits for whoever claims it. */
function isLeft({ category, ready, claim }: Shown["ticket"]): boolean {
  return category === "active" && ready && claim === null;
}

/** The body without its title, which stands above, and without the notes, which stand below. */
function bodyText(body: string): string {
  const notes = /^## Notes[ \t]*\r?$/m.exec(body);
  const text = notes === null ? body : body.slice(0, notes.index);
  return text.replace(/^\s*# .*\r?\n?/, "").trim();
}

function criteria({ ticket }: Shown): string[] {
  const list = ticket.checklist;
  return list.length === 0 ? [] : ["", `criteria: ${list.filter((one) => one.done).length} of ${list.length} done`];
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
    ...shown.map(({ at, by, text }) => plain(`${shownTime(at)}${by === null ? "" : ` ${by}`}: ${text}`)),
  ];
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
