import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { identityFrom, readGitConfig } from "../../../git/repository/gitConfig.ts";
import { discoverRepository, mainWorktree, type Repository } from "../../../git/repository/repository.ts";
import type { Host } from "../../../host.ts";
import { outermostWith } from "../../../processes.ts";
import { knownHarness, variableNamed } from "./harness.ts";

/** Who makes a change. */
export interface Actor {
  /** `@coder` for an agent, else a person's name. */
  readonly name: string;
  readonly email: string;
  readonly agent: boolean;
  /** Who it is that goes by the name of this agent, where that is another agent: it may work so, not judge. */
  readonly borrowedBy?: string;
}

/** The variable that tells a run of an agent, which ayo started, from all others. */
export const RUN_VARIABLE = "AYO_RUN";

/** The file in a linked worktree's private git directory that names its agent. */
export const AGENT_FILE = "ayo-agent";

type Place = { readonly dir: string; readonly host: Host };

/**
 * The actor: inside a run or a joined worktree that agent and nobody else, so that no agent approves its own work by
 * calling itself another; elsewhere the first of `--as`, AYO_AGENT, a known harness, and the person.
 * @throws bad_usage for a name that is none, not_you for somebody else's
 */
export function actorOf(as: string | undefined, store: Place): Actor {
  const wanted = as === undefined ? undefined : agent(as, "--as");
  const around = aroundOf(store.host);
  const own = ownAgent(store.host, around);
  if (wanted === undefined) return own?.actor ?? personHere(store, around());
  if (own === undefined || own.actor.name === wanted.name) return wanted;
  if (own.place !== undefined) throw notYou(wanted.name, own.actor.name, own.place);
  return { ...wanted, borrowedBy: own.actor.name };
}

/** The caller by no other name than its own: for reads that only tell somebody who it is. */
export function boundActorOf(as: string | undefined, store: Place): Actor {
  const own = ownAgent(store.host, aroundOf(store.host));
  return own?.place === undefined ? actorOf(as, store) : own.actor;
}

/**
 * Refuses what depends on who one is, where an agent goes by the name of another.
 * @throws not_you
 */
export function assertSelf({ name, borrowedBy }: Actor, what: string): void {
  if (borrowedBy === undefined) return;
  throw new AyoError("not_you", `you are ${borrowedBy}: ${what} as ${name} is not yours to do; leave --as out`, {
    data: { you: borrowedBy, as: name },
  });
}

interface OwnAgent {
  readonly actor: Actor;
  /** Where nobody but this agent is: `this run`, `this worktree`. */
  readonly place?: string;
}

/** The agent that a process is without being told by a flag; undefined for a person. */
function ownAgent(host: Host, around: () => Repository | undefined): OwnAgent | undefined {
  if (host.acting !== undefined) return { actor: host.acting, place: "this pipeline" };
  const inRun = agentOfRun(host);
  if (inRun !== undefined) return { actor: inRun, place: "this run" };
  const named = host.env.AYO_AGENT ? agent(host.env.AYO_AGENT, "AYO_AGENT") : undefined;
  const here = around();
  const linked = here !== undefined && here.gitDir !== here.commonDir;
  const joined = linked ? readName(path.join(here.gitDir, AGENT_FILE)) : undefined;
  if (joined !== undefined) {
    const actor = agent(joined, AGENT_FILE);
    if (named !== undefined && named.name !== actor.name) throw notYou(named.name, actor.name, "this worktree");
    return { actor, place: "this worktree" };
  }
  if (named !== undefined) return { actor: named };
  const harness = knownHarness(host.env);
  if (harness === undefined) return undefined;
  const { name, variable } = harness;
  return { actor: agent(linked ? `${name}-${worktreeName(here)}` : name, variable) };
}

/**
 * The agent of the run that this process is in, whatever its environment says by now: an agent can change its own, not
 * those of its ancestors.
 */
function agentOfRun({ env, pid, request, acting }: Host): Actor | undefined {
  if (acting !== undefined) return undefined;
  const run = outermostWith(RUN_VARIABLE, request?.pid ?? pid) ?? (env[RUN_VARIABLE] ? env : undefined);
  if (run === undefined) return undefined;
  return agent(run.AYO_AGENT || knownHarness(run)?.name || "agent", "AYO_AGENT");
}

/**
 * The same for a hook, which a harness starts without the variables that it gives to commands: `as` is then the name of
 * the harness, and the answer is who its commands are.
 */
export function hookActorOf(as: string | undefined, store: Place): Actor {
  const variable = as === undefined ? undefined : variableNamed(as.replace(/^@/, ""));
  if (variable === undefined) return boundActorOf(as, store);
  const env = { ...store.host.env, [variable]: "1" };
  return boundActorOf(undefined, { ...store, host: { ...store.host, env } });
}

/** The run that a process is in, by its name and ticket, as it was started; undefined outside of runs. */
export function runOf({
  env,
  pid,
  request,
  acting,
}: Host): { readonly id: string; readonly ticket?: string } | undefined {
  if (acting !== undefined) return undefined;
  const run = outermostWith(RUN_VARIABLE, request?.pid ?? pid) ?? (env[RUN_VARIABLE] ? env : undefined);
  if (run === undefined) return undefined;
  return { id: run[RUN_VARIABLE] ?? "", ...(run.AYO_TICKET ? { ticket: run.AYO_TICKET } : {}) };
}

/** The ticket of the run that a process is in; undefined outside of runs. */
export function runTicketOf(host: Host): string | undefined {
  return runOf(host)?.ticket;
}

/** Whether a process is inside a run of an agent that ayo started. */
export function isInRun(host: Host): boolean {
  return agentOfRun(host) !== undefined;
}

function notYou(wanted: string, you: string, place: string): AyoError {
  const leave = place === "this worktree" ? "; 'ayo agents leave' gives the worktree up" : "";
  return new AyoError("not_you", `in ${place} you are ${you}, not ${wanted}${leave}`, { data: { you, as: wanted } });
}

/** The repository around the working directory, looked for once. */
function aroundOf({ cwd }: Host): () => Repository | undefined {
  let found: { readonly here: Repository | undefined } | undefined;
  return () => {
    found ??= { here: discoverRepository(cwd) };
    return found.here;
  };
}

function personHere(store: Place, here: Repository | undefined): Actor {
  // In the store's own repository nobody has configured a name; the project around it knows its user.
  return here === undefined || here.worktree === store.dir ? personOf(store) : person(store.host, here);
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

/** The top of the worktree that the working directory is in, or that directory itself outside git. */
export function projectDir(host: Host): string {
  return discoverRepository(host.cwd)?.worktree ?? host.cwd;
}

/** The main worktree of the repository around the working directory; undefined outside git. */
export function mainDir(host: Host): string | undefined {
  const repository = discoverRepository(host.cwd);
  return repository === undefined ? undefined : mainWorktree(repository);
}
