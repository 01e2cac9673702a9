import { createHash } from "node:crypto";
import { cpSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bootId } from "../../src/processes.ts";
import { type Choices, type Content, diskModel, readTree, type Step, type Tree } from "./diskModel.ts";
import { storeIn, type TempStore } from "./tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "recordDisk.cjs");

/** A run of a command, call by call. */
export interface RecordedRun {
  readonly before: Tree;
  readonly steps: readonly Step[];
}

/** How far a command was: its redo record was not there yet, it was, or the command had answered. */
export type Phase = "begun" | "recorded" | "answered";

/** A disk as a power cut may leave it. */
export interface CutState {
  /** When the power was cut, and what then was on the disk. */
  readonly what: string;
  readonly tree: Tree;
  readonly phase: Phase;
}

/**
 * Runs a command that must succeed and records what it does to the disk. What was recorded, played back, must lead to
 * what is on the disk.
 * @throws where it does not: the command changes the disk in a way that the recorder does not know
 */
export async function recordRun(store: TempStore, args: readonly string[], input = ""): Promise<RecordedRun> {
  const log = path.join(store.dir, "..", "steps.json");
  const before = readTree(store.dir);
  const env = { NODE_OPTIONS: `--require=${PRELOAD}`, AYO_DISK_ROOT: store.dir, AYO_DISK_LOG: log };
  const { code, stderr } = await store.run(args, { input, env });
  if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}`);
  const steps = JSON.parse(readFileSync(log, "utf8")) as Step[];
  const disk = diskModel(before);
  for (const step of steps) disk.play(step);
  const unlike = differences(disk.seen(), readTree(store.dir));
  if (unlike.length > 0) throw new Error(`the record does not lead to what is on the disk: ${unlike.join(", ")}`);
  return { before, steps };
}

/** How many of the states are looked for: there are more than can be tried. */
export interface CutOptions {
  /** Moments at which the power is cut, evenly spread; just before the record and after the answer are always among them. */
  readonly moments: number;
  /** Only where the record, git's lock, branch and index, and the tickets' files come or go: where a fault is likely. */
  readonly isLikely: boolean;
  /** Changes of names of which each is missing, or there, alone, and files of which each is torn alone. */
  readonly singles: number;
  /** Random selections of changes of names, at every moment. */
  readonly random: number;
  readonly seed: number;
}

/** Different states that a power cut may leave before, between and after the steps of a run. */
export function cutStates({ before, steps }: RecordedRun, options: CutOptions): CutState[] {
  const disk = diskModel(before);
  const states = new Map<string, CutState>();
  const random = randomOf(options.seed);
  const isMoment = options.isLikely ? isLikely : isChange;
  const stride = Math.ceil(steps.filter(isMoment).length / options.moments);
  let turn = Math.floor(random() * stride);
  let phase: Phase = "begun";
  const collect = (when: string): void => {
    for (const { what, tree } of variants(disk.choices(), options, random)) {
      const key = keyOf(tree, before);
      const known = states.get(key);
      // A state that can come from before the answer and from after it must be good enough for both.
      if (known === undefined || (phase === "answered" && known.phase !== phase)) {
        states.set(key, { what: `${when}; ${what}`, tree, phase });
      }
    }
  };
  for (const [at, step] of steps.entries()) {
    disk.play(step);
    if (step.step === "answer") phase = "answered";
    else if (phase === "begun" && isRecord(step)) phase = "recorded";
    const isAlways = step.step === "answer" || (phase === "begun" && isRecord(steps[at + 1]));
    if (isAlways || (isMoment(step) && turn++ % stride === 0))
      collect(`after step ${at + 1} of ${steps.length} (${describeStep(step)})`);
  }
  return [...states.values()];
}

const isRecord = (step: Step | undefined): boolean => step?.step === "rename" && step.to.includes("/redo/");
const isChange = (step: Step): boolean => step.step !== "open" || step.flags !== "r";
const LIKELY = /\/redo\/|\/refs\/|\/index(?:\.lock)?$|\.md$/;

function isLikely(step: Step): boolean {
  if (step.step === "rename" || step.step === "link") return LIKELY.test(step.to);
  return step.step === "unlink" && LIKELY.test(step.file);
}

/** Puts a state on the disk, as the same machine finds it after it was started again. */
export function restoreState(template: TempStore, { before }: RecordedRun, { tree }: CutState, to: string): TempStore {
  cpSync(template.dir, to, { recursive: true, preserveTimestamps: true });
  for (const [file, bytes] of before) {
    if (tree.get(file) === undefined || isFolder(tree.get(file)) !== isFolder(bytes)) {
      rmSync(path.join(to, file), { recursive: true, force: true });
    }
  }
  for (const [file, bytes] of tree) {
    const full = path.join(to, file);
    const old = before.get(file);
    if (bytes === null) mkdirSync(full, { recursive: true });
    else if (old === undefined || old === null || !old.equals(bytes)) {
      rmSync(full, { force: true });
      writeFileSync(full, inAnotherBoot(file, bytes));
    }
  }
  shareBytes(to, tree);
  return storeIn(to, template.repo === template.dir);
}

/** ayo makes its index.lock as another name of the index to come, and so it is on a disk; `tree` holds bytes only. */
function shareBytes(to: string, tree: Tree): void {
  for (const [file, bytes] of tree) {
    const index = /(?:^|\/)\.git\/index\.lock$/.test(file) ? file.slice(0, -".lock".length) : "";
    if (bytes === null || tree.get(index)?.equals(bytes) !== true) continue;
    rmSync(path.join(to, file));
    linkSync(path.join(to, index), path.join(to, file));
  }
}

const isFolder = (bytes: Buffer | null | undefined): boolean => bytes === null;

/** What ayo wrote about the boot in which it ran. */
function inAnotherBoot(file: string, bytes: Buffer): Buffer {
  if (!/\/ayo\/.*\.json$/.test(file)) return bytes;
  return Buffer.from(bytes.toString("latin1").replaceAll(bootId(), bootId().replaceAll(/[0-9a-f]/g, "0")), "latin1");
}

interface Variant {
  readonly what: string;
  readonly tree: Tree;
}

type Selection = readonly [what: string, keeps: (naming: number) => boolean];

const WAYS: readonly Content[] = ["old", "empty", "half", "zeros"];

/** In which ways the disk may have chosen at one moment. */
function* variants({ namings, files, tree }: Choices, options: CutOptions, random: () => number): Generator<Variant> {
  const singles =
    files === 0
      ? []
      : some(
          Array.from({ length: files }, (_, file) => file),
          options.singles,
          random,
        );
  for (const [names, keeps] of selectionsOf(namings, options, random)) {
    yield { what: `${names}; files: all`, tree: tree(keeps, () => "all") };
    for (const way of files === 0 ? [] : WAYS) {
      yield { what: `${names}; files: ${way}`, tree: tree(keeps, () => way) };
      for (const file of singles) {
        yield { what: `${names}; file ${file}: ${way}`, tree: tree(keeps, (one) => (one === file ? way : "all")) };
      }
    }
  }
}

/** All changes of names, none, all but one, one alone, and random ones. */
function selectionsOf(namings: readonly string[], options: CutOptions, random: () => number): Selection[] {
  const singles = some([...namings.entries()], options.singles, random);
  const selections: Selection[] = [
    ["all names", () => true],
    ["no new names", () => false],
    ...singles.map(([at, what]): Selection => [`without ${what}`, (one) => one !== at]),
    ...singles.map(([at, what]): Selection => [`only ${what}`, (one) => one === at]),
  ];
  for (let n = 0; n < options.random && namings.length > 2; n++) {
    const kept = namings.map(() => random() < 0.5);
    const what = namings.filter((_, at) => kept[at]).join(", ");
    selections.push([`only ${what}`, (one) => kept[one] === true]);
  }
  return selections;
}

/** At most `count` of the values, at random. */
export function some<T>(values: readonly T[], count: number, random: () => number): T[] {
  if (values.length <= count) return [...values];
  const drawn = values.map((value) => [random(), value] as const).sort(([left], [right]) => left - right);
  return drawn.slice(0, count).map(([, value]) => value);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function describeStep(step: Step): string {
  if ("from" in step) return `${step.step} ${step.from} -> ${step.to}`;
  if ("file" in step) return `${step.step} ${step.file}`;
  return "handle" in step ? `${step.step} handle ${step.handle}` : step.step;
}

/** What tells a tree from others: in what it is unlike the one from before. */
function keyOf(tree: Tree, before: Tree): string {
  const parts = [String(tree.size)];
  for (const [file, bytes] of tree) {
    const old = before.get(file);
    if (old !== bytes) parts.push(`${file}\0${bytes === null ? "folder" : digestOf(bytes)}`);
  }
  return createHash("sha1").update(parts.sort().join("\n")).digest("hex");
}

const digests = new WeakMap<Buffer, string>();
/** Most files are the same buffers in thousands of trees. */
function digestOf(bytes: Buffer): string {
  const known = digests.get(bytes) ?? createHash("sha1").update(bytes).digest("hex");
  digests.set(bytes, known);
  return known;
}

function differences(left: Tree, right: Tree): string[] {
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => {
    const [one, other] = [left.get(name), right.get(name)];
    if (one === undefined || other === undefined) return true;
    return one === null || other === null ? one !== other : !one.equals(other);
  });
}
