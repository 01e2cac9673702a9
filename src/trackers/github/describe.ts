import { lineOf } from "../lineOf.ts";
import { TrackerError } from "../provider.ts";
import type { Ask } from "./ask.ts";
import { isRepo } from "./isRepo.ts";
import type { Described, MapConfig } from "./mapping.ts";
import { whole } from "./nodes.ts";
import { allPages, openSession, type Session } from "./session.ts";
import { type Column, stateLabels } from "./states.ts";

/** Which of GitHub's repositories is meant, and how. */
export interface GitHubOptions {
  /** `owner/name`. */
  readonly repo: string;
  readonly columns: readonly Column[];
  readonly map: MapConfig;
  /** Its number, where it is known: a repository that was renamed is known by it. */
  readonly repoId?: number | undefined;
}

/** A repository. */
export interface Repository {
  /** It stays when the repository is renamed. */
  readonly id: number;
  readonly name: string;
  readonly isArchived: boolean;
  readonly hasIssues: boolean;
  /** Anybody at all can read it. */
  readonly isPublic: boolean;
}

interface RepoNode {
  readonly id: number;
  readonly full_name: string;
  readonly archived?: boolean;
  readonly has_issues?: boolean;
  readonly private: boolean;
}

/** The repository of a name. @throws TrackerError where this key sees none */
export async function findRepo(ask: Ask, name: string): Promise<Repository> {
  if (!isRepo(name)) throw new TrackerError("refused", `${lineOf(name)} is no repository: give it as owner/name`);
  const { value } = await orThat(ask<RepoNode>({ method: "GET", path: `/repos/${name}` }), name);
  const node = whole(value, "the repository", ["full_name"], ["id"]);
  const { id, full_name, archived = false, has_issues = true, private: isPrivate } = node;
  return { id, name: lineOf(full_name), isArchived: archived, hasIssues: has_issues, isPublic: !isPrivate };
}

/** GitHub does not tell what is not there from what a token may not see. */
async function orThat<T>(asked: Promise<T>, name: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "gone") throw error;
    const message = `GitHub has no repository ${name}, or this token may not see it`;
    throw new TrackerError("gone", message, { cause: error });
  }
}

/** Who asks. */
export async function findViewer(ask: Ask): Promise<{ readonly name: string; readonly isPerson: boolean }> {
  const { value } = await ask<{ readonly login: string; readonly type: string }>({ method: "GET", path: "/user" });
  const { login, type } = whole(value, "who asks", ["login", "type"]);
  return { name: lineOf(login), isPerson: type === "User" };
}

/** Reads a repository's labels, and to whom its issues may be given. */
export async function describeRepo(session: Session, { columns, map }: GitHubOptions): Promise<Described> {
  const labels = await allPages<{ readonly name: string }>(session, `${session.base}/labels`);
  const users = await allPages<{ readonly login: string }>(session, `${session.base}/assignees`);
  return {
    columns,
    config: map,
    labels: labels.map((one) => whole(one, "a label", ["name"]).name),
    logins: users.map((one) => whole(one, "a user", ["login"]).login),
  };
}

/** Begins to ask the repository that is meant. @throws TrackerError for a name that is none */
export function sessionFor(ask: Ask, { repo, map, repoId }: GitHubOptions): Session {
  if (!isRepo(repo)) throw new TrackerError("refused", `${lineOf(repo)} is no repository: give it as owner/name`);
  return openSession(ask, repo, stateLabels(map.states), repoId);
}
