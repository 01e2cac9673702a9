import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import { changedKeys } from "../store/change/hand/handEdits.ts";
import { parseText, withYaml } from "../store/disk/readFile.ts";
import type { Store } from "../store/open/store.ts";
import { undispatched } from "../ticket/rules/dispatch.ts";
import { saidYes } from "../ticket/rules/unconfirmedKeys.ts";
import { setTitle } from "../ticket/text/body.ts";
import { FIELDS, type FieldName, type Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { ticketsOf } from "./answers/written.ts";
import { addDependency } from "./depAdd.ts";
import { dependencyOf } from "./depRemove.ts";
import {
  action,
  change,
  flag,
  ids,
  optionalList,
  optionalText,
  priority,
  type Written,
  writeOptions,
} from "./input/action.ts";
import { withCaller } from "./input/caller.ts";
import * as check from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { updateEntries } from "./input/plainInput.ts";
import { acceptedBy, type Changes, knownFields, otherFields } from "./lifecycle/changedFields.ts";
import { makesClaims } from "./lifecycle/claims/holder.ts";
import { assertReviewStays, assertVerifyStays } from "./lifecycle/claims/rules.ts";
import { extraFields } from "./lifecycle/extraFields.ts";
import { findAll, resolveAll, subjectOf } from "./lifecycle/findAll.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
import { moving } from "./lifecycle/moving/moving.ts";
import { type NowReady, readySince, type Watched, watched } from "./lifecycle/nowReady.ts";
import { assertVerifyNames } from "./lifecycle/proven.ts";
import { recordCommits } from "./lifecycle/recordCommits.ts";
import { rewriteTexts } from "./lifecycle/rewriteTexts.ts";
import { withSet } from "./lifecycle/settable.ts";
import { schemaEntries } from "./output/schemaEntries.ts";

const { project, role, reviewer, ...moreFields } = updateEntries();
const input = v.object({
  ids,
  title: optionalText("a new title"),
  description: optionalText("a new description"),
  design: optionalText("text of the Design section; '' for none"),
  acceptance: optionalText("text of the Acceptance Criteria section; each line becomes a box to tick"),
  addAcceptance: optionalList("criteria to add, one each"),
  replace: flag("replace a description, design or criteria that are there"),
  status: optionalText("a column of the board"),
  type: optionalText("one of the store's types"),
  priority,
  assignee: optionalText("who should do it; '' for nobody"),
  tags: optionalList("all the tags"),
  addTag: optionalList("tags to add"),
  removeTag: optionalList("tags to take away"),
  deps: optionalList("all the dependencies"),
  addDep: optionalList("ids of tickets to wait for too"),
  removeDep: optionalList("ids of tickets to wait for no longer"),
  blocks: optionalList("ids of tickets that wait for this one from now on"),
  parent: optionalText("id of the ticket that this is a part of; '' for none"),
  project,
  role,
  review: v.optional(
    v.pipe(v.picklist(["required", "none", ""]), v.description("whether its work must be approved; '' as its type")),
  ),
  reviewer,
  ...schemaEntries("the schema that its output has to fit: a name in schemas/, or the JSON schema itself; '' for none"),
  verify: optionalText("entries of agents.yml that ayo runs before it is done; '' for none"),
  ...moreFields,
  set: v.optional(
    v.pipe(v.record(v.string(), v.string()), v.description("any front matter key and its value; '' removes")),
  ),
  extra: v.optional(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.description("keys that ayo does not know, as JSON; objects are merged, null takes away (RFC 7396)"),
    ),
  ),
  message: optionalText("a note that goes with the change"),
  force: flag("let a change of the status pass with open dependencies or children"),
  ...writeOptions,
});
/** What `update` takes. */
export type UpdateInput = v.InferOutput<typeof input>;

/** What `update` answers. */
export interface Updated extends Written {
  readonly tickets: readonly TicketJson[];
  /** Tickets that became ready by it, where there are any. */
  readonly nowReady?: NowReady;
}

/** `ayo ticket update <id…>`. */
export const update = action({
  name: "update",
  summary: "Change fields, title or description",
  writes: true,
  input,
  run: async (store, given): Promise<Updated> => {
    const input = withCaller(store, given);
    let before: Watched | undefined;
    const outcome = await change(store, input, async (draft) => {
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
      before = watched(draft.view, tickets);
      for (const ticket of tickets) await updateOne(store, draft, ticket, input);
      await assertFinishable(draft);
      const result = tickets.map((ticket) => ticket.id);
      const changed = tickets.filter((ticket) => draft.files.has(ticket.path));
      if (draft.files.size === 0) return { result };
      const event = input.assignee === undefined ? "updated" : "assigned";
      const told = changed.length === 0 ? tickets : changed;
      const subject = `update ${await whatChanged(draft, told, input)}`;
      const mustCommit = makesClaims(draft) ? { mustCommit: true as const } : {};
      return { result, sentence: { subject, event, tickets: told.map((ticket) => ticket.id), ...mustCommit } };
    });
    const view = await outcome.after();
    const tickets = (await ticketsOf(store, view, outcome.result)).map((ticket) => ticketJson(view, ticket));
    return { ...outcome.written, tickets, ...(before === undefined ? {} : readySince(before, view)) };
  },
});

/** `ayo-x7k2: priority, tags`: the tickets and the keys that became others. */
async function whatChanged(draft: Draft, changed: readonly Ticket[], input: UpdateInput): Promise<string> {
  const keys = new Set<string>();
  for (const ticket of changed) {
    const now = await parseText(draft.read(ticket), ticket.path);
    if ("id" in now) for (const { key } of changedKeys(ticket, now)) keys.add(key);
  }
  if (input.description !== undefined) keys.add("description");
  if (input.design !== undefined) keys.add("design");
  if (input.acceptance !== undefined || input.addAcceptance !== undefined) keys.add("acceptance criteria");
  if (input.blocks !== undefined) keys.add("blocks");
  if (input.message !== undefined) keys.add("note");
  const [first] = changed;
  const who = changed.length === 1 && first !== undefined ? first.id : `${changed.length} tickets`;
  return keys.size === 0 ? subjectOf(changed) : `${who}: ${[...keys].join(", ")}`;
}

async function updateOne(store: Store, draft: Draft, ticket: Ticket, given: UpdateInput): Promise<void> {
  const input = withSet(given);
  const set = input.set ?? {};
  let waits = ticket.fields.unconfirmed;
  if (input.status !== undefined) {
    const to = check.checkColumn(draft.view.board, input.status);
    const { to: reached, fields } = moving(store, draft, ticket, to, { force: input.force, claim: input.claim });
    await draft.patch(ticket, fields);
    await recordCommits(store, draft, ticket, reached);
    if (fields.unconfirmed !== undefined) waits = (fields.unconfirmed ?? []) as readonly string[];
  }
  const changes = {
    ...(await knownFields(store, draft, ticket, input)),
    ...(await otherFields(store, draft, set)),
    ...(input.extra === undefined ? {} : extraFields(draft, ticket, input.extra)),
  };
  assertReviewStays(draft, ticket, changes.type);
  assertVerifyStays(draft, ticket, changes);
  await assertVerifyNames(store, (changes as Changes).verify);
  const confirmed = draft.actor.agent ? {} : saidYes(waits ?? [], keysOf(changes));
  const anew =
    "assignee" in changes ? { ...undispatched(ticket, draft.actor.name), ...acceptedBy(draft.actor, ticket) } : {};
  await draft.patch(ticket, { ...changes, ...anew, ...confirmed });
  await changeDependencies(store, draft, ticket, input);
  if (input.title !== undefined) await retitle(draft, ticket, check.checkTitle(input.title));
  rewriteTexts(store, draft, ticket, input);
  if (input.message !== undefined) draft.note(ticket, check.checkText("message", input.message));
}

/** The names of fields by which changes are kept for a person's yes. */
function keysOf(changes: Changes): string[] {
  return Object.keys(changes).map((name) => (name in FIELDS ? FIELDS[name as FieldName].key : name));
}

/** What it waits for, and what waits for it. */
async function changeDependencies(store: Store, draft: Draft, ticket: Ticket, input: UpdateInput): Promise<void> {
  const { deps, addDep, removeDep, blocks } = input;
  if (deps !== undefined || addDep !== undefined || removeDep !== undefined) {
    const old = ticket.fields.deps ?? [];
    const gone = new Set((removeDep ?? []).map((dep) => dependencyOf(ticket.id, old, dep)));
    const base = deps === undefined ? old : await resolveAll(store, draft, deps);
    const wanted = new Set([...base, ...(await resolveAll(store, draft, addDep))].filter((dep) => !gone.has(dep)));
    for (const dep of wanted) await addDependency(draft, ticket, dep);
    await draft.patch(ticket, { deps: [...wanted] });
  }
  for (const other of await resolveAll(store, draft, blocks)) {
    await addDependency(draft, await draft.find(other), ticket.id, ticket.fields.deps);
  }
}

async function retitle(draft: Draft, ticket: Ticket, title: string): Promise<void> {
  const source = draft.read(ticket);
  draft.write(ticket, await withYaml((frontMatter) => setTitle(source, title, ticket.path, frontMatter)));
}
