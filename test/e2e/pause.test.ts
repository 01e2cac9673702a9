import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Complaints, commitsOf, nextCommand, presence, whatIsWrong } from "../helpers/expectSwept.ts";
import { git } from "../helpers/git.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { MODES, type Mode } from "../helpers/meanwhile.ts";
import { startPaused } from "../helpers/pausedProcess.ts";
import type { CliResult } from "../helpers/runCli.ts";
import { copyOf, SWEPT, type SweptCommand, sweptStore, textsOf } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const IS_LONG = process.env.AYO_LONG === "1";
/** Tries all points whose description fits this pattern, and no others: to look into one that failed. */
const ONLY = process.env.AYO_PAUSE_ONLY ?? "";
/** `2/4`: of the long sweep the second quarter of the commands, for who has not two hours at once. */
const [PART = 1, PARTS = 1] = (process.env.AYO_PAUSE_PART ?? "1/1").split("/").map(Number);
/** Points that are tried at once: most of the time goes by waiting. */
const AT_ONCE = 6;

vi.setConfig({ testTimeout: IS_LONG || ONLY !== "" ? 14_400_000 : 300_000 });

/** A command stopped at one call, and what others do meanwhile. */
interface Point {
  readonly command: SweptCommand;
  /** Where the count begins; at the command's first call unless told. */
  readonly from?: Place;
  readonly at: number;
  readonly reads: boolean;
  readonly mode: Mode;
}

function describePoint({ command, from, at, reads, mode }: Point): string {
  const where = from === undefined ? "" : ` from ${from.name} on`;
  return `${command.name} stopped at ${at}${where}${reads ? " with reads" : ""} while ${mode.name}`;
}

/** A call that every command makes on its way, and where a fault is likely (see pauseAt.cjs). */
interface Place {
  readonly name: string;
  readonly from: string;
}

/** Of each the call itself and this many after it are tried. */
const AFTER = 2;
const PLACES: readonly Place[] = [
  { name: "its lock", from: "mkdir .*/ayo/(?:.*/)?lock$" },
  { name: "its record", from: "renameSync .*/redo/" },
  { name: "git's lock", from: "linkSync .*/index\\.lock$" },
  { name: "the branch", from: "renameSync .*/tmp_obj_ref" },
  { name: "the index", from: "renameSync .*/tmp_idx_" },
  { name: "its files", from: "(?:renameSync|linkSync) .*\\.md$" },
  { name: "the end of git's lock", from: "unlinkSync .*/index\\.lock$" },
  { name: "the end of its record", from: "unlinkSync .*/redo/" },
];

/** Every command in so many turns; from one to the next another place, another mode, and at random where it begins. */
function* someOf(turns: number): Generator<Point> {
  const [first, second] = [MODES, PLACES].map(({ length }) => Math.floor(Math.random() * length)) as [number, number];
  for (let n = 0; n < turns * SWEPT.length; n++) {
    const command = SWEPT[n % SWEPT.length] as SweptCommand;
    const mode = MODES[(first + n) % MODES.length] as Mode;
    // In steps of three, and one more after each round of the modes: they meet other places in the next.
    const from = PLACES[(second + 3 * n + Math.floor(n / MODES.length)) % PLACES.length] as Place;
    yield { command, from, at: 1 + Math.floor(Math.random() * (1 + AFTER)), reads: true, mode };
  }
}

/** All of that. */
function* everyPlace(): Generator<Point> {
  for (const command of SWEPT)
    for (const from of PLACES)
      for (let at = 1; at <= 1 + AFTER; at++) for (const mode of MODES) yield { command, from, at, reads: true, mode };
}

/** Which calls of a command are tried, from the first to the one that it does not come to. */
interface Walk {
  readonly command: SweptCommand;
  readonly reads: boolean;
  readonly first: number;
  readonly stride: number;
  /** The modes that are tried at the n-th of them. */
  readonly modes: (n: number) => readonly Mode[];
  /** The command came to its end. */
  isOver?: boolean;
}

/** Every change of the disk in every mode, and every second call in one mode each. */
function walksOf(command: SweptCommand): Walk[] {
  const turn = Math.floor(Math.random() * MODES.length);
  const one: Walk["modes"] = (n) => [MODES[(turn + n) % MODES.length] as Mode];
  const all: Walk["modes"] = () => MODES;
  const some = { stride: 2, first: 1 + Math.floor(Math.random() * 2), modes: one };
  const every = { stride: 1, first: 1, modes: all };
  return [
    { command, reads: false, ...every },
    { command, reads: true, ...(ONLY === "" ? some : every) },
  ];
}

/** What is tried in a kind of store. */
function* triedPoints(turns: number): Generator<Step> {
  if (!IS_LONG && ONLY === "") {
    for (const point of someOf(turns)) yield { point };
    return;
  }
  const only = new RegExp(ONLY);
  const part = SWEPT.filter((_, at) => at % PARTS === PART - 1);
  for (const command of part) for (const walk of walksOf(command)) yield* stepsOf(walk, only);
  if (ONLY !== "") for (const point of everyPlace()) if (only.test(describePoint(point))) yield { point };
}

/** A point, and the walk that is over where the command does not come to it. */
interface Step {
  readonly point: Point;
  readonly walk?: Walk;
}

/** More calls than any command makes. */
const MAX_CALLS = 1_000;

/** The points of a walk, until it is over. */
function* stepsOf(walk: Walk, only: RegExp): Generator<Step> {
  const { command, reads, first, stride, modes } = walk;
  for (let n = 0; !walk.isOver && n < MAX_CALLS; n++) {
    const points = modes(n).map((mode) => ({ command, at: first + n * stride, reads, mode }));
    for (const point of points) if (only.test(describePoint(point))) yield { point, walk };
  }
}

/** So that a command's calls have the same numbers each time: which of these folders it would make is chance. */
function makeObjectFolders({ repo }: TempStore): void {
  for (let n = 0; n < 256; n++) {
    mkdirSync(path.join(repo, ".git/objects", n.toString(16).padStart(2, "0")), { recursive: true });
  }
}

/** How a command that was stopped ended. */
type Ending = "made" | "deferred" | "refused" | "never stopped";

interface Tried {
  readonly point: Point;
  readonly ending: Ending;
  readonly complaints: Complaints;
}

/** The store that all are copies of, and its commit. */
interface Origin {
  readonly template: TempStore;
  readonly since: string;
}

async function tryPoint({ template, since }: Origin, point: Point, dir: string): Promise<Tried> {
  const { command, from, at, reads, mode } = point;
  const store = copyOf(template, dir);
  const meanwhile = await mode.begin(store, command, at + 10 * (from === undefined ? 0 : PLACES.indexOf(from)));
  const { input = "" } = command;
  const stopped = startPaused(store, at, command.args(store), { input, env: mode.env, reads, from: from?.from ?? "" });
  const stood = await stopped.paused;
  const complaints: string[] = [];
  const note = async (work: Promise<Complaints>): Promise<void> => {
    complaints.push(...(await work.catch((error: Error) => [`${error.message}`])));
  };
  await note(meanwhile.whilePaused().then(() => []));
  stopped.resume();
  const result = await stopped.ended;
  await note(meanwhile.afterwards(result.code === 0));
  await note(nextCommand(store));
  await note(judge(since, store, command, result));
  if (complaints.length === 0) rmSync(dir, { recursive: true, force: true });
  const ending = result.code !== 0 ? "refused" : result.stderr.includes("deferred") ? "deferred" : "made";
  return { point, ending: stood ? ending : "never stopped", complaints };
}

/** Whether a change is there once, or not at all, as its command said. */
async function judge(since: string, store: TempStore, command: SweptCommand, result: CliResult): Promise<Complaints> {
  const { code, stdout, stderr } = result;
  const is = { inFiles: presence(command, textsOf(store)), commits: await commitsOf(command, store, since) };
  const should = code === 0 ? { inFiles: "there", commits: 1 } : { inFiles: "absent", commits: 0 };
  const isAsSaid = is.inFiles === should.inFiles && is.commits === should.commits;
  return [
    ...([0, 1, 3].includes(code ?? -1) ? [] : [`exit ${code}: ${stderr.trim()}`]),
    ...(code !== 0 || command.says.test(stdout) ? [] : [`it printed: ${stdout}`]),
    ...(isAsSaid ? [] : [`exit ${code}, and the change is ${is.inFiles} in the files and in ${is.commits} commits`]),
    ...(await whatIsWrong(store, since)),
  ];
}

/** Tries the points, some at once. */
async function tryAll(template: TempStore, steps: Iterable<Step>): Promise<readonly Tried[]> {
  const dir = tempDir();
  const since = git(template.repo, "rev-parse", "HEAD");
  const tried: Tried[] = [];
  const one = steps[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = one.next(); !next.done; next = one.next()) {
      const { point, walk } = next.value;
      const result = await tryPoint({ template, since }, point, path.join(dir, randomUUID(), "p"));
      tried.push(result);
      if (walk !== undefined) walk.isOver ||= result.ending === "never stopped";
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tried;
}

const told: string[] = [];
/** How often which ending was seen in which mode. */
function tell(title: string, tried: readonly Tried[]): void {
  for (const { name } of MODES) {
    const here = tried.filter(({ point }) => point.mode.name === name);
    const counts = new Map<string, number>();
    for (const { ending } of here) counts.set(ending, (counts.get(ending) ?? 0) + 1);
    const text = [...counts].map(([ending, count]) => `${count} ${ending}`).join(", ");
    told.push(`${title}, ${name}: ${here.length} points, ${text}`);
  }
}

afterAll(() => {
  if (IS_LONG) process.stderr.write(`pause sweep\n${told.join("\n")}\n`);
});

describe.each([
  ["own", false, 2],
  ["inline", true, 1],
] as const)("a command that stands still at a call of the disk, %s store", (kind, inline, turns) => {
  const cleanUp = laterCleanUp();
  let template: TempStore;
  beforeAll(async () => {
    template = await sweptStore(inline, cleanUp);
    if (!inline && (IS_LONG || ONLY !== "")) makeObjectFolders(template);
  });

  test("ends in its change, once, or in none; and nobody else is hurt", async () => {
    const tried = await tryAll(template, triedPoints(turns));
    tell(kind, tried);
    const wrong = tried.filter(({ complaints }) => complaints.length > 0);
    expect(wrong.map(({ point, complaints }) => `${describePoint(point)}\n  ${complaints.join("\n  ")}`)).toEqual([]);
    // Otherwise a place is not what it is called any more, and nothing was tried there.
    const missed = tried.filter(({ point, ending }) => point.from && point.at === 1 && ending === "never stopped");
    expect(missed.map(({ point }) => describePoint(point))).toEqual([]);
    if (ONLY === "") expect(new Set(tried.map(({ ending }) => ending))).toContain("made");
  });
});
