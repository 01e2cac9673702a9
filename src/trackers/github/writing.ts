import {
  type Provider,
  type RemoteComment,
  type RemoteItem,
  type RemoteRelation,
  type RemoteWrite,
  TrackerError,
  type Written,
} from "../provider.ts";
import { afterWrite } from "../shape.ts";
import type { Said } from "./ask.ts";
import { type CommentNode, commentOf, type IssueNode, itemOf, relationKey, relationsOf, whole } from "./nodes.ts";
import { allPages, allSince, numberOf, type Session, seen, seenComment, timeOf } from "./session.ts";
import { stepsOf } from "./steps.ts";

type Of<K extends RemoteWrite["kind"]> = RemoteWrite & { readonly kind: K };

/** What a write sends, as it is printed. */
export function requestOf(write: RemoteWrite, session: Session): ReturnType<Provider["requestOf"]> {
  const steps = stepsOf(write, session);
  const [first] = steps;
  if (first === undefined || steps.length > 1) return { operation: write.kind, variables: { requests: steps } };
  return { operation: `${first.method} ${first.path}`, variables: (first.body ?? {}) as Record<string, unknown> };
}

/** Writes once, and answers what is then there. GitHub takes no names of ours: what we make bears a mark instead. */
export async function writeTo(session: Session, write: RemoteWrite): Promise<Written> {
  switch (write.kind) {
    case "create": {
      const node = await create(session, write.key, write);
      return { item: afterWrite(() => made(session, write.key, node)) };
    }
    case "update": {
      const node = await update(session, write.key, write);
      return { item: afterWrite(() => itemOf(seen(session, node), session.marks)) };
    }
    case "comment":
    case "editComment":
      return await say(session, write);
    case "relate":
      return await relate(session, write);
    case "unrelate": {
      await known(session, write.key.split("-")[0] ?? "");
      // What takes something away may have nothing to say.
      for (const step of stepsOf(write, session)) {
        const { value } = await session.ask<object>(step);
        if (value !== undefined) afterWrite(() => whole(value, "what was written"));
      }
      return {};
    }
  }
}

/** Something that we have just made is ours, whoever GitHub says made it. */
function made(session: Session, key: string, node: IssueNode): RemoteItem {
  const item = itemOf(seen(session, node), session.marks);
  session.made.set(key, item.key);
  return { ...item, made: key };
}

async function create(session: Session, key: string, write: RemoteWrite): Promise<IssueNode> {
  if (session.made.has(key)) throw new TrackerError("exists", "GitHub: it is there already");
  const before = session.at;
  const make = async (): Promise<IssueNode> => await only<IssueNode>(session, write);
  return await orFound(make, async () => {
    if (before === undefined) return undefined;
    const all = await allSince<IssueNode>(session, `${session.base}/issues?state=all`, timeOf(before - 2000));
    return all.find((node) => itemOf(node, session.marks).made === key);
  });
}

/** The answer of a write of one request. */
async function only<T extends object>(session: Session, write: RemoteWrite): Promise<T> {
  const [step] = stepsOf(write, session);
  if (step === undefined) throw new TrackerError("broken", "GitHub: nothing to send");
  const { value } = await session.ask<T>(step);
  return afterWrite(() => whole(value, "what was written"));
}

/** Makes something; where no answer came, looks whether it is there after all. */
async function orFound<T>(make: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "ambiguous") throw error;
    const found = await orUnsure(look, error);
    if (found === undefined) throw error;
    return found;
  }
}

/** Looks after something was sent: where that fails, nobody knows still what became of it. */
async function orUnsure<T>(look: () => Promise<T>, unsure: TrackerError): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof TrackerError) throw unsure;
    throw error;
  }
}

async function update(session: Session, key: string, write: RemoteWrite): Promise<IssueNode> {
  const number = numberOf(session, key);
  await known(session, number);
  let last: IssueNode | undefined;
  for (const step of stepsOf(write, session)) {
    const ask = async (): Promise<Said<IssueNode>> => await session.ask<IssueNode>(step);
    const isLabel = step.method === "DELETE" && step.path.includes("/labels/");
    // Left open, what we close anew would look as if somebody had opened it: so it is said twice.
    const said = await (isLabel ? orNothing(ask) : last === undefined ? ask() : orFound(ask, ask));
    last = step.method === "PATCH" ? said?.value : undefined;
  }
  return last ?? (await read(session, number));
}

/** A label that is not on an issue any more is as good as taken off. */
async function orNothing<T>(doing: () => Promise<T>): Promise<T | undefined> {
  try {
    return await doing();
  } catch (error) {
    if (error instanceof TrackerError && error.fault === "gone") return undefined;
    throw error;
  }
}

async function read(session: Session, number: string): Promise<IssueNode> {
  const said = await session.ask<IssueNode>({ method: "GET", path: `${session.base}/issues/${number}` });
  if (said.isMoved) throw new TrackerError("gone", `GitHub: #${number} was moved to another repository`);
  return said.value;
}

/** Reads an issue whose other number is not known yet. */
async function known(session: Session, key: string): Promise<void> {
  const number = numberOf(session, key);
  if (/^\d+$/.test(number) && !session.issues.has(number)) seen(session, await read(session, number));
}

async function say(session: Session, write: Of<"comment"> | Of<"editComment">): Promise<Written> {
  if (write.kind === "comment" && session.madeComments.has(write.key)) {
    throw new TrackerError("exists", "GitHub: it is there already");
  }
  const node = await (write.kind === "comment"
    ? orFound(
        async () => await only<CommentNode>(session, write),
        async () => await commentMade(session, write),
      )
    : orNothing(async () => await only<CommentNode>(session, write)));
  if (node === undefined) return { comment: goneComment(write.key, write.kind === "editComment" ? write.body : "") };
  const comment = afterWrite(() => commentOf(seenComment(session, node)));
  if (comment === undefined) throw new TrackerError("ambiguous", "GitHub: an answer without the comment");
  return { comment };
}

async function commentMade(session: Session, write: Of<"comment">): Promise<CommentNode | undefined> {
  const path = `${session.base}/issues/${numberOf(session, write.item)}/comments`;
  const all = await allPages<CommentNode>(session, path);
  return all.find((node) => commentOf(node)?.made === write.key);
}

/** A comment that was deleted there: no list tells that. */
function goneComment(key: string, body: string): RemoteComment {
  return { key, item: "", body, by: undefined, createdAt: "", updatedAt: "", away: true };
}

async function relate(session: Session, write: Of<"relate">): Promise<Written> {
  const [blocker, blocked] = [numberOf(session, write.blocker), numberOf(session, write.blocked)];
  await known(session, blocker);
  try {
    await only(session, write);
  } catch (error) {
    if (!(error instanceof TrackerError) || error.fault !== "refused") throw error;
    await known(session, blocked);
    const isThere = (await blockersOf(session, blocked)).some((one) => one.blocker === blocker);
    if (!isThere) throw error;
  }
  return { relation: relationKey(blocker, blocked) };
}

async function blockersOf(session: Session, number: string): Promise<readonly RemoteRelation[]> {
  const node = session.issues.get(number);
  const path = `${session.base}/issues/${number}/dependencies/blocked_by`;
  return node === undefined ? [] : relationsOf(node, await allPages<IssueNode>(session, path), "blockers");
}
