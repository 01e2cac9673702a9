import type { TempStore } from "../tempStore.ts";
import { type CommandLine, commandLine, type Named, tokenOf } from "./commands.ts";
import { fileOf, idOfTitle } from "./files.ts";
import { type Gits, gitsIn } from "./gits.ts";
import { type Hands, handsOn } from "./hands.ts";
import { type ActorProcess, type Ended, startActor } from "./process.ts";
import type { RunStep, Step } from "./steps.ts";

/** A command that ended, or was killed. */
export interface Told extends CommandLine {
  readonly number: number;
  readonly step: RunStep;
  readonly outcome: "made" | "refused" | "unknown";
  readonly commit?: string;
  readonly deferred?: string;
  /** An error's code. */
  readonly code?: string;
  readonly ended: Ended;
}

/** Where a play is performed, and all that is known of it. */
export interface Stage {
  readonly store: TempStore;
  /** Commands since the last settling. */
  readonly told: Told[];
  /** The play so far as lines of a shell script; see script.ts. */
  readonly script: string[];
  readonly hands: Hands;
  readonly gits: Gits;
  perform(step: Exclude<Step, { do: "settle" }>): Promise<void>;
  /** Lets everybody end, and mends what was broken on purpose. */
  settle(): Promise<void>;
  /** Ends everybody at once. */
  close(): void;
}

/** The tickets that a play begins with. */
export const FIRST = ["t-1", "t-2", "t-3"];

/** Opens a stage on a store that has the {@link FIRST} tickets. */
export function openStage(store: TempStore): Stage {
  const names = [...FIRST];
  const told: Told[] = [];
  const script: string[] = [];
  const actors = new Map<number, { process: ActorProcess; done: Promise<void> }>();
  const live = () => [...actors.values()].map(({ process }) => process).filter((process) => process.isLive());
  const hands = handsOn(
    store,
    () => live().map((process) => process.standsBefore()),
    () => live().length > 0,
  );
  const gits = gitsIn(store);
  let number = 0;

  /** A title stands for the ticket that has it: its id is nobody's to choose. */
  const named = (of: number): Named => {
    const name = names[of % names.length] as string;
    if (!name.startsWith("tok-")) return { word: name, id: name };
    return { word: `$(id ${name})`, id: idOfTitle(store.tickets, name) };
  };

  const finish = async (actor: number): Promise<void> => {
    const running = actors.get(actor);
    if (running === undefined) return;
    // One that has not come to where it stops is waited for there.
    for (; running.process.isLive(); await running.process.still()) running.process.signal("SIGCONT");
    await running.done;
    actors.delete(actor);
  };

  const run = async (step: RunStep): Promise<void> => {
    await finish(step.actor);
    const ticket = named(step.of);
    const other = named(step.other % names.length === step.of % names.length ? step.other + 1 : step.other);
    const line = commandLine(step, number, ticket, other);
    const at = step.at === null ? "- -" : `${step.at.call} ${step.at.by}`;
    script.push(`start ${step.actor} ${step.wait ? "wait" : "go-on"} ${at} ${line.script}`);
    if (["create", "batch"].includes(step.verb)) names.push(line.tokens.at(-1) as string);
    const process = startActor(store.dir, line.args, { input: line.input, at: step.at });
    const mine = number;
    const done = process.ended.then(
      (ended) => void told.push({ ...line, number: mine, step, ended, ...outcomeOf(ended) }),
    );
    actors.set(step.actor, { process, done });
    if (step.wait) await process.still();
  };

  const letGo = async ({ do: what, actor }: Extract<Step, { actor: number; do: "resume" | "kill" }>): Promise<void> => {
    if (!actors.has(actor)) return;
    script.push(`${what === "kill" ? "kill_actor" : "resume"} ${actor}`);
    if (what === "kill") actors.get(actor)?.process.signal("SIGKILL");
    await finish(actor);
  };

  const byHand = ({ what, of }: Extract<Step, { do: "hand" }>): void => {
    const { word, id } = what === "new" ? { word: `h-${number}`, id: `h-${number}` } : named(of);
    const token = tokenOf(number);
    if (!hands.perform(what, { number, token, id, file: fileOf(store.tickets, id) })) return;
    script.push(`hand ${what} ${word} ${token}`);
    if (what === "new") names.push(id);
  };

  const byGit = async ({ what, of }: Extract<Step, { do: "git" }>): Promise<void> => {
    const { word, id } = named(of);
    if (what === "back" || what === "pull") hands.letGo();
    script.push(`by_git ${what} ${word} ${tokenOf(number)}`);
    await gits.perform(what, { token: tokenOf(number), id, isQuiet: live().length === 0 });
  };

  const perform = async (step: Exclude<Step, { do: "settle" }>): Promise<void> => {
    number++;
    if (step.do === "run") return run(step);
    if (step.do === "hand") return byHand(step);
    return step.do === "git" ? byGit(step) : letGo(step);
  };

  return {
    store,
    told,
    script,
    hands,
    gits,
    perform,
    settle: async () => {
      script.push("settle");
      for (const actor of [...actors.keys()].sort()) await finish(actor);
      hands.mend();
    },
    close: () => {
      for (const { process } of actors.values()) process.signal("SIGKILL");
      hands.mend();
    },
  };
}

function outcomeOf({ code, stdout, stderr }: Ended): Pick<Told, "outcome" | "commit" | "deferred" | "code"> {
  if (code === null) return { outcome: "unknown" };
  if (code === 0) {
    const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) as string);
    return { outcome: "made", ...(last.commit == null ? {} : { commit: last.commit }), deferred: last.deferred };
  }
  const [, name] = /"error":\{"code":"(\w+)"/.exec(stderr + stdout) ?? [];
  return { outcome: "refused", code: name ?? `exit ${code}` };
}
