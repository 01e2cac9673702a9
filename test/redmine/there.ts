import { inject } from "vitest";
import { cutMark } from "../../src/trackers/github/marker.ts";
import type { IssueNode, JournalNode } from "./adapter/nodes.ts";

/** A project of the Redmine, and what people do in it. */
export interface There {
  readonly project: number;
  /** The number of a new issue. */
  readonly create: (subject: string, over?: Readonly<Record<string, unknown>>) => Promise<number>;
  readonly update: (id: number, over: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly note: (id: number, text: string) => Promise<void>;
  readonly editNote: (journal: number, text: string) => Promise<void>;
  readonly relate: (blocker: number, blocked: number) => Promise<number>;
  readonly unrelate: (relation: number) => Promise<void>;
  readonly remove: (id: number) => Promise<void>;
  readonly issue: (id: number) => Promise<IssueNode>;
  readonly issues: () => Promise<readonly IssueNode[]>;
}

let projects = 0;

/** Asks as somebody. @throws with what Redmine says against it */
async function ask<T>(key: string, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { "X-Redmine-API-Key": key, "Content-Type": "application/json" };
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(new URL(path, inject("redmine").url), { method, headers, ...json });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text.trim() === "" ? undefined : JSON.parse(text)) as T;
}

/** Makes a project, of which Mara and Jo are members. */
export async function newProject(): Promise<There> {
  const { people, role } = inject("redmine");
  const [boss, mara] = [people.admin.key, people.mara.key];
  const identifier = `p-${process.pid}-${projects++}`;
  type Made = { readonly project: { readonly id: number } };
  const made = await ask<Made>(boss, "POST", "/projects.json", { project: { name: identifier, identifier } });
  const project = made.project.id;
  for (const { id: user_id } of [people.mara, people.jo])
    await ask(boss, "POST", `/projects/${project}/memberships.json`, { membership: { user_id, role_ids: [role] } });
  const issue = async (id: number): Promise<IssueNode> =>
    (await ask<{ issue: IssueNode }>(mara, "GET", `/issues/${id}.json?include=journals,relations`)).issue;
  return {
    project,
    issue,
    create: async (subject, over = {}) => {
      const body = { issue: { project_id: project, tracker_id: 1, subject, ...over } };
      return (await ask<{ issue: IssueNode }>(mara, "POST", "/issues.json", body)).issue.id;
    },
    update: async (id, over) => await ask(mara, "PUT", `/issues/${id}.json`, { issue: over }),
    note: async (id, notes) => await ask(mara, "PUT", `/issues/${id}.json`, { issue: { notes } }),
    editNote: async (journal, notes) => await ask(boss, "PUT", `/journals/${journal}.json`, { journal: { notes } }),
    relate: async (blocker, blocked) => {
      const body = { relation: { issue_to_id: blocked, relation_type: "blocks" } };
      const said = await ask<{ relation: { id: number } }>(mara, "POST", `/issues/${blocker}/relations.json`, body);
      return said.relation.id;
    },
    unrelate: async (relation) => await ask(mara, "DELETE", `/relations/${relation}.json`),
    remove: async (id) => await ask(mara, "DELETE", `/issues/${id}.json`),
    issues: async () => {
      const path = `/issues.json?project_id=${project}&status_id=*&sort=id&limit=100&include=relations`;
      return (await ask<{ issues: IssueNode[] }>(mara, "GET", path)).issues;
    },
  };
}

/** A text there without its mark, and with our ends of lines. */
export const plain = (text: string | null | undefined): string => cutMark(text ?? "").text.replaceAll("\r\n", "\n");

/** What was said of an issue. */
export const said = ({ journals = [] }: IssueNode): readonly JournalNode[] => journals.filter(({ notes }) => notes);
