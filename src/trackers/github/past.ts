import type { PastChange, Scalar, Value } from "../provider.ts";
import type { Said } from "./ask.ts";
import { authorOf, type IssueNode, labelsOf, listOf, TIME, type UserNode } from "./nodes.ts";
import { PAGE, type Session } from "./session.ts";
import { stateBy } from "./states.ts";

/** Something that happened to an issue, as far as it is looked at. */
export interface EventNode {
  readonly event?: string;
  readonly created_at?: string | null;
  readonly actor?: UserNode | null;
  readonly rename?: { readonly from?: string; readonly to?: string };
  readonly state_reason?: string | null;
  readonly assignee?: UserNode | null;
  readonly label?: { readonly name?: string };
  readonly parent_issue?: { readonly number?: number; readonly repository?: { readonly full_name?: string } } | null;
}

/** With fewer at the end the page before is read too. */
const FEW = 20;

/** The last that happened to an issue: timelines begin with the first. */
export async function readPast(session: Session, node: IssueNode): Promise<readonly PastChange[]> {
  const read = async (path: string): Promise<Said<readonly EventNode[]>> => await session.ask({ method: "GET", path });
  const first = await read(`${session.base}/issues/${node.number}/timeline?per_page=${PAGE}`);
  const last = first.last === undefined ? first : await read(first.last);
  const end = eventsOf(last);
  const isShort = last !== first && end.length < FEW && last.prev !== undefined;
  const before = isShort ? eventsOf(await read(last.prev ?? "")) : [];
  return pastOf([...before, ...end], node, session.marks);
}

const eventsOf = ({ value }: Said<readonly EventNode[]>): readonly EventNode[] =>
  listOf(value, "its list").filter((event) => typeof event === "object" && event !== null);

type Values = Partial<Record<Scalar, Value>>;
interface Change {
  readonly from?: Values;
  readonly to?: Values;
  readonly labels?: readonly string[];
}

/**
 * What an issue's timeline tells of what we keep, the newest first. Of texts it tells nothing. What lacks something is left
 * out: the past is the best that can be known, and nothing stands or falls with it.
 */
export function pastOf(
  events: readonly EventNode[],
  node: IssueNode,
  marks: readonly string[] = [],
): readonly PastChange[] {
  const [first, ...others] = (node.assignees ?? []).map(({ login }) => login);
  const isMark = (name: string): boolean => marks.some((mark) => mark.toLowerCase() === name.toLowerCase());
  const told: Told = {
    ...{ closed: undefined, first, others, repository: node.repository_url, isMark },
    ...{ hasMarks: marks.length > 0, isMarked: labelsOf(node).some(isMark) },
  };
  const found: PastChange[] = [];
  for (const event of events) {
    const change = READERS[event.event ?? ""]?.(event, told);
    if (change === undefined || !TIME.test(event.created_at ?? "")) continue;
    const { from = {}, to = {}, labels = [] } = change;
    const touched = [...new Set([...Object.keys(from), ...Object.keys(to)])] as Scalar[];
    found.push({ at: event.created_at ?? "", by: authorOf(event.actor), from, to, labels, touched });
  }
  return found.reverse();
}

interface Told {
  /** Why it was closed last. */
  closed: string | undefined;
  /** Who has it now, as we see it, and who else. */
  readonly first: string | undefined;
  readonly others: readonly string[];
  readonly repository: string;
  /** Whether a label says what state an issue is in, whether any does, and whether it bears one now. */
  readonly isMark: (name: string) => boolean;
  readonly hasMarks: boolean;
  readonly isMarked: boolean;
}

const READERS: Readonly<Record<string, (event: EventNode, told: Told) => Change | undefined>> = {
  renamed: ({ rename }) => {
    const { from, to } = rename ?? {};
    return typeof from === "string" && typeof to === "string"
      ? { from: { title: from }, to: { title: to } }
      : undefined;
  },
  closed: ({ state_reason }, told) => {
    const reason = state_reason ?? "completed";
    told.closed = reason;
    // What it bore till then is told apart.
    return { from: told.hasMarks ? {} : { status: "open" }, to: { status: reason } };
  },
  reopened: (_, told) => {
    return {
      from: told.closed === undefined ? {} : { status: told.closed },
      to: told.isMarked ? {} : { status: "open" },
    };
  },
  assigned: ({ assignee }, told) => {
    const login = assignee?.login;
    // Who has it besides is none of ours.
    return typeof login !== "string" || told.others.includes(login) ? undefined : { to: { assignee: login } };
  },
  unassigned: ({ assignee }, told) => {
    const login = assignee?.login;
    if (typeof login !== "string") return undefined;
    // In between nobody has it, when it goes from one to another.
    return { from: { assignee: login }, ...(told.first === undefined ? { to: { assignee: null } } : {}) };
  },
  labeled: (event, told) => labelled(event, told, (status) => ({ to: { status } })),
  unlabeled: (event, told) => labelled(event, told, (status) => ({ from: { status } })),
  parent_issue_added: (event, told) => {
    const parent = parentIn(event, told);
    return parent === undefined ? undefined : { to: { parent } };
  },
  parent_issue_removed: (event, told) => {
    const parent = parentIn(event, told);
    return parent === undefined ? undefined : { from: { parent } };
  },
};

function labelled({ label }: EventNode, { isMark }: Told, ofStatus: (status: string) => Change): Change | undefined {
  const name = label?.name;
  if (typeof name !== "string") return undefined;
  return isMark(name) ? ofStatus(stateBy(name)) : { labels: [name] };
}

/** An issue of the same repository. */
function parentIn({ parent_issue }: EventNode, { repository }: Told): string | undefined {
  const { number, repository: other } = parent_issue ?? {};
  const isHere = repository.toLowerCase().endsWith(`/repos/${other?.full_name}`.toLowerCase());
  return Number.isSafeInteger(number) && isHere ? String(number) : undefined;
}
