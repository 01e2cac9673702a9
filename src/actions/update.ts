import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { changedKeys } from "../store/change/hand/handEdits.ts";
import { parseText, withYaml } from "../store/disk/readFile.ts";
import type { Store } from "../store/open/store.ts";
import { readTemplate } from "../store/open/template.ts";
import { fieldName } from "../ticket/fields.ts";
import { saidYes } from "../ticket/rules/unconfirmedKeys.ts";
import { readDescription, setDescription, setTitle } from "../ticket/text/body.ts";
import { FIELDS, type Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { resolveAll } from "./create.ts";
import { addDependency } from "./depAdd.ts";
import { action, change, flag, ids, optionalList, optionalText, type Written, writeOptions } from "./input/action.ts";
import { withCaller } from "./input/caller.ts";
import * as check from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { plainChanges, updateEntries, wordsOrNone } from "./input/plainInput.ts";
import { makesClaims } from "./lifecycle/claims/holder.ts";
import { assertReviewStays } from "./lifecycle/claims/rules.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";
import { assertFinishable } from "./lifecycle/finishable.ts";
import { moving } from "./lifecycle/moving.ts";
import { recordCommits } from "./lifecycle/recordCommits.ts";
import { assertSettable } from "./lifecycle/settable.ts";

const { project, role, reviewer, ...moreFields } = updateEntries();
const input = v.object({
  ids,
  title: optionalText("a new title"),
  description: optionalText("a new description"),
  replace: flag("replace a description that is there"),
  type: optionalText("one of the store's types"),
  priority: v.optional(v.union([v.string(), v.number()])),
  assignee: optionalText("who should do it; '' for nobody"),
  tags: optionalList("all the tags"),
  addTag: optionalList("tags to add"),
  removeTag: optionalList("tags to take away"),
  deps: optionalList("all the dependencies"),
  parent: optionalText("id of the ticket that this is a part of; '' for none"),
  project,
  role,
  reviewer,
  ...moreFields,
  set: v.optional(
    v.pipe(v.record(v.string(), v.string()), v.description("any front matter key and its value; '' removes")),
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
      if (changed.length === 0) return { result };
      const event = input.assignee === undefined ? "updated" : "assigned";
      const subject = `update ${await whatChanged(draft, changed, input)}`;
      const mustCommit = makesClaims(draft) ? { mustCommit: true as const } : {};
      return { result, sentence: { subject, event, tickets: changed.map((ticket) => ticket.id), ...mustCommit } };
    });
    const view = await outcome.after();
    const tickets = outcome.result.flatMap((id) => view.byId.get(id) ?? []).map((ticket) => ticketJson(view, ticket));
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
  if (input.message !== undefined) keys.add("note");
  const [first] = changed;
  const who = changed.length === 1 && first !== undefined ? first.id : `${changed.length} tickets`;
  return keys.size === 0 ? subjectOf(changed) : `${who}: ${[...keys].join(", ")}`;
}

async function updateOne(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<void> {
  const set = input.set ?? {};
  const status = set.status;
  let waits = ticket.fields.unconfirmed;
  if (status !== undefined) {
    const to = check.checkColumn(draft.view.board, status);
    const { to: reached, fields } = moving(store, draft, ticket, to, { force: input.force, claim: input.claim });
    await draft.patch(ticket, fields);
    await recordCommits(store, draft, ticket, reached);
    if (fields.unconfirmed !== undefined) waits = (fields.unconfirmed ?? []) as readonly string[];
  }
  const changes = { ...(await knownFields(store, draft, ticket, input)), ...otherFields(draft, set) };
  assertReviewStays(draft, ticket, changes.type);
  const confirmed = draft.actor.agent ? {} : saidYes(waits ?? [], Object.keys(changes));
  await draft.patch(ticket, { ...changes, ...confirmed });
  if (input.deps !== undefined) await replaceDependencies(store, draft, ticket, input.deps);
  if (input.title !== undefined) await retitle(draft, ticket, check.checkTitle(input.title));
  if (input.description !== undefined) await redescribe(store, draft, ticket, input);
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
  for (let above = parent, steps = 0; above !== undefined && steps < 10_000; steps++) {
    if (above === ticket.id) throw new AyoError("cycle", `${ticket.id} cannot be a part of itself (through ${parent})`);
    above = draft.view.byId.get(above)?.fields.parent;
  }
  return { parent: parent ?? null };
}

/** Keys of `--set` besides the status; those that ayo keeps itself cannot be set. */
function otherFields(draft: Draft, set: Readonly<Record<string, string>>): Changes {
  const changes: Record<string, Changes[string]> = {};
  for (const [key, value] of Object.entries(set)) {
    if (key === "status") continue;
    if (!/^[A-Za-z][\w-]{0,63}$/.test(key)) throw new AyoError("bad_input", `'${key}' is not a front matter key`);
    assertSettable(draft, key, value);
    changes[key] = value === "" ? null : valueFor(draft, key, value);
  }
  return changes;
}

function valueFor(draft: Draft, key: string, value: string): string | number | readonly string[] {
  const name = fieldName(key);
  const kind = name === undefined ? "text" : FIELDS[name].kind;
  if (name === "priority") return check.checkPriority(value);
  if (name === "type") return check.checkType(draft.view.board, value);
  if (kind === "list") return check.checkWords(key, [value]);
  return kind === "time" ? check.checkDate(key, value, draft.view.now) : check.checkWord(key, value);
}

async function replaceDependencies(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  wanted: readonly string[],
): Promise<void> {
  const deps = await resolveAll(store, draft, wanted);
  for (const dep of deps) await addDependency(draft, ticket, dep);
  await draft.patch(ticket, { deps });
}

async function retitle(draft: Draft, ticket: Ticket, title: string): Promise<void> {
  const source = draft.read(ticket);
  draft.write(ticket, await withYaml((frontMatter) => setTitle(source, title, ticket.path, frontMatter)));
}

/** Replacing a text that somebody wrote needs a word for it: a version, or `replace`. */
async function redescribe(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<void> {
  const source = draft.read(ticket);
  const text = check.checkText("description", input.description ?? "");
  const old = readDescription(source);
  const blank = readTemplate(store, ticket.fields.type ?? "").text;
  const isBlank = old === "" || (blank !== undefined && old === readDescription(`---\n---\n${blank}`));
  if (!isBlank && old !== text.trim() && input.ifMatch === undefined && !input.replace) {
    throw new AyoError(
      "conflict",
      `${ticket.id} has a description; say --replace or --if-match ${ticket.version.slice(0, 12)}`,
      {
        try: ["ayo", "ticket", "note", ticket.id, "-"],
        data: { id: ticket.id, version: ticket.version, description: old },
      },
    );
  }
  draft.write(ticket, setDescription(source, text));
}
