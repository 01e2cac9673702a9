import {
  type Imported,
  importTickets as importAction,
  importFrom,
  type Progress,
} from "../../actions/import/import.ts";
import { invoke } from "../../actions/input/action.ts";
import { counted } from "../../ticket/counted.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** As many lines of one kind are printed; `--json` has them all. */
const MAX_LINES = 50;
/** Milliseconds between two drawings of the bar. */
const REDRAW = 80;
const BAR_WIDTH = 30;

/** `ayo import <path>`. */
export const importTickets: Command = {
  name: "import",
  summary: importAction.summary,
  positionals: [{ name: "path", required: true }],
  flags: flagsOf(importAction.input, { omit: ["path", "text"] }),
  examples: [
    ["ayo import .beads/issues.jsonl", "issues with dependencies, comments and deleted ids"],
    ["ayo import ../other/.tickets", "a tk or ayo directory, file by file as it is"],
    ["ayo import backlog --dry-run", "what a Backlog.md folder would give"],
    ["gh issue list --json number,title,body,url,state,labels | ayo import -", "GitHub issues"],
    ["ayo import linear.csv", "the export of Linear; vibe-kanban's is a ZIP"],
    ["ayo ticket query --dir ../other/.tickets | ayo import -", "JSON lines from standard input"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const store = context.store({ create: true });
    const bar = progressBar(context);
    const action = {
      input: importAction.input,
      run: (_: unknown, input: Parameters<typeof importFrom>[1]) =>
        importFrom(store, input, { stdin: context.stdin, onProgress: bar.draw }),
    };
    try {
      const imported = await invoke(action, store, { ...flags, path: words[0] ?? "" } as never);
      bar.clear();
      explain(context, imported);
      const { unchanged, skipped, tombstones } = imported;
      const isNothing = imported.imported + unchanged + skipped.length + tombstones.length === 0;
      if (isNothing && imported.needYou.length === 0) context.warn(`error: ${words[0]} holds no tickets`);
      const code = isNothing ? 1 : 0;
      return { json: { ...imported }, text: sentence(imported), ids: imported.ids, code };
    } finally {
      bar.clear();
    }
  },
};

/** `409 imported: 398 exact, 11 with extra fields, 3 need you`: what needs the user is not imported. */
function sentence(answer: Imported): string {
  const { imported, exact, withExtraFields, inPart, needYou, unchanged, skipped, deleted } = answer;
  const parts = [`${exact} exact`, `${withExtraFields} with extra fields`];
  if (inPart > 0) parts.push(`${inPart} in part`);
  parts.push(`${needYou.length} need you`);
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped (changed here)`);
  if (deleted.length > 0) parts.push(`${deleted.length} deleted there and here`);
  return `${didOrWould(answer, `${imported} imported`, `Would import ${imported}`)}: ${parts.join(", ")}`;
}

/** What the counts do not say, on stderr. */
function explain(context: Context, imported: Imported): void {
  const { needYou, skipped, tombstones, danglingReferences, unknownStatuses } = imported;
  const { extraFields, leftOut, derived } = imported;
  warnLines(
    context,
    needYou.map(({ path, line, message }) => `needs you: ${path}${line > 0 ? `:${line}` : ""}: ${message}`),
  );
  warnLines(
    context,
    skipped.map(({ id, why }) => `skipped ${id}: ${why}`),
  );
  warnCounts(context, "statuses that are no column here", unknownStatuses);
  warnCounts(context, "kept under keys of their own, which have no field here", extraFields);
  warnCounts(context, "left out, since there is no place for it here", leftOut);
  warnCounts(context, "not copied, since git or ayo tells it anew", derived);
  if (danglingReferences > 0) {
    context.warn(
      danglingReferences === 1
        ? "note: 1 dependency or parent names a ticket that is not here"
        : `note: ${danglingReferences} dependencies and parents name tickets that are not here`,
    );
  }
  if (tombstones.length > 0) {
    context.warn(
      tombstones.length === 1
        ? "note: 1 ticket was deleted there; its id is recorded and not given out again"
        : `note: ${tombstones.length} tickets were deleted there; their ids are recorded and not given out again`,
    );
  }
  warnWritten(context, imported);
}

/** `note: kept …: references (3), ordinal (1)`; only so many names are told. */
function warnCounts(context: Context, what: string, counts: Readonly<Record<string, number>>): void {
  const names = Object.entries(counts).map(([name, count]) => `${name.slice(0, 80) || "(none)"} (${count})`);
  if (names.length === 0) return;
  const more = names.length > MAX_LINES ? ` and ${names.length - MAX_LINES} more; --json has them all` : "";
  context.warn(`note: ${what}: ${plain(names.slice(0, MAX_LINES).join(", "))}${more}`);
}

function warnLines(context: Context, lines: readonly string[]): void {
  for (const line of lines.slice(0, MAX_LINES)) context.warn(plain(line).replaceAll("\n", " "));
  const more = lines.length - MAX_LINES;
  if (more > 0) context.warn(`and ${more} more; --json lists them all`);
}

interface Bar {
  readonly draw: (progress: Progress) => void;
  readonly clear: () => void;
}

/** One line that is drawn over itself, only where stderr is a terminal. */
function progressBar({ tty, warn, host }: Context): Bar {
  let drawn = 0;
  let shown = false;
  let phase: Progress["phase"] | undefined;
  const draw = (progress: Progress): void => {
    const now = host.now();
    if (!tty.stderr || (progress.phase === phase && now - drawn < REDRAW)) return;
    warn(`${shown ? "\u001b[1A\u001b[2K" : ""}${barLine(progress)}`);
    [drawn, shown, phase] = [now, true, progress.phase];
  };
  const clear = (): void => {
    if (shown) warn("\u001b[1A\u001b[2K\u001b[1A");
    shown = false;
  };
  return { draw, clear };
}

function barLine({ phase, done, total }: Progress): string {
  if (phase !== "preparing" || total === 0) return `${phase}${total > 0 ? ` ${counted(total, "file")}` : ""} …`;
  const full = Math.round((done / total) * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${done}/${total}`;
}
