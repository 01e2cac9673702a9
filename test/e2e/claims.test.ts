import { spawn } from "node:child_process";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTicket, listTickets } from "../../src/index.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** How many work at once, and how many tickets they share. */
const LONG = process.env.AYO_LONG === "1";
const CLAIMERS = LONG ? { agents: 50, tickets: 200 } : { agents: 6, tickets: 10 };
const MORTALS = LONG ? { agents: 20, tickets: 40 } : { agents: 6, tickets: 10 };

const CLAIMER = path.resolve(import.meta.dirname, "../helpers/claimer.mjs");

interface Told {
  readonly claimed?: string;
  readonly closed?: string;
  readonly failed?: string;
  readonly code?: string;
}

/** A process that works as `name` until nothing is left, or it is killed. */
function startAgent({ dir, tickets }: TempStore, name: string, args: readonly string[] = []) {
  const env = { ...hermeticEnv(sharedHome()), AYO_AGENT: name } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [CLAIMER, tickets, ...args], { cwd: dir, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (err += chunk));
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  const told = (): Told[] =>
    out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Told);
  return { child, ended, told, stderr: () => err };
}

async function makeTickets(project: TempStore, count: number): Promise<string[]> {
  const store = project.open();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await createTicket(store, { title: `Ticket ${n}` })).ticket.id);
  return ids;
}

/** The commits of a kind: subjects without the verb. */
function commitsOf({ repo }: TempStore, event: string): string[] {
  const log = git(
    repo,
    "log",
    "--format=%(trailers:key=Event,valueonly,separator=%x20)%x09%(trailers:key=Ticket,valueonly,separator=%x20)",
  );
  return log
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([of]) => of === event)
    .flatMap(([, tickets = ""]) => tickets.split(" "));
}

test(`${CLAIMERS.agents} processes that claim until none of ${CLAIMERS.tickets} tickets is left: each ticket once, none twice, none lost`, async () => {
  const project = await tempStore();
  const ids = await makeTickets(project, CLAIMERS.tickets);
  const agents = Array.from({ length: CLAIMERS.agents }, (_, n) => startAgent(project, `@agent-${n}`));
  const codes = await Promise.all(agents.map(({ ended }) => ended));
  expect(agents.map(({ stderr }) => stderr()).join("")).toBe("");
  expect(codes).toEqual(agents.map(() => 0));
  const claimed = agents.flatMap(({ told }) => told().map((line) => line.claimed as string));
  expect(claimed.toSorted()).toEqual(ids.toSorted());
  const holders = agents.flatMap(({ told }, n) => told().map((line) => [line.claimed, `@agent-${n}`] as const));
  const { tickets, problems } = await listTickets(project.open(), {});
  expect(problems).toEqual([]);
  expect(new Map(tickets.map(({ id, claim }) => [id, claim?.by]))).toEqual(new Map(holders));
  expect(commitsOf(project, "claimed").toSorted()).toEqual(ids.toSorted());
  project.judge();
}, 300_000);

test(`${MORTALS.agents} agents that are killed between claim and close: every ticket is closed once, every take-over is told`, async () => {
  const project = await tempStore();
  const ids = await makeTickets(project, MORTALS.tickets);
  const told: Told[] = [];
  let kills = 0;
  /** Works under one name until nothing is left; the first two processes are killed once they have claimed something. */
  const work = async (name: string): Promise<void> => {
    for (let life = 0; ; life++) {
      const agent = startAgent(project, name, ["300"]);
      if (life < 2) {
        agent.child.stdout.once("data", () => setTimeout(() => agent.child.kill("SIGKILL"), Math.random() * 300));
      }
      const code = await agent.ended;
      told.push(...agent.told());
      expect(agent.stderr()).toBe("");
      if (code === null) kills++;
      // Nothing to claim now; what dead agents hold comes back when their leases run out.
      const { tickets } = await listTickets(project.open(), {});
      if (code === 0 && tickets.every(({ status }) => status === "closed")) return;
      if (code === 0) await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  await Promise.all(Array.from({ length: MORTALS.agents }, (_, n) => work(`@agent-${n}`)));
  expect(kills).toBeGreaterThan(MORTALS.agents / 4);
  const { tickets } = await listTickets(project.open(), {});
  expect(tickets.map(({ status, claim }) => [status, claim])).toEqual(ids.map(() => ["closed", null]));
  expect(commitsOf(project, "closed").toSorted()).toEqual(ids.toSorted());
  const closed = told.flatMap((line) => line.closed ?? []);
  expect(new Set(closed).size).toBe(closed.length);
  // A ticket is claimed once more often than its lease ran out, each take-over is in the history; on a busy machine as
  // often, where its last holder was slow and closed it before anybody else had claimed it.
  const expired = commitsOf(project, "lease_expired");
  const claimed = commitsOf(project, "claimed");
  const count = (list: readonly string[], id: string) => list.filter((one) => one === id).length;
  expect(expired.length).toBeGreaterThan(0);
  for (const id of ids) expect([0, 1], id).toContain(count(claimed, id) - count(expired, id));
  project.judge();
}, 180_000);
