import { invoke } from "../../actions/input/action.ts";
import { linesOf, type Span } from "../../ticket/printed/printedLines.ts";
import type { Outside } from "../app/app.ts";
import type { Preview, Row, ViewName } from "../app/ui.ts";
import { ticketPreview } from "../data/preview.ts";
import { wrapSpans } from "../draw/textLines.ts";
import { THEME } from "../draw/theme.ts";

/** A line of a view that is not made of tickets alone. */
export interface OtherRow extends Row {
  readonly spans: readonly Span[];
  readonly preview: () => Promise<Preview>;
  /** The command that it asks for. */
  readonly act?: string;
  /** What stands there goes on by itself: it is read again and again while the cursor is there. */
  readonly isLive?: boolean;
}

/** The lines of such a view; undefined for one of tickets. What reads them is loaded when it is looked at first. */
export async function otherRows(view: ViewName, outside: Outside): Promise<OtherRow[] | undefined> {
  if (view === "inbox") return inboxRows(outside);
  if (view === "agents") return runRows(outside);
  if (view === "projects") return projectRows(outside);
  return undefined;
}

async function inboxRows(outside: Outside): Promise<OtherRow[]> {
  const { inbox } = await import("../../actions/inbox/inbox.ts");
  const { items } = await invoke(inbox, outside.store, { limit: 500 });
  return items.map(({ key, kind, id, title, text, by, act, options = [] }) => ({
    key,
    act: act.replace(/^ayo /, "").replace(/ …$/, " "),
    id: id === "config" ? "" : id,
    spans: [
      { text: `${kind.padEnd(11)} `, style: THEME.warning },
      { text: `${id} `, style: THEME.id },
      { text: `${title}  `, style: THEME.bold },
      { text: by === null ? "" : `${by}: `, style: THEME.who },
      { text: [text, ...options.map((option, at) => `${at + 1}) ${option}`)].join("  ").replaceAll(/\s+/g, " ") },
    ],
    preview: () => (id === "config" ? Promise.resolve(textPreview(key, id, text)) : ticketPreview(outside.store, id)),
  }));
}

const RUN_STYLE = { running: THEME.good, ended: THEME.dim } as const;

async function runRows(outside: Outside): Promise<OtherRow[]> {
  const { runList } = await import("../../actions/runs/runList.ts");
  const { runs } = await invoke(runList, outside.store, { limit: 200 });
  return runs.map(({ run, ticket, agent, state, outcome, started, tokens, cost, said, title }) => ({
    key: `run ${run}`,
    id: ticket,
    isLive: state !== "ended",
    spans: [
      { text: `${(outcome ?? state).padEnd(10)} `, style: state === "ended" ? RUN_STYLE.ended : RUN_STYLE.running },
      { text: `${run} `, style: THEME.id },
      { text: `${agent} `, style: THEME.agent },
      { text: started === null ? "" : `${started.slice(0, 16).replace("T", " ")} `, style: THEME.dim },
      { text: usage(tokens, cost), style: THEME.dim },
      { text: title === null ? "" : `${title}  `, style: THEME.bold },
      { text: (said ?? "").replaceAll(/\s+/g, " ") },
    ],
    preview: async () => ({ ...(await outputPreview(outside, `run ${run}`, ["run", "log", run])), isLog: true }),
  }));
}

function usage(tokens: number | null, cost: number | null): string {
  return [tokens === null ? "" : `${tokens} tokens `, cost === null ? "" : `$${cost.toFixed(2)} `].join("");
}

async function projectRows(outside: Outside): Promise<OtherRow[]> {
  const { projectList } = await import("../../actions/project/projectList.ts");
  const { projects } = await invoke(projectList, outside.store, {});
  return projects.map(({ slug, name, progress, due }) => ({
    key: `project ${slug}`,
    id: "",
    spans: [
      { text: `${slug.padEnd(16)} `, style: THEME.id },
      { text: `${name}  `, style: THEME.bold },
      { text: progress === null ? "" : `${progress} %`, style: THEME.dim },
      { text: due === null ? "" : `  due ${due}`, style: THEME.dim },
    ],
    preview: () => outputPreview(outside, `project ${slug}`, ["project", "show", slug]),
  }));
}

async function outputPreview(outside: Outside, key: string, argv: readonly string[]): Promise<Preview> {
  const { out, err } = await outside.run(argv);
  const text = `${err}${out}`.trimEnd();
  const lines = text === "" ? [[{ text: "nothing was said yet", style: THEME.dim }]] : linesOf(text);
  return { key, title: argv.join(" "), lines: (width) => lines.flatMap((line) => wrapSpans(line, width)) };
}

function textPreview(key: string, title: string, text: string): Preview {
  return { key, title, lines: (width) => wrapSpans([{ text }], width) };
}
