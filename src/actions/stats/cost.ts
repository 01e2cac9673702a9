import type { Store } from "../../store/open/store.ts";
import { allRuns, type RunRecord } from "../../store/runs/record.ts";
import { parseTime } from "../../ticket/time.ts";
import type { Scope } from "./scope.ts";
import { isoWeek } from "./times.ts";

/** What runs cost, as their programs told it. */
export interface Spent {
  readonly runs: number;
  /** In dollars; null where no run told what it cost. */
  readonly cost: number | null;
  /** Runs that did not tell: what they cost is not in `cost`. */
  readonly unknown: number;
  readonly tokens: number | null;
  /** Whose runs they were, a hundred at most. */
  readonly tickets: readonly string[];
}

/** The same for one agent, project or week; null for what has none. */
export interface SpentBy extends Spent {
  readonly name: string | null;
}

/** What the runs on this machine cost. */
export interface Cost extends Spent {
  readonly agents: readonly SpentBy[];
  readonly projects: readonly SpentBy[];
  /** ISO weeks in which they began, the oldest first. */
  readonly weeks: readonly SpentBy[];
}

const MOST_TICKETS = 100;

/** The cost of runs that ended here and began at `from` or later, of the tickets in a scope; of all tickets also of those that are gone. */
export function costOf(store: Store, { tickets, filter, projectOf }: Scope, from: number): Cost {
  const known = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const runs = allRuns(store).filter(
    ({ state, at, ticket }) =>
      state === "ended" && (parseTime(at) ?? 0) >= from && (filter.trim() === "" || known.has(ticket)),
  );
  const projectIn = ({ ticket }: RunRecord): string | null => {
    const found = known.get(ticket);
    return (found && projectOf(found))?.[1] ?? null;
  };
  const weeks = spentBy(runs, ({ at }) => isoWeek(parseTime(at) ?? 0));
  return {
    ...spent(runs),
    agents: byCost(spentBy(runs, ({ agent }) => agent)),
    projects: byCost(spentBy(runs, projectIn)),
    weeks: weeks.sort((left, right) => ((left.name ?? "") < (right.name ?? "") ? -1 : 1)),
  };
}

function spentBy(runs: readonly RunRecord[], nameOf: (run: RunRecord) => string | null): SpentBy[] {
  const groups = new Map<string | null, RunRecord[]>();
  for (const run of runs) {
    const name = nameOf(run);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  return [...groups].map(([name, some]) => ({ name, ...spent(some) }));
}

function spent(runs: readonly RunRecord[]): Spent {
  const sum = (of: "cost" | "tokens"): number | null => {
    const told = runs.flatMap((run) => run[of] ?? []);
    return told.length === 0 ? null : told.reduce((all, one) => all + one, 0);
  };
  const tickets = [...new Set(runs.map(({ ticket }) => ticket))];
  return {
    runs: runs.length,
    cost: sum("cost"),
    unknown: runs.filter(({ cost }) => cost === undefined).length,
    tokens: sum("tokens"),
    tickets: tickets.slice(0, MOST_TICKETS),
  };
}

function byCost(all: SpentBy[]): SpentBy[] {
  return all.sort((left, right) => (right.cost ?? -1) - (left.cost ?? -1) || right.runs - left.runs);
}
