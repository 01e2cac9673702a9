import type { RemotePatch, RemoteRequest, RemoteWrite, Scalar, Value } from "../provider.ts";
import {
  CREATE_COMMENT,
  CREATE_ISSUE,
  CREATE_RELATION,
  DELETE_RELATION,
  UPDATE_COMMENT,
  UPDATE_ISSUE,
} from "./operations.ts";

/** Entries of the history that tell what a change of ours wrote over. */
export const PAST = 20;

const TEXTS: Readonly<Record<RemoteWrite["kind"], string>> = {
  create: CREATE_ISSUE,
  update: UPDATE_ISSUE,
  comment: CREATE_COMMENT,
  editComment: UPDATE_COMMENT,
  relate: CREATE_RELATION,
  unrelate: DELETE_RELATION,
};

/** The request of a write: what a dry run prints, and what is sent. */
export function requestOf(write: RemoteWrite, team: string): RemoteRequest & { readonly text: string } {
  const text = TEXTS[write.kind];
  return { text, operation: /^mutation (\w+)/.exec(text)?.[1] ?? "", variables: variablesOf(write, team) };
}

function variablesOf(write: RemoteWrite, team: string): Readonly<Record<string, unknown>> {
  switch (write.kind) {
    case "create": {
      const { fields, addLabels } = write.patch;
      const labels = addLabels.length > 0 ? { labelIds: addLabels } : {};
      return { input: { id: write.key, teamId: team, ...inputOf(fields), ...labels } };
    }
    case "update":
      return { id: write.key, input: { ...inputOf(write.patch.fields), ...labelsOf(write.patch) }, last: PAST };
    case "comment":
      return { input: { id: write.key, issueId: write.item, body: write.body } };
    case "editComment":
      return { id: write.key, input: { body: write.body } };
    case "relate": {
      const { key: id, blocker: issueId, blocked: relatedIssueId } = write;
      return { input: { id, issueId, relatedIssueId, type: "blocks" } };
    }
    case "unrelate":
      return { id: write.key };
  }
}

const INPUTS = { status: "stateId", assignee: "assigneeId", parent: "parentId" } as const;

function inputOf(fields: Partial<Record<Scalar, Value>>): Record<string, unknown> {
  const named = Object.entries(fields).map(([field, value]) => [INPUTS[field as keyof typeof INPUTS] ?? field, value]);
  return Object.fromEntries(named);
}

function labelsOf({ addLabels, removeLabels }: RemotePatch): Record<string, readonly string[]> {
  return {
    ...(addLabels.length > 0 ? { addedLabelIds: addLabels } : {}),
    ...(removeLabels.length > 0 ? { removedLabelIds: removeLabels } : {}),
  };
}
