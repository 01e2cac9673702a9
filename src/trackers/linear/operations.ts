/**
 * All that is ever asked of Linear. Constants, so that tests can hold each of them against Linear's schema; labels of
 * issues as `labelIds`, because nested lists cost eight times as much and 250 issues of them are over the limit.
 */
const ISSUE = `fragment IssueFields on Issue {
  id identifier url title description priority createdAt updatedAt archivedAt trashed labelIds
  team { id key } state { id } assignee { id } parent { id } creator { displayName app } botActor { name }
}`;

const COMMENT = `fragment CommentFields on Comment {
  id body createdAt updatedAt archivedAt issue { id } user { displayName app } botActor { name } externalUser { name }
}`;

const HISTORY = `fragment HistoryFields on IssueHistory {
  createdAt actor { displayName app } botActor { name } fromStateId toStateId fromTitle toTitle fromPriority toPriority fromAssigneeId toAssigneeId
  addedLabelIds removedLabelIds fromParentId toParentId updatedDescription
}`;

const RELATION = `fragment RelationFields on IssueRelation {
  id type updatedAt archivedAt issue { id } relatedIssue { id }
}`;

/** The teams that have a key. */
export const TEAMS = `query Teams($filter: TeamFilter, $first: Int!) {
  teams(filter: $filter, first: $first) { nodes { id key name autoCloseParentIssues autoCloseChildIssues } }
}`;

/** What values are mapped to: who we are, the team's states, its labels and those of the workspace, the people. */
export const DESCRIBE = `query Describe($states: WorkflowStateFilter, $labels: IssueLabelFilter, $first: Int!) {
  viewer { id name app }
  workflowStates(filter: $states, first: $first) { nodes { id name type position archivedAt } }
  issueLabels(filter: $labels, first: $first) {
    nodes { id name isGroup archivedAt parent { id } team { id } } pageInfo { hasNextPage endCursor }
  }
  users(first: $first, includeDisabled: true) {
    nodes { id name displayName active app } pageInfo { hasNextPage endCursor }
  }
}`;

/** More labels. */
export const LABELS = `query Labels($filter: IssueLabelFilter, $first: Int!, $after: String) {
  issueLabels(filter: $filter, first: $first, after: $after) {
    nodes { id name isGroup archivedAt parent { id } team { id } } pageInfo { hasNextPage endCursor }
  }
}`;

/** More people. */
export const USERS = `query Users($first: Int!, $after: String) {
  users(first: $first, after: $after, includeDisabled: true) {
    nodes { id name displayName active app } pageInfo { hasNextPage endCursor }
  }
}`;

/**
 * Issues that a filter names, the last changed first; archived ones too. With each the last three changes: who made them. By
 * Linear's rule (a property 0.1 points, an object 1, a list as many times as it is long) 250 of them are some 6,000 points
 * of the 10,000 that a request may have.
 */
export const CHANGED = `query Changed($filter: IssueFilter!, $first: Int!, $after: String) {
  issues(filter: $filter, first: $first, after: $after, includeArchived: true, orderBy: updatedAt) {
    nodes { ...IssueFields history(first: 3) { nodes { ...HistoryFields } } } pageInfo { hasNextPage endCursor }
  }
}
${ISSUE}
${HISTORY}`;

/** Comments that a filter names, the last changed first. */
export const CHANGED_COMMENTS = `query ChangedComments($filter: CommentFilter!, $first: Int!, $after: String) {
  comments(filter: $filter, first: $first, after: $after, includeArchived: true, orderBy: updatedAt) {
    nodes { ...CommentFields } pageInfo { hasNextPage endCursor }
  }
}
${COMMENT}`;

/** Relations of the workspace, the last changed first: this list takes no filter. */
export const CHANGED_RELATIONS = `query ChangedRelations($first: Int!, $after: String) {
  issueRelations(first: $first, after: $after, includeArchived: true, orderBy: updatedAt) {
    nodes { ...RelationFields } pageInfo { hasNextPage endCursor }
  }
}
${RELATION}`;

/** One issue and who changed what of it last. */
export const ONE = `query One($id: String!, $last: Int!) {
  issue(id: $id) { ...IssueFields history(first: $last) { nodes { ...HistoryFields } } }
}
${ISSUE}
${HISTORY}`;

/** Makes an issue under an id of ours. */
export const CREATE_ISSUE = `mutation CreateIssue($input: IssueCreateInput!) {
  issueCreate(input: $input) { success issue { ...IssueFields } }
}
${ISSUE}`;

/** Changes an issue; its history tells what that wrote over. */
export const UPDATE_ISSUE = `mutation UpdateIssue($id: String!, $input: IssueUpdateInput!, $last: Int!) {
  issueUpdate(id: $id, input: $input) {
    success issue { ...IssueFields history(first: $last) { nodes { ...HistoryFields } } }
  }
}
${ISSUE}
${HISTORY}`;

/** Makes a comment under an id of ours. */
export const CREATE_COMMENT = `mutation CreateComment($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { ...CommentFields } }
}
${COMMENT}`;

/** Changes a comment. */
export const UPDATE_COMMENT = `mutation UpdateComment($id: String!, $input: CommentUpdateInput!) {
  commentUpdate(id: $id, input: $input) { success comment { ...CommentFields } }
}
${COMMENT}`;

/** Makes a relation under an id of ours. */
export const CREATE_RELATION = `mutation CreateRelation($input: IssueRelationCreateInput!) {
  issueRelationCreate(input: $input) { success issueRelation { ...RelationFields } }
}
${RELATION}`;

/** Takes a relation away. */
export const DELETE_RELATION = `mutation DeleteRelation($id: String!) {
  issueRelationDelete(id: $id) { success entityId }
}`;
