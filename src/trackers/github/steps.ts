import type { RemotePatch, RemoteWrite, Value } from "../provider.ts";
import type { Step } from "./ask.ts";
import { withMark } from "./marker.ts";
import { type IssueNode, labelsOf, madeIn, numberIn } from "./nodes.ts";
import { numberOf, type Session } from "./session.ts";
import { labelOf } from "./states.ts";

/** What a write sends, one thing after another; the last one answers it whole, where it is a PATCH or a POST of its own. */
export function stepsOf(write: RemoteWrite, session: Session): readonly Step[] {
  const { base } = session;
  switch (write.kind) {
    case "create":
      return [{ method: "POST", path: `${base}/issues`, body: newIssue(write.key, write.patch) }];
    case "update":
      return updates(write.key, write.patch, session);
    case "comment": {
      const path = `${base}/issues/${numberOf(session, write.item)}/comments`;
      return [{ method: "POST", path, body: { body: withMark(write.body, write.key) } }];
    }
    case "editComment": {
      const made = madeIn(session.comments.get(write.key));
      const path = `${base}/issues/comments/${encodeURIComponent(write.key)}`;
      return [{ method: "PATCH", path, body: { body: withMark(write.body, made) } }];
    }
    case "relate": {
      const path = `${base}/issues/${numberOf(session, write.blocked)}/dependencies/blocked_by`;
      return [{ method: "POST", path, body: { issue_id: databaseId(session, write.blocker) } }];
    }
    case "unrelate": {
      const [blocker = "", blocked = ""] = write.key.split("-");
      const path = `${base}/issues/${blocked}/dependencies/blocked_by/${databaseId(session, blocker)}`;
      return [{ method: "DELETE", path }];
    }
  }
}

/** What relations call an issue; what it is not known by yet stands for itself. */
function databaseId(session: Session, key: string): number | string {
  return session.issues.get(numberOf(session, key))?.id ?? key;
}

function newIssue(key: string, { fields, addLabels }: RemotePatch): Record<string, unknown> {
  const { title, description, assignee } = fields;
  return {
    title,
    body: withMark(String(description ?? ""), key),
    ...(addLabels.length > 0 ? { labels: addLabels } : {}),
    ...(assignee ? { assignees: [assignee] } : {}),
  };
}

function updates(key: string, { fields, addLabels, removeLabels }: RemotePatch, session: Session): readonly Step[] {
  const number = numberOf(session, key);
  const node = session.issues.get(number);
  const path = `${session.base}/issues/${number}`;
  const body = patchOf(fields, node);
  const marks = fields.status === undefined ? NO_MARKS : marksFor(node, String(fields.status), session);
  const add = [...addLabels, ...marks.add];
  return [
    ...[...removeLabels, ...marks.remove].map(
      (name): Step => ({ method: "DELETE", path: `${path}/labels/${encodeURIComponent(name)}` }),
    ),
    ...(add.length > 0 ? [{ method: "POST", path: `${path}/labels`, body: { labels: add } } as const] : []),
    ...(fields.assignee === undefined ? [] : assigned(path, node, fields.assignee)),
    ...(fields.parent === undefined ? [] : placed(number, node, fields.parent, session)),
    // Why it is closed is only heard when it is being closed.
    ...(body.state === "closed" && node?.state === "closed"
      ? [{ method: "PATCH", path, body: { state: "open" } } as const]
      : []),
    ...(Object.keys(body).length > 0 ? [{ method: "PATCH", path, body } as const] : []),
  ];
}

const NO_MARKS: Marks = { add: [], remove: [] };
interface Marks {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Of the labels that make states an issue bears the one of its state, and no other. */
function marksFor(node: IssueNode | undefined, status: string, { marks }: Session): Marks {
  const wanted = labelOf(status);
  const has = node === undefined ? [] : labelsOf(node);
  const same = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();
  return {
    add: wanted === undefined || has.some((name) => same(name, wanted)) ? [] : [wanted],
    remove: has.filter((name) => marks.some((mark) => same(mark, name)) && !same(name, wanted)),
  };
}

function patchOf(fields: RemotePatch["fields"], node: IssueNode | undefined): Record<string, unknown> {
  const { title, description, status } = fields;
  const text = description === undefined ? undefined : withMark(String(description ?? ""), madeIn(node));
  return {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
    ...(status === undefined ? {} : stateOf(status, node)),
  };
}

function stateOf(status: Value, node: IssueNode | undefined): Record<string, unknown> {
  const isByLabel = labelOf(String(status)) !== undefined;
  if (isByLabel && node?.state === "open") return {};
  return status === "open" || isByLabel
    ? { state: "open", state_reason: "reopened" }
    : { state: "closed", state_reason: status };
}

/** Ours is the first there; the others stay. */
function assigned(path: string, node: IssueNode | undefined, login: Value): readonly Step[] {
  const first = node?.assignees?.[0]?.login;
  const step = (method: "POST" | "DELETE", name: string): Step => {
    return { method, path: `${path}/assignees`, body: { assignees: [name] } };
  };
  const gone = first !== undefined && first !== login ? [step("DELETE", first)] : [];
  return login === null || first === login ? gone : [...gone, step("POST", String(login))];
}

function placed(number: string, node: IssueNode | undefined, parent: Value, session: Session): readonly Step[] {
  const id = databaseId(session, number);
  if (parent !== null) {
    const path = `${session.base}/issues/${numberOf(session, String(parent))}/sub_issues`;
    return [{ method: "POST", path, body: { sub_issue_id: id, replace_parent: true } }];
  }
  const old = node === undefined ? null : (numberIn(node.parent_issue_url, node.repository_url) ?? null);
  if (old === null) return [];
  return [{ method: "DELETE", path: `${session.base}/issues/${old}/sub_issue`, body: { sub_issue_id: id } }];
}
