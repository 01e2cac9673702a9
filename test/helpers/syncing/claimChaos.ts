import { spawn } from "node:child_process";
import path from "node:path";
import { git } from "../git.ts";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { CLI, type CliResult } from "../runCli.ts";
import { tipOf } from "../team.ts";
import type { TempStore } from "../tempStore.ts";
import { randomOf } from "./chaos.ts";
import { type Believer, hear, judgeContact, judgeNow, judgeQuiet, type Model } from "./claimModel.ts";
import type { Claimers } from "./claimTeam.ts";
import type { Fault } from "./hubs.ts";

/** What is done, and what is judged. */
export interface ClaimChaos extends Model {
  readonly made: Claimers;
  readonly random: (below: number) => number;
  /** The last steps, for whoever reads of a fault. */
  readonly story: string[];
  /** Who has no network. */
  offline: Believer | undefined;
  steps: number;
  readonly counts: Map<string, number>;
}

const HOUR = 3_600_000;
const CLOCK = path.resolve(import.meta.dirname, "../shiftClock.cjs");
/** Some of the clones have clocks that are wrong; the last one never syncs of itself. */
const SHIFTS = [0, 2 * HOUR, -2 * HOUR, 0, 0, HOUR, -HOUR, 0];

/** Chaos among clones that share tickets; in one of three nobody has a claim without the others' answer. */
export async function openClaimChaos(made: Claimers, seed: number): Promise<ClaimChaos> {
  const believers = made.clones.map((store, at) => ({
    name: path.basename(store.dir),
    store,
    actor: `@a${at}`,
    shift: SHIFTS[at % SHIFTS.length] as number,
    acks: new Map(),
  }));
  const { hub, ids, clones } = made;
  if (seed % 3 === 0) {
    await (clones[0] as TempStore).ayo("config", "sync.claims", "required");
    for (const store of clones) await store.ayo("sync");
  }
  return {
    made,
    hub,
    ids,
    believers,
    random: randomOf(seed),
    touched: new Set(),
    faults: [],
    story: [],
    offline: undefined,
    steps: 0,
    counts: new Map(),
  };
}

interface RunOptions {
  readonly isProcess?: boolean;
  readonly killAfter?: number;
  /** Another command runs in the clone at the same time. */
  readonly isBeside?: boolean;
}

/** A command in a clone, by its clock and its network; most in this process. */
async function run(
  chaos: ClaimChaos,
  who: Believer,
  words: readonly string[],
  { isProcess = false, killAfter, isBeside = false }: RunOptions = {},
): Promise<CliResult> {
  const env = {
    AYO_CLAIM_MS: "10000",
    ...(chaos.offline === who ? { AYO_TEST_OFFLINE: "1" } : {}),
  };
  const shifted = { ...env, AYO_CLOCK_SHIFT_MS: String(who.shift), NODE_OPTIONS: `--require=${CLOCK}` };
  chaos.story.push(`${who.name} ${words.join(" ")}`);
  const at = chaos.story.length - 1;
  if (killAfter !== undefined) {
    await killed(who, words, shifted, killAfter);
    return { code: null, stdout: "", stderr: "" };
  }
  const result = isProcess
    ? await who.store.run(words, { env: shifted, timeoutMs: 60_000 })
    : await who.store.here(words, { env, now: () => Date.now() + who.shift });
  chaos.story[at] +=
    ` -> ${result.code} ${`${result.stderr}${result.code === 0 && words.includes("--json") ? saidOf(result.stdout) : ""}`.slice(0, 300).trim()}`;
  hear(chaos, who, words, result, !isBeside);
  return result;
}

function saidOf(stdout: string): string {
  const { confirmed, unconfirmed, notices } = JSON.parse(stdout) as Record<string, unknown>;
  return JSON.stringify({ confirmed, unconfirmed, notices });
}

/** A process that is killed with all that it has started. */
function killed(who: Believer, words: readonly string[], env: NodeJS.ProcessEnv, after: number): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd: who.store.dir,
    env: { ...hermeticEnv(sharedHome()), ...env },
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), after);
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

type Step = (chaos: ClaimChaos, who: Believer, id: string) => Promise<unknown>;

function lease({ random }: ClaimChaos): string {
  return `${1 + random(3)}s`;
}

function claiming(chaos: ClaimChaos, who: Believer, id: string): string[] {
  return ["ticket", "claim", id, "--lease", lease(chaos), "--as", who.actor, "--json"];
}

/** A command that has to do with others. */
function toBeKilled(chaos: ClaimChaos, who: Believer, id: string): string[] {
  const verb = ["claim", "claim", "claim", "renew", "release", "close", "submit", "sync"][chaos.random(8)] as string;
  if (verb === "claim") return claiming(chaos, who, id);
  return verb === "sync" ? ["sync"] : ["ticket", verb, id, "--as", who.actor];
}

/** What an agent does with a ticket. */
function byAgent(verb: string, ...more: string[]): Step {
  return (chaos, who, id) => run(chaos, who, ["ticket", verb, id, ...more, "--as", who.actor, "--json"]);
}

function byPerson(verb: string, ...more: string[]): Step {
  return (chaos, who, id) => run(chaos, who, ["ticket", verb, id, ...more, "--json"]);
}

const STEPS: Readonly<Record<string, readonly [weight: number, step: Step]>> = {
  claim: [8, (chaos, who, id) => run(chaos, who, claiming(chaos, who, id))],
  next: [
    3,
    (chaos, who) =>
      run(chaos, who, ["ticket", "claim", "--next", "--lease", lease(chaos), "--as", who.actor, "--json"]),
  ],
  two: [
    1,
    (chaos, who, id) => run(chaos, who, ["ticket", "claim", id, otherId(chaos, id), "--as", who.actor, "--json"]),
  ],
  hand: [
    1,
    (chaos, who, id) =>
      run(chaos, who, ["ticket", "claim", id, "--for", `${who.actor}b`, "--lease", "2s", "--as", who.actor, "--json"]),
  ],
  race: [3, (chaos, _, id) => Promise.all(chaos.believers.map((who) => run(chaos, who, claiming(chaos, who, id))))],
  beside: [
    2,
    (chaos, who, id) =>
      Promise.all([run(chaos, who, claiming(chaos, who, id), { isBeside: true }), run(chaos, who, ["sync"])]),
  ],
  process: [1, (chaos, who, id) => run(chaos, who, claiming(chaos, who, id), { isProcess: true })],
  killed: [3, (chaos, who, id) => run(chaos, who, toBeKilled(chaos, who, id), { killAfter: 60 + chaos.random(250) })],
  start: [2, byAgent("start")],
  note: [4, byAgent("note", "at work")],
  renew: [4, byAgent("renew", "--lease", "2s")],
  release: [3, byAgent("release")],
  submit: [2, byAgent("submit")],
  close: [2, byAgent("close")],
  reject: [2, byPerson("reject", "-m", "again")],
  reopen: [3, byPerson("reopen")],
  force: [1, byPerson("release", "--force")],
  update: [1, byPerson("update", "-p", "1")],
  wait: [2, (chaos) => new Promise((resolve) => setTimeout(resolve, 200 + chaos.random(900)))],
  sync: [8, (chaos, who) => synced(chaos, who)],
  deleted: [1, (chaos, _, id) => atHub(chaos, id, "deleted")],
  rewound: [1, (chaos, _, id) => atHub(chaos, id, "rewound")],
};
const WEIGHTS = Object.values(STEPS).reduce((sum, [weight]) => sum + weight, 0);

/** A contact of one clone, and what is judged of it. */
async function synced(chaos: ClaimChaos, who: Believer): Promise<void> {
  // An old clone that lacks the last commits.
  if (who === chaos.believers.at(-1) && chaos.random(5) > 0) return;
  const { code, stderr } = await run(chaos, who, ["sync"]);
  if (code === 0) judgeContact(chaos, who);
  else if (!/cannot be reached|does not take|changed \d+ times/.test(stderr)) chaos.faults.push(`sync: ${stderr}`);
}

/** A person does something to a ref of a claim. */
async function atHub(chaos: ClaimChaos, id: string, what: "deleted" | "rewound"): Promise<void> {
  const ref = `refs/ayo/claims/${id}`;
  const oids = git(chaos.hub, "rev-list", "-n", "3", "--all", `--glob=${ref}`).split("\n");
  if (git(chaos.hub, "for-each-ref", ref) === "") return;
  chaos.touched.add(id);
  chaos.story.push(`the ref of ${id} is ${what}`);
  const line = git(chaos.hub, "rev-list", "-n", String(2 + chaos.random(2)), ref).split("\n");
  if (what === "deleted" || line.length < 2 || oids.length === 0) git(chaos.hub, "update-ref", "-d", ref);
  else git(chaos.hub, "update-ref", ref, line.at(-1) as string);
}

function otherId({ ids, random }: ClaimChaos, than: string): string {
  const others = ids.filter((id) => id !== than);
  return others[random(others.length)] as string;
}

/** One step, three in ten with a line that is cut, now and then without a network. */
export async function anyClaimStep(chaos: ClaimChaos): Promise<void> {
  const { random, believers, ids, made, counts } = chaos;
  const who = believers[random(believers.length)] as Believer;
  const id = ids[random(ids.length)] as string;
  if (chaos.steps++ % 20 === 0) chaos.offline = random(3) === 0 ? believers[random(believers.length)] : undefined;
  const cut = (random(10) < 3 ? ["before", "after"][random(2)] : "none") as Fault;
  made.line.cut(cut);
  if (cut !== "none") chaos.story.push(`the line is cut ${cut} the other side acts`);
  const [name, step] = anyOf(random);
  counts.set(name, (counts.get(name) ?? 0) + 1);
  await step(chaos, who, id);
  made.line.cut("none");
  judgeNow(chaos);
}

function anyOf(random: ClaimChaos["random"]): [string, Step] {
  let left = random(WEIGHTS);
  for (const [name, [weight, step]] of Object.entries(STEPS)) {
    if (left < weight) return [name, step];
    left -= weight;
  }
  throw new Error("the weights do not add up");
}

/** Lets leases run out, and syncs until nothing is new anywhere. */
export async function quietClaims(chaos: ClaimChaos): Promise<void> {
  chaos.offline = undefined;
  for (let round = 0; round < 8; round++) {
    const before = chaos.believers.map(({ store }) => tipOf(store)).join();
    for (const who of chaos.believers) await run(chaos, who, ["sync"]);
    const now = chaos.believers.map(({ store }) => tipOf(store));
    if (round > 1 && new Set(now).size === 1 && now.join() === before) break;
  }
  for (const who of chaos.believers) judgeContact(chaos, who);
  judgeQuiet(chaos);
  chaos.touched.clear();
}
