import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { identityFrom, readGitConfig } from "../git/gitConfig.ts";
import { discoverRepository, type Repository } from "../git/repository.ts";
import type { Host } from "../host.ts";

/** Who makes a change. */
export interface Actor {
  /** `@coder` for an agent, else a person's name. */
  readonly name: string;
  readonly email: string;
  readonly agent: boolean;
}

/** Variables that agents' harnesses set for the commands they run. */
const HARNESSES: readonly (readonly [variable: string, name: string])[] = [
  ["CLAUDECODE", "claude"],
  ["CODEX_SANDBOX", "codex"],
  ["CODEX_THREAD_ID", "codex"],
  ["GEMINI_CLI", "gemini"],
  ["CURSOR_AGENT", "cursor"],
  ["OPENCODE", "opencode"],
];

/** The file in a linked worktree's private git directory that names its agent. */
export const AGENT_FILE = "ayo-agent";

/**
 * The actor (design.md section 5): `--as`, AYO_AGENT, the worktree's agent, a known harness, else the person.
 * @throws bad_usage for a name that is none
 */
export function actorOf(as: string | undefined, store: { readonly dir: string; readonly host: Host }): Actor {
  const { host } = store;
  if (as !== undefined) return agent(as, "--as");
  if (host.env.AYO_AGENT) return agent(host.env.AYO_AGENT, "AYO_AGENT");
  const here = discoverRepository(host.cwd);
  const linked = here !== undefined && here.gitDir !== here.commonDir;
  const joined = linked ? readName(path.join(here.gitDir, AGENT_FILE)) : undefined;
  if (joined !== undefined) return agent(joined, AGENT_FILE);
  const harness = HARNESSES.find(([variable]) => host.env[variable]);
  if (harness !== undefined) {
    return agent(linked ? `${harness[1]}-${worktreeName(here)}` : harness[1], harness[0]);
  }
  // In the store's own repository nobody has configured a name; the project around it knows its user.
  return here === undefined || here.worktree === store.dir ? personOf(store) : person(host, here);
}

/** The person who works in a store: the git user of the project around it, committer of every change. */
export function personOf(store: { readonly dir: string; readonly host: Host }): Actor {
  return person(store.host, discoverRepository(path.dirname(store.dir)));
}

/** The git user, or the operating system's where git has no identity: committer, and author of hand edits. */
function person(host: Host, repository: Repository | undefined): Actor {
  const config = readGitConfig(repository, { ...host.env, HOME: host.home });
  const identity = identityFrom(config, host.env);
  const name = identity?.name ?? host.user;
  return { name, email: identity?.email ?? `${host.user}@localhost`, agent: false };
}

function agent(text: string, from: string): Actor {
  const name = text.startsWith("@") ? text.slice(1) : text;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new AyoError("bad_usage", `${from}: '${text}' is not an agent's name: use letters, digits, '.', '_' and '-'`);
  }
  return { name: `@${name}`, email: `${name}@agents.ayo.invalid`, agent: true };
}

function worktreeName(repository: Repository): string {
  return path.basename(repository.worktree).replaceAll(/[^A-Za-z0-9._-]/g, "-");
}

function readName(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The harness whose variables are set, by the name of its agents. */
export function knownHarness(env: Host["env"]): string | undefined {
  return HARNESSES.find(([variable]) => env[variable])?.[1];
}

/** The top of the worktree that the working directory is in, or that directory itself outside git. */
export function projectDir(host: Host): string {
  return discoverRepository(host.cwd)?.worktree ?? host.cwd;
}
