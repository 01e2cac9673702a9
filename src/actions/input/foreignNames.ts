/**
 * Names that prompts and programs written for other ticket servers use (the seed documents' tools among them), and
 * gh's, with what they mean: the first of these that an action takes. `cli/table/flagsOf.ts` has those of flags.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  ticket: ["ids", "id"],
  ticket_id: ["ids", "id"],
  phase_id: ["phase"],
  ticket_ids: ["ids", "id"],
  ticket_type: ["type"],
  blocked_by: ["deps", "dep"],
  blocked_by_ticket_id: ["dep", "deps"],
  blocked_by_ticket_ids: ["deps", "dep"],
  depends_on: ["deps", "dep"],
  parent_ticket_id: ["parent"],
  status: ["column"],
  new_status: ["column", "status"],
  comment: ["text", "message"],
  comment_text: ["text", "message"],
  text: ["question", "answer"],
  rejection_reason: ["message"],
  resolution_comment: ["message", "text"],
  message: ["text"],
  reason: ["message", "text"],
  note: ["text", "message"],
  agent: ["as"],
  agent_id: ["as"],
  tag: ["addTag", "tags"],
  label: ["tag", "addTag", "tags"],
  labels: ["tags", "tag"],
  body: ["description", "text"],
  state: ["status", "column"],
  owner: ["assignee"],
  assigned_agent_id: ["assignee"],
  initial_status: ["status"],
  commit_sha: ["commit"],
  update_comment: ["message"],
  sort_by: ["sort"],
  add_label: ["addTag"],
  add_labels: ["addTag"],
  remove_label: ["removeTag"],
  remove_labels: ["removeTag"],
  due_date: ["due"],
  query: ["text"],
  q: ["query"],
  search_type: ["mode", "type"],
  include_comments: ["comments"],
};

/** For an action that takes `known`: other names of its inputs. */
export function foreignNames(known: ReadonlySet<string>): Record<string, string> {
  const found = Object.entries(NAMES).flatMap(([name, meant]) => {
    const field = meant.find((one) => known.has(one));
    return field === undefined || known.has(name) ? [] : [[name, field] as const];
  });
  return Object.fromEntries(found);
}
