import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { readStore } from "../../store/disk/view.ts";
import { projectKeysOf } from "../../store/projects/projectFiles.ts";
import { liveRuns } from "../../store/runs/liveRuns.ts";
import { allRuns, type RunRecord } from "../../store/runs/record.ts";
import { pastMoment } from "../../ticket/moments.ts";
import { isOfProject, projectKeys } from "../../ticket/project.ts";
import { action, flag, limitOf, optionalText } from "../input/action.ts";
import { ticketOf } from "./findRun.ts";
import { type RunJson, runJson } from "./runJson.ts";

/** What `run list` answers. */
export interface RunList {
  /** Those that are not over first, then the last that ended. */
  readonly runs: readonly (RunJson & { readonly title: string | null })[];
  readonly total: number;
  /** Of all runs that are told, also beyond the limit. */
  readonly tokens: number;
  readonly cost: number;
}

/** As many as are shown where nobody says. */
const LIMIT = 30;

/** `ayo run list [id]`. */
export const runList = action({
  name: "run list",
  summary: "List runs of agents on this machine, those at work first",
  writes: false,
  input: v.object({
    id: optionalText("only of this ticket"),
    agent: optionalText("only of this agent: @coder"),
    project: optionalText("only of tickets of this project"),
    since: optionalText("only those that began since: 1d, 2026-11-28"),
    live: flag("only those that are not over"),
    limit: limitOf("how many; 30 unless told"),
  }),
  run: async (store, { id, agent, project, since, live, limit = LIMIT }): Promise<RunList> => {
    const view = await readStore(store);
    const ticket = id === undefined ? undefined : await ticketOf(store, view, id);
    const from = since === undefined ? undefined : momentOf(since, view.now);
    const keyOf = project === undefined ? projectKeys([]) : await projectKeysOf(store.dir);
    const isWanted = (run: RunRecord): boolean =>
      (ticket === undefined || run.ticket === ticket) &&
      (agent === undefined || run.agent === withAt(agent)) &&
      (project === undefined || isOfProject(view.byId.get(run.ticket), project, keyOf)) &&
      (from === undefined || Date.parse(run.at) >= from);
    const found = (live ? liveRuns(store) : allRuns(store, ticket)).filter(isWanted);
    const isOver = ({ state }: { readonly state: string }): number => Number(state === "ended");
    found.sort((one, other) => isOver(one) - isOver(other) || (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
    const runs = found.slice(0, limit).map((run) => {
      const title = view.byId.get(run.ticket)?.title ?? view.lookup.get(run.ticket)?.title ?? null;
      return { ...runJson(store, run), title };
    });
    const sum = (of: "tokens" | "cost"): number => found.reduce((all, run) => all + (run[of] ?? 0), 0);
    return { runs, total: found.length, tokens: sum("tokens"), cost: sum("cost") };
  },
});

/** @throws bad_input */
function momentOf(since: string, now: number): number {
  const moment = pastMoment(since, now);
  if (moment !== undefined) return moment;
  throw new AyoError("bad_input", `since '${since}' is neither a time nor a span: 2026-11-28, 1d, 8h`, {
    data: { field: "since" },
  });
}

function withAt(name: string): string {
  return name.startsWith("@") ? name : `@${name}`;
}
