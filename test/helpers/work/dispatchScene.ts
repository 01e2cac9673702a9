import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { RunJson } from "../../../src/actions/runs/runJson.ts";
import { processesWith, signalProcess } from "../../../src/processes.ts";
import { git } from "../git.ts";
import { type Env, hermeticEnv } from "../hermeticEnv.ts";
import { CLI, type CliResult, runCli } from "../runCli.ts";
import { tempDir } from "../tempDir.ts";
import { type TempStore, tempStore } from "../tempStore.ts";

/** The agent without a model, as agents.yml starts it. */
export const SCRIPTED = path.resolve(import.meta.dirname, "scriptedAgent.mjs");

/** One thing that the scripted agent does; see scriptedAgent.mjs. */
export type Turn = Readonly<Record<string, unknown>>;

/** A project whose store has agents that may be started, with a home of its own. */
export interface DispatchScene {
  readonly store: TempStore;
  readonly dir: string;
  readonly env: Env;
  /** A command that must succeed. */
  ayo(...args: string[]): Promise<string>;
  /** A command as a process, whatever it answers. */
  cli(...args: string[]): Promise<CliResult>;
  /** Makes a ticket with a script for its agent, and answers with its id. */
  ticket(title: string, turns: readonly Turn[], ...flags: string[]): Promise<string>;
  /** Starts `ayo work` and lets it go on. */
  work(...args: string[]): Dispatcher;
  /** The same in another environment. */
  workIn(env: Env): Dispatcher;
  /** The runs, the newest first. */
  runs(id?: string): Promise<readonly RunJson[]>;
  /** The front matter and text of a ticket. */
  text(id: string): string;
  /** `done`, as the file says. */
  status(id: string): string;
  /** Notes of runs in a ticket. */
  ends(id: string): readonly string[];
  /** Processes that carry the name of any run. */
  living(): Promise<number>;
}

/** An `ayo work` that goes on. */
export interface Dispatcher {
  readonly child: ChildProcess;
  /** What it printed so far. */
  said(): string;
  /** Waits until it printed something. */
  until(pattern: RegExp, timeoutMs?: number): Promise<void>;
  /** Sends a signal and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** How a scene is made. */
export interface SceneOptions {
  /** Agents by their names, each with more keys in YAML flow style: `max: 4`. */
  readonly agents?: Readonly<Record<string, string>>;
  /** Files of the store. */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands in agents.yml before them. */
  readonly top?: string;
  /** When it is removed; at the end of the test unless told. */
  readonly cleanUp?: (remove: () => void) => void;
}

/** Makes a project with a store whose agents are the scripted one, and allowed. */
export async function dispatchScene({
  agents = { "@coder": "max: 20" },
  top = "",
  files = {},
  cleanUp = onTestFinished,
}: SceneOptions = {}): Promise<DispatchScene> {
  const around = tempDir(cleanUp);
  const store = await tempStore({ project: true, at: newRepo(path.join(around, "shop")) });
  const home = path.join(around, "home");
  const env: Env = {
    HOME: home,
    SCRIPTED_STATE: path.join(home, "state"),
    AYO_RETRY_MS: "50",
    AYO_STOP_MS: "500",
    // What the agents are not given, and what they are.
    HIDDEN_TOKEN: "very-hidden-value",
    GIVEN_KEY: "given-key-value",
  };
  mkdirSync(home, { recursive: true });
  const cli = (...args: string[]): Promise<CliResult> => runCli(store.dir, args, { env, timeoutMs: 120_000 });
  const ayo = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli(...args);
    if (code !== 0) throw new Error(`ayo ${args.join(" ")}: exit ${code}\n${stderr}`);
    return stdout.trimEnd();
  };
  writeFileSync(path.join(store.tickets, "agents.yml"), agentsYml(agents, top));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(store.tickets, name)), { recursive: true });
    writeFileSync(path.join(store.tickets, name), text);
  }
  await ayo("allow", ...Object.keys(agents));
  cleanUp(() => endAll(env));
  const text = (id: string): string => store.text(id);
  return {
    store,
    dir: store.dir,
    env,
    ayo,
    cli,
    ticket: (title, turns, ...flags) => {
      const assignee = flags.includes("-a") || flags.includes("--role") ? [] : ["-a", "@coder"];
      return ayo("ticket", "create", title, "-q", "-d", scriptText(turns), ...assignee, ...flags);
    },
    work: (...args) => startWork(store.dir, env, args, cleanUp),
    workIn: (other) => startWork(store.dir, other, [], cleanUp),
    runs: async (id) => {
      const words = id === undefined ? [] : [id];
      return (JSON.parse(await ayo("run", "list", ...words, "--limit", "1000", "--json")) as { runs: RunJson[] }).runs;
    },
    text,
    status: (id) => /^status: (.*)$/m.exec(text(id))?.[1] ?? "",
    ends: (id) => [...text(id).matchAll(/^Run \d+ of .*$/gm)].map(([line]) => line),
    living: async () => namesOf(env).reduce((all, run) => all + processesWith("AYO_RUN", run).length, 0),
  };
}

function newRepo(dir: string): string {
  mkdirSync(dir);
  git(dir, "init", "--quiet", "--initial-branch", "main");
  writeFileSync(path.join(dir, "readme.txt"), "shop\n");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "-m", "one");
  return dir;
}

/** The block that the scripted agent plays. */
export function scriptText(turns: readonly Turn[]): string {
  return `Do it.\n\n\`\`\`fake\n${JSON.stringify(turns)}\n\`\`\``;
}

function agentsYml(agents: Readonly<Record<string, string>>, top: string): string {
  const entries = Object.entries(agents).map(
    ([name, more]) =>
      `  '${name}': {adapter: command, command: [${process.execPath}, ${SCRIPTED}], env: [SCRIPTED_STATE, GIVEN_KEY]${more === "" ? "" : `, ${more}`}}\n`,
  );
  return `${top}agents:\n${entries.join("")}`;
}

function startWork(dir: string, env: Env, args: readonly string[], cleanUp: (end: () => void) => void): Dispatcher {
  const child = spawn(process.execPath, [CLI, "work", ...args], {
    cwd: dir,
    env: { ...hermeticEnv(String(env.HOME)), ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (said += part));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  cleanUp(() => {
    child.kill("SIGKILL");
  });
  return {
    child,
    said: () => said,
    until: async (pattern, timeoutMs = 20_000) => {
      for (const limit = Date.now() + timeoutMs; !pattern.test(said); ) {
        if (Date.now() > limit) throw new Error(`no ${pattern} in ${timeoutMs} ms:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    end: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
    },
  };
}

/** The names of all runs that were ever started from a home. */
function namesOf(env: Env): string[] {
  const folder = path.join(String(env.HOME), ".local/share/ayo/runs");
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return files
    .filter((name) => name.endsWith("run.json"))
    .map((name) => (JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { run: string }).run);
}

/** A test that failed leaves no agents behind. */
function endAll(env: Env): void {
  for (const run of namesOf(env)) for (const { pid } of processesWith("AYO_RUN", run)) signalProcess(pid, "SIGKILL");
}
