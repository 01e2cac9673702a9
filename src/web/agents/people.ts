/** A ticket that an agent holds; see AgentList in /api/openapi.json. */
export interface Held {
  readonly id: string;
  readonly title: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly branch: string | null;
  readonly said: { readonly at: string; readonly text: string } | null;
}

/** A run of an agent's program; see RunList in /api/openapi.json. */
export interface Run {
  /** `mya-x7k2/3`. */
  readonly run: string;
  readonly ticket: string;
  readonly title?: string | null;
  readonly agent: string;
  readonly adapter: string;
  readonly state: "starting" | "running" | "ending" | "ended";
  readonly attended: boolean;
  readonly gone: boolean;
  readonly outcome: string | null;
  readonly why: string | null;
  readonly review: boolean;
  readonly tries: number;
  readonly worktree: string | null;
  readonly branch: string | null;
  readonly at: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly tokens: number | null;
  readonly cost: number | null;
  readonly said: string | null;
}

/** What the server tells of agents and their runs. */
export interface Overview {
  readonly agents: readonly {
    readonly name: string;
    readonly worktree: string | null;
    readonly holds: readonly Held[];
    readonly assigned: number;
  }[];
  /** Those at work first, then the last that ended. */
  readonly runs: readonly Run[];
  readonly tokens: number;
  readonly cost: number;
}

/** Something that an agent does or did: a run, or a ticket that it holds without one. */
export interface Work {
  /** The run, or the ticket: what the address names it by. */
  readonly key: string;
  readonly ticket: string;
  readonly title: string;
  readonly agent: string;
  readonly run?: Run;
  readonly held?: Held;
}

/** An agent with all that it does. */
export interface Person {
  readonly name: string;
  readonly worktree: string | null;
  readonly assigned: number;
  /** Runs that are not over, then what it holds besides. */
  readonly now: readonly Work[];
  /** Runs that are over, the last one first. */
  readonly past: readonly Work[];
}

/** The agents: who is at work, who holds something, and the others, each by name. */
export function peopleIn({ agents, runs }: Overview): Person[] {
  const names = new Set([...agents, ...runs.map(({ agent: name }) => ({ name }))].map(({ name }) => name));
  const people = [...names].sort().map((name) => {
    const { worktree = null, assigned = 0, holds = [] } = agents.find((one) => one.name === name) ?? {};
    const own = runs.filter(({ agent }) => agent === name);
    const live = own.filter(({ state }) => state !== "ended");
    const besides = holds.filter(({ id }) => live.every(({ ticket }) => ticket !== id));
    return {
      name,
      worktree,
      assigned,
      now: [...live.map(ofRun), ...besides.map((held) => ofHeld(name, held))],
      past: own.filter(({ state }) => state === "ended").map(ofRun),
    };
  });
  const rank = ({ now }: Person): number => (now.some(({ run }) => run !== undefined) ? 0 : now.length > 0 ? 1 : 2);
  return people.sort((left, right) => rank(left) - rank(right));
}

function ofRun(run: Run): Work {
  return { key: run.run, ticket: run.ticket, title: run.title ?? run.ticket, agent: run.agent, run };
}

function ofHeld(agent: string, held: Held): Work {
  return { key: held.id, ticket: held.id, title: held.title, agent, held };
}

/** What the address means: that run or ticket, the last run of a ticket, else the first of all. */
export function chosenIn(people: readonly Person[], key: string): Work | undefined {
  const all = people.flatMap(({ now, past }) => [...now, ...past]);
  return (
    all.find((work) => work.key === key) ??
    all.find(({ ticket }) => ticket === key) ??
    (key === "" ? all[0] : undefined)
  );
}

/** What a run is called that is so far: its state, how it ended, or that nobody looks after it. */
export type Standing =
  | "starting"
  | "running"
  | "ending"
  | "alone"
  | "gone"
  | "ok"
  | "failed"
  | "stopped"
  | "lost"
  | "waiting";

/** How a run stands. */
export function standingOf({ state, outcome, attended, gone }: Run): Standing {
  if (state === "ended") return (outcome ?? "lost") as Standing;
  if (gone) return "gone";
  return attended ? state : "alone";
}

/** So much of what was said is shown in a line, in characters. */
const LINE = 200;

/** The last words of an agent at a piece of work: of what goes on the last line; of what went wrong why; else its answer. */
export function lastWords({ run, held }: Pick<Work, "run" | "held">): string {
  const isBad = run?.state === "ended" && run.outcome !== "ok";
  const words = isBad ? [run.why, run.said] : [run?.said, held?.said?.text, run?.why];
  const text = (words.find((one) => one != null) ?? "").trim();
  const line = run?.state === "ended" ? text : (text.split("\n").at(-1) ?? "");
  return line.slice(0, LINE);
}
