import { invoke } from "../../actions/input/action.ts";
import { redo as redoAction, type Undone, undo as undoAction } from "../../actions/undo/undo.ts";
import type { Kept } from "../../actions/undo/undone.ts";
import { shownTime } from "../../ticket/moments.ts";
import { changesText } from "../print/changeText.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { kebab } from "../table/spelling.ts";

/** `ayo undo [id | COMMIT]`. */
export const undo: Command = {
  name: "undo",
  summary: undoAction.summary,
  positionals: [{ name: "id|COMMIT", required: false, complete: "id" }],
  flags: flagsOf(undoAction.input, { omit: ["what"] }),
  examples: [
    ["ayo undo", "your last change; once more the one before; ayo redo brings it back"],
    ["ayo undo ayo-x7k2 --dry-run", "what taking back a ticket's last change would do"],
    ["ayo undo 4f2a91c", "a commit, as ayo ticket history --json names it"],
  ],
  run: (context, args) => answer(context, args, undoAction, undoneLine, "undone"),
};

/** `ayo redo [id | COMMIT]`. */
export const redo: Command = {
  name: "redo",
  summary: redoAction.summary,
  positionals: [{ name: "id|COMMIT", required: false, complete: "id" }],
  flags: flagsOf(redoAction.input, { omit: ["what"] }),
  examples: [
    ["ayo redo", "what you undid last, while you have changed nothing since"],
    ["ayo redo ayo-x7k2", "what was undone of a ticket"],
  ],
  run: (context, args) => answer(context, args, redoAction, redoneLine, "redone"),
};

type FirstLine = (undone: Undone) => string;

async function answer(
  context: Context,
  args: Args,
  action: typeof undoAction,
  first: FirstLine,
  done: string,
): Promise<Answer> {
  const [what] = args.words;
  const input = { ...args.flags, ...(what === undefined ? {} : { what }) };
  const undone = await invoke(action, context.store(), input as never);
  warnWritten(context, undone);
  return { json: { ...undone }, text: textOf(undone, first, done), ids: undone.tickets.map(({ id }) => id) };
}

/** `Undid 4f2a91c of @coder, 2026-11-21 10:40: close ayo-x7k2: …`. */
function undoneLine({ undone: { subject, actor, at, commit }, dryRun }: Undone): string {
  const which = commit === null ? "the uncommitted edit" : commit.slice(0, 7);
  return `${dryRun === true ? "Would undo" : "Undid"} ${which} of ${plain(actor)}, ${shownTime(at)}: ${plain(subject)}`;
}

/** `Redid close ayo-x7k2: …, which @coder undid in 4f2a91c, 2026-11-21 10:40`. */
function redoneLine({ undone: { subject, actor, at, commit }, dryRun }: Undone): string {
  const what = plain(subject.replace(/^undo /, ""));
  const undid = `which ${plain(actor)} undid in ${commit?.slice(0, 7) ?? ""}, ${shownTime(at)}`;
  return `${dryRun === true ? "Would redo" : "Redid"} ${what}, ${undid}`;
}

function textOf(undone: Undone, first: FirstLine, done: string): string {
  const { tickets, notUndone, others, nowReady, nowWaiting } = undone;
  return [
    first(undone),
    ...tickets.map((ticket) => `${plain(ticket.id)}  ${plain(whatOf(ticket))}`),
    ...notUndone.map((kept) => `not ${done}: ${plain(keptText(kept))}`),
    ...(others.length === 0 ? [] : [`left as they are: ${plain(others.join(", "))}`]),
    ...nowReady.map(({ id, title }) => `ready: ${plain(id)} - ${plain(title)}`),
    ...nowWaiting.map(
      ({ id, title, reasons }) => `waits: ${plain(id)} - ${plain(title)}: ${plain(reasons.join("; "))}`,
    ),
  ].join("\n");
}

function whatOf({ kind, title, changes }: Undone["tickets"][number]): string {
  if (kind === "deleted") return `deleted: ${title}`;
  if (kind === "restored") return `restored: ${title}`;
  const { path, ...rest } = changes;
  const moved = path === undefined ? [] : [`back at ${String(path.to)}`];
  const told = changesText(rest);
  return [...moved, ...(told === "" ? [] : [told])].join(", ");
}

/** `ayo-x7k2 priority: changed since by @reviewer`. */
function keptText({ id, field, reason, by }: Kept): string {
  const what = [id, field === null || id === null ? field : kebab(field)].filter((part) => part !== null).join(" ");
  return `${what}: ${reason}${by.length > 0 && reason === "changed since" ? ` by ${by.join(", ")}` : ""}`;
}
