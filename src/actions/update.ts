import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { changedKeys } from "../store/change/hand/handEdits.ts";
import { parseText, withYaml } from "../store/disk/readFile.ts";
import type { Store } from "../store/open/store.ts";
import { fieldName } from "../ticket/fields.ts";
import { saidYes } from "../ticket/rules/unconfirmedKeys.ts";
import { setTitle } from "../ticket/text/body.ts";
import { FIELDS, type Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { ticketsOf } from "./answers/written.ts";
import { resolveAll } from "./create.ts";
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
import { plainChanges, updateEntries, wordsOrNone } from "./input/plainInput.ts";
import { makesClaims } from "./lifecycle/claims/holder.ts";
import { assertReviewStays } from "./lifecycle/claims/rules.ts";
import { extraFields } from "./lifecycle/extraFields.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
import { moving } from "./lifecycle/moving.ts";
import { recordCommits } from "./lifecycle/recordCommits.ts";
import { rewriteTexts } from "./lifecycle/rewriteTexts.ts";
import { assertSettable, withSet } from "./lifecycle/settable.ts";
import { assertNoParentCycle } from "./lifecycle/soundText.ts";

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
type Input = v.InferOutput<typeof input>;

/** What `update` answers. */
export interface Updated extends Written {
  readonly tickets: readonly TicketJson[];
}

/** `ayo ticket update <id…>`. */
export const update = action({
  name: "update",
  summary: "Change fields, title or description",
  writes: true,
  input,
  run: async (store, given): Promise<Updated> => {
    const input = withCaller(store, given);
    const outcome = await change(store, input, async (draft) => {
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
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
    return { ...outcome.written, tickets };
  },
});

/** `ayo-x7k2: priority, tags`: the tickets and the keys that became others. */
async function whatChanged(draft: Draft, changed: readonly Ticket[], input: Input): Promise<string> {
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

async function updateOne(store: Store, draft: Draft, ticket: Ticket, given: Input): Promise<void> {
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
  const confirmed = draft.actor.agent ? {} : saidYes(waits ?? [], Object.keys(changes));
  await draft.patch(ticket, { ...changes, ...confirmed });
  await changeDependencies(store, draft, ticket, input);
  if (input.title !== undefined) await retitle(draft, ticket, check.checkTitle(input.title));
  rewriteTexts(store, draft, ticket, input);
  if (input.message !== undefined) draft.note(ticket, check.checkText("message", input.message));
}

type Changes = Parameters<Draft["patch"]>[1];

async function knownFields(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<Changes> {
  const { board, now } = draft.view;
  return {
    ...(input.type === undefined ? {} : { type: check.checkType(board, input.type) }),
    ...(input.priority === undefined ? {} : { priority: check.checkPriority(input.priority) }),
    ...(input.assignee === undefined ? {} : { assignee: assignees(input.assignee) }),
    ...plainChanges(input, now),
    ...tagChanges(ticket, input),
    ...(await parentChange(store, draft, ticket, input.parent)),
    ...reviewChange(draft, input.review),
  };
}

/** One assignee is written as a plain value, several as a list, none takes the key away. */
export function assignees(value: string): string | readonly string[] | null {
  return wordsOrNone("assignee", value);
}

function tagChanges(ticket: Ticket, input: Input): Changes {
  if (input.tags === undefined && input.addTag === undefined && input.removeTag === undefined) return {};
  const removed = new Set(check.checkWords("tags", input.removeTag ?? []));
  const base = input.tags === undefined ? (ticket.fields.tags ?? []) : check.checkWords("tags", input.tags);
  const tags = [...new Set([...base, ...check.checkWords("tags", input.addTag ?? [])])].filter(
    (tag) => !removed.has(tag),
  );
  return { tags: tags.length === 0 ? null : tags };
}

async function parentChange(store: Store, draft: Draft, ticket: Ticket, wanted: string | undefined): Promise<Changes> {
  if (wanted === undefined) return {};
  if (wanted === "") return { parent: null };
  const [parent] = await resolveAll(store, draft, [wanted]);
  if (parent !== undefined) assertNoParentCycle(draft, ticket.id, parent);
  return { parent: parent ?? null };
}

function reviewChange(draft: Draft, review: string | undefined): Changes {
  if (review === undefined) return {};
  assertSettable(draft, "review", review);
  return { review: review === "" ? null : review };
}

/** Keys of `--set` without a flag of their own; those that ayo keeps itself cannot be set. */
async function otherFields(store: Store, draft: Draft, set: Readonly<Record<string, string>>): Promise<Changes> {
  const changes: Record<string, Changes[string]> = {};
  for (const [key, value] of Object.entries(set)) {
    if (!/^[A-Za-z][\w-]{0,63}$/.test(key)) throw new AyoError("bad_input", `'${key}' is not a front matter key`);
    assertSettable(draft, key, value);
    if (value === "" && fieldName(key) === "created") {
      throw new AyoError("bad_input", "created cannot be taken away", { data: { field: key } });
    }
    changes[key] = value === "" ? null : await valueFor(store, draft, key, value);
  }
  return changes;
}

async function valueFor(
  store: Store,
  draft: Draft,
  key: string,
  value: string,
): Promise<string | number | readonly string[]> {
  const name = fieldName(key);
  const kind = name === undefined ? "text" : FIELDS[name].kind;
  if (name === "priority") return check.checkPriority(value);
  if (name === "type") return check.checkType(draft.view.board, value);
  if (name === "duplicateOf") return (await resolveAll(store, draft, [value]))[0] as string;
  if (kind === "list") return check.checkWords(key, [value]);
  if (kind === "time" && name !== "due") return check.checkPast(key, value, draft.view.now);
  return kind === "time" ? check.checkDate(key, value, draft.view.now) : check.checkWord(key, value);
}

/** What it waits for, and what waits for it. */
async function changeDependencies(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<void> {
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
