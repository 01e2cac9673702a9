import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { listTickets } from "../../src/index.ts";
import { type Complaints, commitsOf, nextCommand, presence, whatIsWrong } from "../helpers/expectSwept.ts";
import { git, gitMeanwhile } from "../helpers/git.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import {
  type CutState,
  cutStates,
  type RecordedRun,
  randomOf,
  recordRun,
  restoreState,
  some,
} from "../helpers/powerCut.ts";
import { copyOf, SWEPT, type SweptCommand, sweptStore, type Texts, textsOf, titled } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const IS_LONG = process.env.AYO_LONG === "1";
const SEED = Number(process.env.AYO_SEED ?? Math.floor(Math.random() * 1e9));
/** Only the states whose description holds this, all of them: to look into one that failed. */
const ONLY = process.env.AYO_CUT_ONLY ?? "";
/** How many states of each command are tried, by how far it was, and how they are looked for. */
const TRIED = IS_LONG
  ? { own: { begun: 30, recorded: 120, answered: 100 }, inline: { begun: 30, recorded: 120, answered: 100 } }
  : { own: { begun: 1, recorded: 2, answered: 1 }, inline: { begun: 0, recorded: 1, answered: 1 } };
const LOOK = IS_LONG
  ? { moments: 1_000, isLikely: false, singles: 12, random: 3 }
  : { moments: 12, isLikely: true, singles: 2, random: 1 };
/** States that are tried at once: some of the time goes by waiting for the disk and for git. */
const AT_ONCE = 4;
/** More than are synced one by one. */
const MANY = 70;

vi.setConfig({ testTimeout: IS_LONG || ONLY !== "" ? 14_400_000 : 300_000 });

const importMany: SweptCommand = {
  name: "import of many",
  args: () => ["import", "-", "--from", "jsonl"],
  input: Array.from({ length: MANY }, (_, n) => JSON.stringify({ id: `many-${n}`, title: `Of many ${n}` })).join("\n"),
  commit: /: import 70 tickets/,
  ticket: "t-1",
  parts: (texts) => Array.from({ length: MANY }, (_, n) => titled(texts, `Of many ${n}`) === 1),
  says: /^70 imported/m,
};
const NAMES = ["create", "update", "close", "archive", "batch", "round", "delegate", "project"];
const COMMANDS = [...SWEPT.filter(({ name }) => NAMES.includes(name)), importMany];

/** Opens the store after a power cut: what is wrong with it. */
async function judge(
  since: string,
  store: TempStore,
  command: SweptCommand,
  texts: { before: Texts; after: Texts },
  isAnswered: boolean,
): Promise<Complaints> {
  const { tickets } = await listTickets(store.open(), {});
  const next = await nextCommand(store);
  const found = textsOf(store);
  const [inFiles, commits] = [presence(command, found), await commitsOf(command, store, since)];
  const isWhole = (inFiles === "there" && commits === 1) || (inFiles === "absent" && commits === 0 && !isAnswered);
  const lost = await gitMeanwhile(store.repo, "rev-list", `HEAD..${since}`);
  const damaged = Object.entries(texts.before).filter(([file, text]) => {
    return found[file] !== text && found[file] !== texts.after[file];
  });
  return [
    ...(tickets.length > 3 ? [] : [`only ${tickets.length} tickets were read`]),
    ...next,
    ...(isWhole
      ? []
      : [
          `the change is ${inFiles} in the files and in ${commits} commits${isAnswered ? ", and was acknowledged" : ""}`,
        ]),
    ...(lost === "" ? [] : ["commits from before are lost"]),
    ...damaged.map(([file]) => `${file} is neither as before nor as after`),
    ...(await whatIsWrong(store, since)).filter((line) => !line.startsWith("temporary file left")),
  ];
}

/** Some of the states of each phase. */
function chosen(kind: "own" | "inline", states: readonly CutState[], random: () => number): readonly CutState[] {
  if (ONLY !== "") return states.filter(({ what }) => what.includes(ONLY));
  return Object.entries(TRIED[kind]).flatMap(([name, count]) => {
    const those = states.filter(({ phase }) => phase === name);
    expect(those.length).toBeGreaterThanOrEqual(Math.min(count, 5));
    return some(those, count, random);
  });
}

/** A run of a command, and the texts that it left. */
interface Recorded {
  readonly run: RecordedRun;
  readonly after: Texts;
}

const told: string[] = [];
afterAll(() => {
  if (IS_LONG) process.stderr.write(`power cut\n${told.join("\n")}\n`);
});

describe.each([
  ["own", false],
  ["inline", true],
] as const)("the power is cut while a command changes an %s store", (kind, inline) => {
  const cleanUp = laterCleanUp();
  let template: TempStore;
  const runs = new Map<string, Recorded>();
  beforeAll(async () => {
    template = await sweptStore(inline, cleanUp);
    const dir = tempDir(cleanUp);
    await Promise.all(
      COMMANDS.map(async (command) => {
        const done = copyOf(template, path.join(dir, command.name, "p"));
        const run = await recordRun(done, command.args(done), command.input);
        runs.set(command.name, { run, after: textsOf(done) });
      }),
    );
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))("%s", async (name, command) => {
    const dir = tempDir();
    const { run, after } = runs.get(name) as Recorded;
    const texts = { before: textsOf(template), after };
    const since = git(template.repo, "rev-parse", "HEAD");
    const states = cutStates(run, { ...LOOK, seed: SEED });
    const tried = chosen(kind, states, randomOf(SEED));
    const wrong: string[] = [];
    const next = tried.values();
    const worker = async (): Promise<void> => {
      for (const state of next) {
        const at = path.join(dir, randomUUID(), "p");
        const store = restoreState(template, run, state, at);
        const complaints = await judge(since, store, command, texts, state.phase === "answered").catch(
          (error: Error) => [`it failed: ${error.message}`],
        );
        if (complaints.length === 0) rmSync(path.dirname(at), { recursive: true, force: true });
        else wrong.push(`${state.what} (AYO_SEED=${SEED})\n  ${complaints.join("\n  ")}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const counts = Object.keys(TRIED[kind]).map((one) => `${tried.filter(({ phase }) => phase === one).length} ${one}`);
    told.push(`${kind}, ${name}: ${run.steps.length} steps, ${states.length} states, tried ${counts.join(", ")}`);
    expect(wrong).toEqual([]);
  });
});
