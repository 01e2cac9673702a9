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
/** Points that are tried at once: most of the time goes by waiting. */
const AT_ONCE = 6;

vi.setConfig({ testTimeout: IS_LONG || ONLY !== "" ? 14_400_000 : 300_000 });

/** A command stopped at one call, and what others do meanwhile. */
interface Point {
  readonly command: SweptCommand;
  readonly at: number;
  readonly reads: boolean;
  readonly mode: Mode;
}

function describePoint({ command, at, reads, mode }: Point): string {
  return `${command.name} stopped at ${at}${reads ? " with reads" : ""} while ${mode.name}`;
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

/** In the quick form every `stride`-th call in one mode each; in the long one every change of the disk in every mode. */
function walksOf(command: SweptCommand, stride: number): Walk[] {
  const turn = Math.floor(Math.random() * MODES.length);
  const one: Walk["modes"] = (n) => [MODES[(turn + n) % MODES.length] as Mode];
  const some = (stride: number): Walk => {
    return { command, reads: true, first: 1 + Math.floor(Math.random() * stride), stride, modes: one };
  };
  const every = (reads: boolean): Walk => ({ command, reads, first: 1, stride: 1, modes: () => MODES });
  if (ONLY !== "") return [every(false), every(true)];
  return IS_LONG ? [every(false), some(2)] : [some(stride)];
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

async function tryPoint(template: TempStore, point: Point, dir: string): Promise<Tried> {
  const { command, at, reads, mode } = point;
  const store = copyOf(template, dir);
  const meanwhile = await mode.begin(store, command, at);
  const { input = "" } = command;
  const stopped = startPaused(store, at, command.args(store), { input, env: mode.env, reads });
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
  await note(judge(template, store, command, result));
  if (complaints.length === 0) rmSync(dir, { recursive: true, force: true });
  const ending = result.code !== 0 ? "refused" : result.stderr.includes("deferred") ? "deferred" : "made";
  return { point, ending: stood ? ending : "never stopped", complaints };
}

/** Whether a change is there once, or not at all, as its command said. */
async function judge(
  template: TempStore,
  store: TempStore,
  command: SweptCommand,
  result: CliResult,
): Promise<Complaints> {
  const { code, stdout, stderr } = result;
  const is = { inFiles: presence(command, textsOf(store)), commits: commitsOf(command, store, template) };
  const should = code === 0 ? { inFiles: "there", commits: 1 } : { inFiles: "absent", commits: 0 };
  const isAsSaid = is.inFiles === should.inFiles && is.commits === should.commits;
  return [
    ...([0, 1, 3].includes(code ?? -1) ? [] : [`exit ${code}: ${stderr.trim()}`]),
    ...(code !== 0 || command.says.test(stdout) ? [] : [`it printed: ${stdout}`]),
    ...(isAsSaid ? [] : [`exit ${code}, and the change is ${is.inFiles} in the files and in ${is.commits} commits`]),
    ...(await whatIsWrong(store, git(template.repo, "rev-parse", "HEAD"))),
  ];
}

/** Tries the calls of every walk, some at once. */
async function tryAll(template: TempStore, walks: readonly Walk[]): Promise<readonly Tried[]> {
  const dir = tempDir();
  const tried: Tried[] = [];
  const points = (function* () {
    for (const walk of walks) yield* pointsOf(walk);
  })();
  const worker = async (): Promise<void> => {
    for (const { point, walk } of points) {
      const one = await tryPoint(template, point, path.join(dir, randomUUID(), "p"));
      tried.push(one);
      walk.isOver ||= one.ending === "never stopped";
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return tried;
}

/** More than any command makes. */
const MAX_CALLS = 1_000;

/** The points of a walk, until it is over. */
function* pointsOf(walk: Walk): Generator<{ readonly point: Point; readonly walk: Walk }> {
  const { command, reads, first, stride, modes } = walk;
  for (let n = 0; !walk.isOver && n < MAX_CALLS; n++) {
    const points = modes(n).map((mode) => ({ command, at: first + n * stride, reads, mode }));
    for (const point of points) if (new RegExp(ONLY).test(describePoint(point))) yield { point, walk };
  }
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
  ["own", false, 130],
  ["inline", true, 260],
] as const)("a command that stands still at a call of the disk, %s store", (kind, inline, stride) => {
  const cleanUp = laterCleanUp();
  let template: TempStore;
  beforeAll(async () => {
    template = await sweptStore(inline, cleanUp);
    if (!inline) makeObjectFolders(template);
  });

  test("ends in its change, once, or in none; and nobody else is hurt", async () => {
    const tried = await tryAll(
      template,
      SWEPT.flatMap((command) => walksOf(command, stride)),
    );
    tell(kind, tried);
    const wrong = tried.filter(({ complaints }) => complaints.length > 0);
    expect(wrong.map(({ point, complaints }) => `${describePoint(point)}\n  ${complaints.join("\n  ")}`)).toEqual([]);
    if (ONLY === "") expect(new Set(tried.map(({ ending }) => ending))).toContain("made");
  });
});
