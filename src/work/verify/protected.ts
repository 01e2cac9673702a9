import { patternTest } from "../../store/allow/protectedPaths.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { commitAt, forkOf } from "../worktrees/baseOf.ts";
import { readCopies, readStart, type Sums } from "../worktrees/begun.ts";
import { expectGit, gitOn, type RunGit } from "../worktrees/gitAt.ts";
import { listed } from "./checkout.ts";

/** What an entry says of the paths by which work is judged. */
export interface Protecting {
  /** The ticket. */
  readonly id: string;
  readonly head: string;
  /** The branch that agents.yml names. */
  readonly base: string | undefined;
  readonly protect: readonly string[];
  /** Files that were copied from the project to where it was run. */
  readonly copies: Sums;
  readonly isByAgent: boolean;
}

/**
 * Why a command that passed proves nothing by itself: the work changed what it is judged by, such as tests or their
 * configuration. In a sentence without a subject; undefined where it did not.
 */
export async function changedProtected(project: WorkProject, about: Protecting): Promise<string | undefined> {
  if (about.protect.length === 0) return undefined;
  const copies = changedCopies(project, about);
  const why =
    copies.length > 0
      ? `in the project these are not as they were when it began: ${listed(copies)}`
      : await changedCommits(project, about);
  return why === undefined ? undefined : `passed, and a person has to look: ${why}`;
}

/** The same of what is in the commits. */
async function changedCommits(
  project: WorkProject,
  { id, head, base, protect, isByAgent }: Protecting,
): Promise<string | undefined> {
  const git = gitOn(project);
  const start = readStart(project, id);
  const fork = await forkOf(project, base, head);
  if (start === undefined && fork === undefined) return "there is no base that the work could be compared with";
  if (start === undefined && fork === head) {
    // What a person has run on the base itself is that person's to judge.
    return isByAgent ? "the work is on its base already, so that nothing tells what it changed" : undefined;
  }
  if (start !== undefined && (await commitAt(git, start)) === undefined)
    return "the commit that the work began at is gone";
  const sinceStart = await changedBetween(git, { from: start ?? head, head, protect });
  const isNewer = fork !== undefined && (start === undefined || (await isAncestor(git, start, fork)));
  const sinceFork = isNewer ? await changedBetween(git, { from: fork, head, protect }) : sinceStart;
  if (sinceFork.length > 0) return `the work changed ${listed(sinceFork)}`;
  // The base has it too by now. Whoever put it there, agents can move branches.
  return sinceStart.length === 0 ? undefined : `the work began before these were changed: ${listed(sinceStart)}`;
}

/** Of what the work does not carry, and the project has changed since it began: whoever did that. */
function changedCopies(project: WorkProject, { id, protect, copies }: Protecting): string[] {
  const before = readCopies(project, id);
  if (before === undefined) return [];
  const tests = protect.map(patternTest);
  const names = [...new Set([...before.keys(), ...copies.keys()])].filter((name) => tests.some((test) => test(name)));
  return names.filter((name) => before.get(name) !== copies.get(name)).sort();
}

async function isAncestor(git: RunGit, older: string, newer: string): Promise<boolean> {
  return (await git(["merge-base", "--is-ancestor", older, newer])).code === 0;
}

interface Between {
  readonly from: string;
  readonly head: string;
  readonly protect: readonly string[];
}

async function changedBetween(git: RunGit, { from, head, protect }: Between): Promise<string[]> {
  const patterns = protect.map((one) => `:(top,glob)${one}`);
  const words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", from, head, "--", ...patterns];
  return (await expectGit(git(words), "the work cannot be compared with its base")).split("\0").filter(Boolean);
}
