import {
  type OnPage,
  type Provider,
  type RemoteItem,
  type RemoteWrite,
  TrackerError,
  type Written,
} from "../provider.ts";
import { afterWrite, shapesOf } from "../shape.ts";
import type { Ask } from "./ask.ts";
import { describeTeam, type LinearOptions } from "./describe.ts";
import { mappingOf } from "./mapping.ts";
import { type CommentNode, commentOf, type IssueNode, itemOf, type RelationNode, relationOf } from "./nodes.ts";
import { CHANGED, CHANGED_COMMENTS, CHANGED_RELATIONS, ONE } from "./operations.ts";
import { allPages, PAGE, type Page } from "./pages.ts";
import { PAST, requestOf } from "./requests.ts";

const { whole } = shapesOf("Linear");

type Variables = Readonly<Record<string, unknown>>;

/** A team of Linear's as a tracker. */
export function linearProvider(ask: Ask, options: LinearOptions): Provider {
  return {
    name: "linear",
    describe: async () => mappingOf(await describeTeam(ask, options)),
    ...reading(ask, options),
    ...writing(ask, options),
  };
}

type Reading = Pick<Provider, "items" | "getMany" | "comments" | "relations" | "get" | "find">;
type Writing = Pick<Provider, "requestOf" | "write">;

function reading(ask: Ask, { team }: LinearOptions): Reading {
  const teamFilter = { team: { id: { eq: team } } };
  const issues = async (filter: Variables, onPage?: OnPage): Promise<readonly RemoteItem[]> => {
    const read = async (after: string | null): Promise<Page<IssueNode> | undefined> =>
      (await ask<{ issues?: Page<IssueNode> }>(CHANGED, { filter, first: PAGE, after })).issues;
    return (await allPages(read, onPage)).map((node) => itemOf(node, team));
  };
  const one = async (id: string): Promise<RemoteItem | undefined> => {
    try {
      return itemOf((await ask<{ issue?: IssueNode }>(ONE, { id, last: PAST })).issue, team);
    } catch (error) {
      if (error instanceof TrackerError && error.fault === "gone") return undefined;
      throw error;
    }
  };
  return {
    items: (since, onPage) =>
      issues(since === undefined ? teamFilter : { ...teamFilter, updatedAt: { gte: since } }, onPage),
    getMany: async (keys) => {
      const found: RemoteItem[] = [];
      for (let at = 0; at < keys.length; at += PAGE)
        found.push(...(await issues({ id: { in: keys.slice(at, at + PAGE) } })));
      return found;
    },
    comments: async (since, of, onPage) => {
      const when = since === undefined ? {} : { updatedAt: { gte: since } };
      const filter = { ...when, issue: of === undefined ? teamFilter : { id: { in: of } } };
      const read = async (after: string | null): Promise<Page<CommentNode> | undefined> =>
        (await ask<{ comments?: Page<CommentNode> }>(CHANGED_COMMENTS, { filter, first: PAGE, after })).comments;
      return (await allPages(read, onPage)).map(commentOf).filter((comment) => comment !== undefined);
    },
    relations: async (since, onPage) => {
      const read = async (after: string | null): Promise<Page<RelationNode> | undefined> =>
        (await ask<{ issueRelations?: Page<RelationNode> }>(CHANGED_RELATIONS, { first: PAGE, after })).issueRelations;
      const nodes = await allPages(read, onPage, ({ updatedAt }) => since !== undefined && updatedAt < since);
      return nodes.map(relationOf).filter((relation) => relation !== undefined);
    },
    get: one,
    find: async (name) => {
      const id = nameIn(name);
      return id === undefined ? undefined : await one(id);
    },
  };
}

/** An issue's name or id in what a person gave: `eng-12`, or its address. */
function nameIn(text: string): string | undefined {
  const found = /^(?:https:\/\/[^/?#]+\/[^?#]*?\bissue\/)?([a-z0-9]+-\d+)(?:[/?#].*)?$/i.exec(text.trim())?.[1];
  if (found !== undefined) return found.toUpperCase();
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim()) ? text.trim().toLowerCase() : undefined;
}

function writing(ask: Ask, { team }: LinearOptions): Writing {
  return {
    requestOf: (write) => {
      const { operation, variables } = requestOf(write, team);
      return { operation, variables };
    },
    write: async (write) => {
      const { text, variables } = requestOf(write, team);
      const said = await ask<Said>(text, variables);
      return afterWrite(() => writtenOf(write.kind, said, team));
    },
  };
}

function writtenOf(kind: RemoteWrite["kind"], said: Said, team: string): Written {
  if (kind === "create" || kind === "update")
    return { item: itemOf((said.issueCreate ?? said.issueUpdate)?.issue, team) };
  if (kind === "comment" || kind === "editComment") {
    const comment = commentOf((said.commentCreate ?? said.commentUpdate)?.comment);
    if (comment === undefined) throw new TrackerError("broken", "Linear: an answer without the issue of a comment");
    return { comment };
  }
  whole(said.issueRelationCreate ?? said.issueRelationDelete, "the relation", []);
  return {};
}

interface Said {
  readonly issueCreate?: { readonly issue?: IssueNode | null };
  readonly issueUpdate?: { readonly issue?: IssueNode | null };
  readonly commentCreate?: { readonly comment: CommentNode };
  readonly commentUpdate?: { readonly comment: CommentNode };
  readonly issueRelationCreate?: object | null;
  readonly issueRelationDelete?: object | null;
}
