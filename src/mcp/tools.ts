import { type AnswerOf, loadAction, ROWS, type VerbName } from "../actions/verbs.ts";
import * as brief from "./brief.ts";
import { channelled, told } from "./briefTalk.ts";
import { shown } from "./briefTicket.ts";
import { type Face, type Offered, type Tool, tool } from "./tool.ts";

/** A list ends here unless a limit is given. */
const LIMIT = { limit: 20 };

/** What a tool does otherwise than the rest, which take an action's input as it is and say what brief.usual() makes of it. */
const FACES: { readonly [N in VerbName]?: Face<AnswerOf<N>> } = {
  create: { brief: brief.created },
  search: { brief: brief.found },
  show: { brief: shown },
  ready: { brief: brief.listed, defaults: LIMIT },
  list: { brief: brief.listed, defaults: LIMIT },
  claim: {
    brief: brief.claimed,
    summary: "Take a ticket so that nobody else does: the best ready one, or those named",
    complete: (input) => (input.ids === undefined ? { ...input, next: true } : input),
  },
  renew: { brief: brief.renewed },
  update: { brief: brief.updated },
  note: { brief: brief.noted, isOwnWork: true },
  attach: { brief: brief.usual, summary: "Attach a file", isOwnWork: true },
  "link commit": { brief: brief.updated, isOwnWork: true },
  status: { brief: brief.moved, isOwnWork: true },
  submit: { brief: brief.moved, isOwnWork: true },
  close: { brief: brief.moved, isOwnWork: true },
  landed: { brief: brief.landed },
  block: { brief: brief.moved, isOwnWork: true },
  ask: { brief: brief.moved, isOwnWork: true },
  "dep add": { brief: brief.depended },
  graph: { brief: brief.graphed, defaults: { format: "json" } },
  history: { brief: told, defaults: LIMIT },
  channel: { brief: channelled },
  stats: { brief: brief.counted, summary: "Count tickets; by: [agent], forecast: true" },
  batch: { brief: brief.batched },
  "project list": { brief: brief.projects },
  "project show": { brief: brief.project },
};

/** Every tool, from the table of verbs, with its action loaded; with `core` only those that are offered by default. */
export async function loadTools({ core = false }: { readonly core?: boolean } = {}): Promise<readonly Tool[]> {
  const offered = [...ROWS].filter(([, row]) => row.tool !== undefined && (!core || row.tool.core === true));
  return Promise.all(offered.map(([name, row]) => toolOf(name, row as Offered)));
}

async function toolOf(name: VerbName, row: Offered): Promise<Tool> {
  const face = (FACES[name] as Face<unknown> | undefined) ?? { brief: brief.usual };
  return tool(row, await loadAction(name), face);
}
