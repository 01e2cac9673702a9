import { spawn } from "node:child_process";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { nodeProgram, packageDir } from "../../host.ts";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { doubtsIn } from "../../store/verify/doubts.ts";
import { controlOf } from "../../store/watch/control.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import type { Agents } from "../../work/dispatch/readiness.ts";
import type { Planned } from "../../work/dispatch/startAll.ts";
import type { WorkNews } from "../../work/work.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";

/** As many runs at once as are started where nobody says. */
const MOST = 4;

/** `ayo work`: starts agents for the tickets that are theirs, until Ctrl-C. */
export const work: Command = {
  name: "work",
  summary: "Start agents for the tickets that are theirs, and look after them, until Ctrl-C",
  positionals: [],
  flags: {
    agent: { type: "string", describe: "only this agent's: @coder" },
    number: { type: "number", describe: `how many runs at once; ${MOST} unless told`, alias: ["n"] },
    once: { type: "boolean", describe: "one round: start what can be started, and wait for it" },
    detach: { type: "boolean", describe: "with --once: in the background" },
    offline: { type: "boolean", describe: "start also where no other machine can be asked; for one machine alone" },
    dryRun: { type: "boolean", describe: "say what would be started, and why not the others" },
  },
  examples: [
    ["ayo work", "until Ctrl-C; the programs go on, and the next 'ayo work' looks after them"],
    ["ayo work --dry-run", "what would be started, and why not the others"],
    ["ayo work --once -n 2", "for cron and CI: one round, two runs at once"],
  ],
  run: async (context, args): Promise<Answer> => {
    const store = context.store();
    const options = await known(store, optionsOf(args));
    if (args.flags.dryRun === true) return dryRun(store, options);
    if (options.detach) return detach(context, args);
    const { dispatch } = await import("../../work/dispatch/dispatch.ts");
    const control = controlOf();
    void context.untilSignal().then(control.stop);
    const isJson = args.flags.json === true;
    const tell = (news: WorkNews): void => context.out(`${isJson ? JSON.stringify(news) : lineOf(news, context)}\n`);
    const done = await dispatch(store, { ...options, ayo: ownWords() }, control, tell);
    if (done.left > 0) context.warn(leftBehind(done.left));
    return { json: undefined, text: "", ...(options.once && done.failed > 0 ? { code: 1 } : {}) };
  },
};

interface Options {
  readonly agent: string | undefined;
  readonly most: number;
  readonly once: boolean;
  readonly detach: boolean;
  readonly offline: boolean;
}

function optionsOf({ flags }: Args): Options {
  const most = flags.number === undefined ? MOST : Number(flags.number);
  if (!Number.isInteger(most) || most < 1) throw new AyoError("bad_usage", "-n needs a number from 1 on");
  const once = flags.once === true;
  if (flags.detach === true && !once) throw new AyoError("bad_usage", "--detach goes with --once");
  const agent = flags.agent === undefined ? undefined : String(flags.agent);
  return {
    agent: agent === undefined || agent.startsWith("@") ? agent : `@${agent}`,
    most,
    once,
    detach: flags.detach === true,
    offline: flags.offline === true,
  };
}

/** The agent as agents.yml spells it. @throws not_found */
async function known(store: Store, options: Options): Promise<Options> {
  const { agent } = options;
  if (agent === undefined) return options;
  const { readAgents } = await import("../../store/open/agents/readAgents.ts");
  const { config, problems } = await readAgents(store);
  const names = [...config.agents.keys()];
  const name = names.find((one) => isSameName(one, agent));
  // A file that cannot be read has its own message.
  if (name !== undefined || problems.length > 0) return { ...options, agent: name ?? agent };
  const there = names.length === 0 ? "" : `; there are ${names.join(", ")}`;
  throw new AyoError("not_found", `no agent ${agent} in agents.yml${there}`, {
    try: ["ayo", "agents", "add", agent],
    data: { id: agent, near: names },
  });
}

/** The words that start this ayo. */
function ownWords(): string[] {
  return [nodeProgram(), path.join(packageDir(), "dist", "cli", "ayo.cjs")];
}

async function dryRun(store: Store, options: Options): Promise<Answer> {
  const { agentsNow } = await import("../../work/dispatch/readiness.ts");
  const { plan } = await import("../../work/dispatch/startAll.ts");
  const agents = await agentsNow(store);
  const view = await readStore(store);
  const doubts = await doubtsIn(store, view);
  const planned = plan({ store, runs: new Set() }, view, agents, { options, doubts });
  const would = planned.flatMap((one) =>
    "choice" in one
      ? [
          {
            id: one.choice.ticket.id,
            title: one.choice.ticket.title,
            agent: one.entry.name,
            review: one.choice.isReview,
          },
        ]
      : [],
  );
  const others = planned.flatMap((one) =>
    "reason" in one ? [{ id: one.ticket.id, title: one.ticket.title, reason: one.reason }] : [],
  );
  const notReady = [...agents.states.values()].flatMap(({ entry, problems }) =>
    problems.map((reason) => ({ agent: entry.name, reason })),
  );
  const lines = [
    ...agents.problems.map(plain),
    ...notReady.map(({ agent, reason }) => plain(reason.includes(agent) ? reason : `${agent}: ${reason}`)),
    ...would.map(({ id, title, agent, review }) =>
      plain(`${agent} would ${review ? "review" : "start"} ${id}: ${title}`),
    ),
    ...others.map(({ id, title, reason }) => plain(`${id}: ${title}: not started: ${reason}`)),
  ];
  const text = lines.length === 0 ? "nothing to start: no ticket is an agent's of agents.yml" : lines.join("\n");
  return {
    json: { would, others, agents: notReady, problems: agents.problems },
    text,
    ids: would.map(({ id }) => id),
    ...(isAnyHeldUp(agents, planned, options) ? { code: 1 } : {}),
  };
}

/** Whether something has to be mended first, as for `--once`: a ticket that would be started, or nobody who could be. */
function isAnyHeldUp({ problems, unready, states }: Agents, planned: readonly Planned[], { agent }: Options): boolean {
  const wanted = [...states.values()].filter(({ entry }) => agent === undefined || entry.name === agent);
  const isNobodyReady =
    wanted.some(({ entry }) => unready.has(entry.name)) && wanted.every((one) => one.problems.length > 0);
  return problems.length > 0 || isNobodyReady || planned.some((one) => "isUnready" in one);
}

/** The same in a process of its own, which lives on when this one is gone: hooks are ended after 30 seconds. */
function detach({ host }: Context, { argv }: Args): Answer {
  const [program = "", ...words] = ownWords();
  const rest = argv.filter((word) => word !== "--detach");
  const child = spawn(program, [...words, ...rest], { cwd: host.cwd, env: host.env, detached: true, stdio: "ignore" });
  child.unref();
  return { json: { pid: child.pid ?? null }, text: `Started in the background (pid ${child.pid})` };
}

function leftBehind(count: number): string {
  const runs = count === 1 ? "1 run goes on" : `${count} runs go on`;
  return `note: ${runs} alone; 'ayo work' looks after them again, 'ayo run stop' ends them`;
}

/** `14:20:05 ayo-x7k2/1 @coder started: Build login`. */
function lineOf({ at, what, ticket, n, agent, text }: WorkNews, { paint }: Context): string {
  const time = paint.dim(/T(\d\d:\d\d:\d\d)/.exec(at)?.[1] ?? "");
  const run = ticket === undefined ? "" : ` ${ticket}${n === undefined ? "" : `/${n}`}`;
  const who = agent === undefined ? "" : ` ${agent}`;
  const word = {
    started: "started",
    adopted: "taken over",
    ended: "ended",
    stopped: "stopped",
    again: "tries again",
    not_started: "not started",
    removed: "tidied up",
    kept: "kept",
    trouble: "trouble",
  }[what];
  return `${time}${plain(`${run}${who} ${word}: ${text}`)}`;
}
