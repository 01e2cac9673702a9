import os from "node:os";
import path from "node:path";
import { inheritedBy } from "../../store/allow/environment.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { absolutePaths } from "../worktrees/gitAt.ts";

/**
 * What a command gets of an agent that calls: any other variable may be the agent's own, and have a shell, a compiler or
 * a test's program do less or load other code. Whoever needs more writes it into the command.
 */
const HARMLESS = /^(?:HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|XDG_[A-Z_]+)$/;

/** Who calls, and the name that all processes of the command carry. */
export interface CommandFor {
  readonly run: string;
  readonly ticket: string;
  readonly dir: string;
  readonly isByAgent: boolean;
}

/**
 * The environment of a command that proves work: no secrets, and no programs from where agents work: whoever enters a
 * folder by direnv or mise has its PATH, and so has whoever calls from there.
 */
export function commandEnvironment(project: WorkProject, { run, ticket, dir, isByAgent }: CommandFor) {
  const { host, top, folder } = project;
  const kept = Object.entries(inheritedBy(host, [])).filter(([name]) => !isByAgent || HARMLESS.test(name));
  const closed = [top, folder, os.tmpdir(), "/tmp", "/var/tmp"].flatMap((one) => one ?? []);
  const programs = absolutePaths(host.env.PATH)
    .split(path.delimiter)
    .filter((one) => !closed.some((around) => one === around || one.startsWith(`${around}${path.sep}`)));
  return {
    ...Object.fromEntries(kept),
    CI: "true",
    PATH: programs.join(path.delimiter),
    PWD: dir,
    AYO_RUN: run,
    AYO_TICKET: ticket,
    // What it starts is nobody's but the work's own: it approves nothing, and holds no claim.
    AYO_AGENT: "@verify",
  };
}
