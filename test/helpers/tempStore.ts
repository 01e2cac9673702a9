import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { currentHost, type Host } from "../../src/host.ts";
import { initStore } from "../../src/index.ts";
import { makeStore } from "../../src/store/open/makeStore.ts";
import { openStore, type Store } from "../../src/store/open/store.ts";
import { fsck, git } from "./git.ts";
import { gitRepo } from "./gitRepo.ts";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { type CliOptions, type CliResult, runCli } from "./runCli.ts";
import { ayoHere, type HereOptions, runHere } from "./runHere.ts";
import { tempDir } from "./tempDir.ts";

/** Which store a test wants. */
export interface Wanted {
  /** Commits into the project's branch; the project is then a git repository. */
  readonly inline?: boolean;
  /** The project is a git repository with one commit. */
  readonly project?: boolean;
  /** Where the project lies; a new temporary directory unless told. */
  readonly at?: string;
}

/** A store in a temporary directory, and what tests do with one. */
export interface TempStore {
  /** The project: the working directory of commands. */
  readonly dir: string;
  /** `<dir>/.tickets`. */
  readonly tickets: string;
  /** Where git is asked about the tickets: the store's own repository, or the project. */
  readonly repo: string;
  /** Runs a command line as a process; whatever it answers. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Runs one in this process, which proves the same but for what the built program and its process add. */
  here(args: readonly string[], options?: HereOptions): Promise<CliResult>;
  /** Runs a command that must succeed, in this process; its stdout without the last newline. */
  ayo(...args: string[]): Promise<string>;
  /** The answer of such a command with `--json`. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<T>;
  /** The store as a process of its own would open it, for the library. */
  open(host?: Partial<Host>): Store;
  /** A ticket's text on disk. */
  text(id: string): string;
  /** Writes a ticket's text as an editor would: in place. */
  write(id: string, text: string): void;
  /** Names of the ticket files in the top directory. */
  files(): string[];
  /** Subjects of the commits, the newest first. */
  subjects(): string[];
  /** Has git judge: every object whole, nothing to commit. @throws with what git finds */
  judge(): void;
}

/** What the tests' processes know of the machine, as a host for the library. */
export function testHost(cwd: string, overrides: Partial<Host> = {}): Host {
  return currentHost({ cwd, env: hermeticEnv(sharedHome()), ...overrides });
}

/** Makes a store with its first commit; it is removed when the test is finished. */
export async function tempStore({ inline = false, project = inline, at }: Wanted = {}): Promise<TempStore> {
  const dir = at ?? (project ? gitRepo() : tempDir());
  mkdirSync(dir, { recursive: true });
  const store = await makeStore({ dir: path.join(dir, ".tickets") }, { inline }, testHost(dir));
  await initStore(store, {});
  return storeIn(dir, inline);
}

/** Writes tickets by hand, each as its front matter lines: what a test needs to be exactly so. */
export function writeTickets(store: TempStore, tickets: Readonly<Record<string, string>>): void {
  for (const [id, lines] of Object.entries(tickets)) {
    const [title = "", ...keys] = lines.split("\n");
    const status = keys.some((key) => key.startsWith("status:")) ? [] : ["status: open"];
    store.write(id, ["---", `id: ${id}`, ...status, ...keys, "---", `# ${title}`, ""].join("\n"));
  }
}

/** The same shorthands for a store that is, or will be, in `<dir>/.tickets`. */
export function storeIn(dir: string, inline = false): TempStore {
  const tickets = path.join(dir, ".tickets");
  const repo = inline ? dir : tickets;
  const run = (args: readonly string[], options?: CliOptions) => runCli(dir, args, options);
  const ayo = (...args: string[]): Promise<string> => ayoHere(dir, args);
  return {
    dir,
    tickets,
    repo,
    run,
    here: (args, options) => runHere(dir, args, options),
    ayo,
    json: async (...args) => JSON.parse(await ayo(...args, "--json")),
    open: (host) => openStore({ dir: tickets }, testHost(dir, host)),
    text: (id) => readFileSync(path.join(tickets, `${id}.md`), "utf8"),
    write: (id, text) => writeFileSync(path.join(tickets, `${id}.md`), text),
    files: () => readdirSync(tickets).filter((name) => name.endsWith(".md")),
    subjects: () => git(repo, "log", "--format=%s").split("\n"),
    judge: () => {
      fsck(repo);
      const status = git(repo, "status", "--porcelain");
      if (status !== "") throw new Error(`git status:\n${status}`);
    },
  };
}
