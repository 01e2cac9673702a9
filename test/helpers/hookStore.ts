import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gitRepo } from "./gitRepo.ts";
import type { Env } from "./hermeticEnv.ts";
import { CLI, type CliResult, runCli } from "./runCli.ts";
import { ayoHere } from "./runHere.ts";
import { tempDir } from "./tempDir.ts";

/** A hook that notes what it was called for, a line for each call. */
export const RECORDER = `#!/bin/sh\necho "$AYO_EVENT_ID $AYO_EVENT $AYO_TICKET $AYO_ACTOR" >> "$FIRED"\n`;

/** A project with a store and a home of its own, where approvals are kept. */
export interface HookStore {
  readonly dir: string;
  readonly store: string;
  readonly env: Env;
  /** Runs a command as a process. */
  cli(...args: readonly string[]): Promise<CliResult>;
  /** The stdout of a command that must succeed, run in this process: not where a hook ends the one that calls it. */
  ayo(...args: readonly string[]): Promise<string>;
  /** Puts an executable into hooks/. */
  put(name: string, text?: string): string;
  /** Puts and allows it. */
  hook(name: string, text?: string): Promise<void>;
  /** What {@link RECORDER} noted. */
  fired(): { readonly id: string; readonly event: string; readonly ticket: string; readonly actor: string }[];
  /** The events of `fired`, without `ticket.`. */
  names(): string[];
}

/** Makes a project with a store; the environment has `FIRED` for {@link RECORDER} and `AYO` for hooks that call it. */
export async function hookStore(extra: Env = {}): Promise<HookStore> {
  const dir = gitRepo();
  const store = path.join(dir, ".tickets");
  const scratch = tempDir();
  const file = path.join(scratch, "fired");
  const home = path.join(scratch, "home");
  const env: Env = {
    HOME: home,
    FIRED: file,
    NODE: process.execPath,
    AYO: CLI,
    AYO_HOME: path.join(home, "ayo"),
    ...extra,
  };
  const cli = (...args: readonly string[]): Promise<CliResult> => runCli(dir, args, { env });
  const ayo = (...args: readonly string[]): Promise<string> => ayoHere(dir, args, env);
  const put = (name: string, text = RECORDER): string => {
    const target = path.join(store, "hooks", name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text, { mode: 0o755 });
    return target;
  };
  const fired = (): ReturnType<HookStore["fired"]> => {
    const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    return lines.map((line) => {
      const [id = "", event = "", ticket = "", ...actor] = line.split(" ");
      return { id, event, ticket, actor: actor.join(" ") };
    });
  };
  await ayo("init");
  return {
    dir,
    store,
    env,
    cli,
    ayo,
    put,
    hook: async (name, text) => {
      put(name, text);
      await ayo("hooks", "allow", `hooks/${name}`);
    },
    fired,
    names: () => fired().map(({ event }) => event.replace("ticket.", "")),
  };
}
