import { TrackerError } from "../../../src/trackers/provider.ts";
import type { Ask } from "./ask.ts";
import { commentsOf, type IssueNode } from "./nodes.ts";

/** Which project is asked, and what was seen of it since the beginning. */
export interface Session {
  readonly ask: Ask;
  readonly url: string;
  readonly project: number;
  readonly tracker: number;
  /** Issues as they were last read, whole. */
  readonly issues: Map<string, IssueNode>;
  /** Keys of issues by the marks in them. */
  readonly made: Map<string, string>;
  /** Issues by the comments that they have. */
  readonly commented: Map<string, string>;
}

const PAGE = 100;
const MORE = "include=relations,journals";

/** The number of an issue: its key, or that of what we made by such a name. */
export const numberOf = ({ made }: Session, key: string): string => made.get(key) ?? key;

/** Whether something is called as Redmine calls it. */
export const isNumber = (key: string): boolean => /^\d+$/.test(key);

/** Remembers an issue that was read whole. */
export function seen(session: Session, node: IssueNode, made: string | undefined): IssueNode {
  const key = String(node.id);
  session.issues.set(key, node);
  const other = made === undefined ? undefined : session.made.get(made);
  if (made !== undefined && (other === undefined || node.id < Number(other))) session.made.set(made, key);
  for (const comment of commentsOf(node)) session.commented.set(comment.key, key);
  return node;
}

/** One issue with all that happened to it; undefined where there is none. */
export async function readIssue({ ask }: Session, number: string): Promise<IssueNode | undefined> {
  try {
    return (await ask<{ readonly issue: IssueNode }>({ method: "GET", path: `/issues/${number}.json?${MORE}` })).issue;
  } catch (error) {
    if (error instanceof TrackerError && error.fault === "gone") return undefined;
    throw error;
  }
}

/** Redmine keeps whole seconds, and takes no others. */
const timeOf = (time: string): string => new Date(Date.parse(time)).toISOString().replace(/\.\d+/, "");

const ALL = "subproject_id=!*&status_id=*";

/** Issues of the project that changed since a time, each as far as lists tell. */
export async function listIssues(
  session: Session,
  since: string | undefined,
  onPage: (count: number) => void = () => undefined,
): Promise<readonly IssueNode[]> {
  const found = new Map<number, IssueNode>();
  const query = `project_id=${session.project}&${ALL}&limit=${PAGE}`;
  for (let from = since === undefined ? undefined : timeOf(since); ; ) {
    const filter = from === undefined ? "" : `&updated_on=${encodeURIComponent(`>=${from}`)}`;
    const issues = await page(session.ask, `${query}&sort=updated_on,id${filter}`);
    onPage(issues.length);
    for (const issue of issues) found.set(issue.id, issue);
    const last = issues.at(-1);
    if (issues.length < PAGE || last === undefined) return [...found.values()];
    // What changes meanwhile moves all behind it one place up: each page begins at the time where the last one ended.
    if (last.updated_on !== from) {
      from = last.updated_on;
      continue;
    }
    // More of one second than a page holds: by their numbers none changes its place, and what changed is read after.
    for (const issue of await byNumber(session.ask, `${query}${filter}`)) found.set(issue.id, issue);
    from = timeOf(new Date(Date.parse(from) + 1000).toISOString());
  }
}

async function byNumber(ask: Ask, query: string): Promise<readonly IssueNode[]> {
  const found: IssueNode[] = [];
  for (let next = 1; ; next = (found.at(-1)?.id ?? 0) + 1) {
    const issues = await page(ask, `${query}&sort=id&issue_id=${encodeURIComponent(`>=${next}`)}`);
    found.push(...issues);
    if (issues.length < PAGE) return found;
  }
}

/** The issues that were made last. */
export async function newestIssues({ ask, project }: Session): Promise<readonly IssueNode[]> {
  return await page(ask, `project_id=${project}&${ALL}&sort=id:desc&limit=${PAGE}`);
}

async function page(ask: Ask, query: string): Promise<readonly IssueNode[]> {
  return (await ask<{ readonly issues: readonly IssueNode[] }>({ method: "GET", path: `/issues.json?${query}` }))
    .issues;
}
