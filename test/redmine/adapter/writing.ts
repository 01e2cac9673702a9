import { withMark } from "../../../src/trackers/github/marker.ts";
import {
  type RemoteComment,
  type RemoteItem,
  type RemotePatch,
  type RemoteRequest,
  type RemoteWrite,
  type Scalar,
  TrackerError,
  type Value,
  type Written,
} from "../../../src/trackers/provider.ts";
import type { Step } from "./ask.ts";
import { commentsOf, type IssueNode, itemOf, NAMES, type RelationNode, relationsOf } from "./nodes.ts";
import { itemSeen } from "./reading.ts";
import { newestIssues, numberOf, readIssue, type Session } from "./session.ts";

type Of<K extends RemoteWrite["kind"]> = RemoteWrite & { readonly kind: K };
type OfItem = Extract<RemoteWrite, { readonly patch: RemotePatch }>;

/** What a write sends. */
export function stepOf(write: RemoteWrite, session: Session): Step {
  switch (write.kind) {
    case "create": {
      const { project: project_id, tracker: tracker_id } = session;
      const issue = { project_id, tracker_id, ...fieldsOf(session, write.patch, write.key) };
      return { method: "POST", path: "/issues.json", body: { issue } };
    }
    case "update": {
      const number = numberOf(session, write.key);
      const issue = fieldsOf(session, write.patch, itemIn(session, number)?.made);
      return { method: "PUT", path: `/issues/${number}.json`, body: { issue } };
    }
    case "comment": {
      const issue = { notes: withMark(write.body, write.key) };
      return { method: "PUT", path: `/issues/${numberOf(session, write.item)}.json`, body: { issue } };
    }
    case "editComment": {
      const made = commentIn(session, write.key)?.made;
      const journal = { notes: withMark(write.body, made) };
      return { method: "PUT", path: `/journals/${write.key}.json`, body: { journal } };
    }
    case "relate": {
      const relation = { issue_to_id: numberOf(session, write.blocked), relation_type: "blocks" };
      return { method: "POST", path: `/issues/${numberOf(session, write.blocker)}/relations.json`, body: { relation } };
    }
    case "unrelate":
      return { method: "DELETE", path: `/relations/${write.key}.json` };
  }
}

/** What a write sends, as it is printed. */
export function requestOf(write: RemoteWrite, session: Session): RemoteRequest {
  const { method, path, body = {} } = stepOf(write, session);
  return { operation: `${method} ${path}`, variables: body };
}

/** Writes once, and answers what is then there: most answers of Redmine's say nothing. */
export async function writeTo(session: Session, write: RemoteWrite): Promise<Written> {
  switch (write.kind) {
    case "create":
      return { item: await create(session, write) };
    case "update":
      return { item: await update(session, write) };
    case "comment":
      return { comment: await comment(session, write) };
    case "editComment":
      return { comment: await editComment(session, write) };
    case "relate":
      return { relation: await relate(session, write) };
    case "unrelate":
      await session.ask(stepOf(write, session));
      return {};
  }
}

const itemIn = (session: Session, number: string): RemoteItem | undefined => {
  const node = session.issues.get(number);
  return node === undefined ? undefined : itemOf(node, session.url, session.project);
};

function commentIn(session: Session, key: string): RemoteComment | undefined {
  const node = session.issues.get(session.commented.get(key) ?? "");
  return node === undefined ? undefined : commentsOf(node).find((one) => one.key === key);
}

function fieldsOf(session: Session, { fields }: RemotePatch, made: string | undefined): Record<string, unknown> {
  const spelled = (field: Scalar, value: Value): Value => {
    if (field === "description") return withMark(String(value ?? ""), made);
    if (field === "parent" && value !== null) return numberOf(session, String(value));
    return value ?? "";
  };
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [NAMES[field as Scalar], spelled(field as Scalar, value)]),
  );
}

/** Makes something; where no answer came, looks whether it is there after all. */
async function orFound<T>(make: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "ambiguous") throw error;
    const found = await look();
    if (found === undefined) throw error;
    return found;
  }
}

/** It was done: that what is then there cannot be read does not undo it. */
async function afterwards<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    throw new TrackerError("ambiguous", error.message, { cause: error });
  }
}

async function create(session: Session, write: OfItem): Promise<RemoteItem> {
  if (session.made.has(write.key)) throw new TrackerError("exists", "Redmine: it is there already");
  const node = await orFound(
    async () => (await session.ask<{ readonly issue: IssueNode }>(stepOf(write, session))).issue,
    async () =>
      (await newestIssues(session)).find((one) => itemOf(one, session.url, session.project).made === write.key),
  );
  return itemSeen(session, node);
}

async function update(session: Session, write: OfItem): Promise<RemoteItem> {
  const number = numberOf(session, write.key);
  // What it bears is sent with its text once more.
  if (!session.issues.has(number)) {
    const before = await readIssue(session, number);
    if (before !== undefined) itemSeen(session, before);
  }
  await session.ask(stepOf(write, session));
  const node = await afterwards(async () => await readIssue(session, number));
  if (node === undefined) throw new TrackerError("gone", `Redmine: #${number} is not there any more`);
  return itemSeen(session, node);
}

async function comment(session: Session, write: Of<"comment">): Promise<RemoteComment> {
  const look = async (): Promise<RemoteComment | undefined> => {
    const node = await readIssue(session, numberOf(session, write.item));
    if (node === undefined) return undefined;
    itemSeen(session, node);
    return commentsOf(node).find(({ made }) => made === write.key);
  };
  const isThere = [...session.issues.values()].some((node) => commentsOf(node).some(({ made }) => made === write.key));
  if (isThere) throw new TrackerError("exists", "Redmine: it is there already");
  const found = await orFound(async () => {
    await session.ask(stepOf(write, session));
    return await afterwards(look);
  }, look);
  if (found === undefined) throw new TrackerError("ambiguous", "Redmine: a comment that is not there");
  return found;
}

async function editComment(session: Session, write: Of<"editComment">): Promise<RemoteComment> {
  const before = commentIn(session, write.key);
  const gone = { key: write.key, item: before?.item ?? "", body: write.body, by: undefined };
  const away = { ...gone, createdAt: "", updatedAt: "", away: true };
  try {
    await session.ask(stepOf(write, session));
  } catch (error) {
    if (error instanceof TrackerError && error.fault === "gone") return away;
    throw error;
  }
  const node = await afterwards(async () => await readIssue(session, before?.item ?? ""));
  if (node === undefined) return away;
  itemSeen(session, node);
  return commentIn(session, write.key) ?? away;
}

async function relate(session: Session, write: Of<"relate">): Promise<string> {
  const [blocker, blocked] = [numberOf(session, write.blocker), numberOf(session, write.blocked)];
  const look = async (): Promise<string | undefined> => {
    const node = await readIssue(session, blocker);
    return node === undefined ? undefined : relationsOf(node).find((one) => one.blocked === blocked)?.key;
  };
  try {
    return await orFound(async () => {
      const said = await session.ask<{ readonly relation: RelationNode }>(stepOf(write, session));
      return String(said.relation.id);
    }, look);
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "refused") throw error;
    const there = await look();
    if (there === undefined) throw error;
    return there;
  }
}
