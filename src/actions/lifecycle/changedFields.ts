import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { fieldName } from "../../ticket/fields.ts";
import { chainAbove, isIn, isOfAgent } from "../../ticket/rules/delegation.ts";
import { FIELDS, type Ticket } from "../../ticket/ticket.ts";
import * as check from "../input/checkInput.ts";
import { checkField, plainChanges, wordsOrNone } from "../input/plainInput.ts";
import { namesSchema } from "../output/schemaEntries.ts";
import type { UpdateInput as Input } from "../update.ts";
import { assertNoCircle } from "./claims/circle.ts";
import { resolveAll } from "./findAll.ts";
import { assertSettable } from "./settable.ts";
import { assertNoParentCycle } from "./soundText.ts";

/** Fields of a ticket that a change gives other values; null takes them away. */
export type Changes = Parameters<Draft["patch"]>[1];

/** The fields that `update` has words for, as it changes them. */
export async function knownFields(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<Changes> {
  const { board, now } = draft.view;
  if (draft.actor.agent && input.mode !== undefined && ticket.fields.mode === "plan" && input.mode !== "plan")
    throw new AyoError("needs_person", `only a person can let more than a plan be made of ${ticket.id}`, {
      data: { id: ticket.id, field: "mode" },
    });
  if (input.assignee) await assertGivenOn(store, draft, ticket, input.assignee);
  if (input.delegatedBy !== undefined) assertSettable(draft, "delegated-by", input.delegatedBy);
  const changes: Changes = {
    ...(input.type === undefined ? {} : { type: check.checkType(board, input.type) }),
    ...(input.priority === undefined ? {} : { priority: check.checkPriority(input.priority) }),
    ...(input.assignee === undefined ? {} : { assignee: assignees(input.assignee) }),
    ...plainChanges(input, now),
    ...(await projectChange(store, draft, ticket, input)),
    ...tagChanges(ticket, input),
    ...(await parentChange(store, draft, ticket, input)),
    ...(input.verify === undefined ? {} : { verify: wordsOrNone("verify", input.verify) }),
    ...reviewChange(draft, input.review),
    ...(await changesOfSchema(store, draft, ticket, input)),
  };
  return { ...changes, ...(await handedOn(store, draft, ticket, changes)) };
}

/**
 * What an agent's change says besides where it gives a part of its own ticket to somebody.
 * @throws delegation_refused, needs_person
 */
export async function handedOn(store: Store, draft: Draft, ticket: Ticket, changes: Changes): Promise<Changes> {
  const known = ["assignee", "parent", "role"] as const;
  if (!draft.actor.agent || known.every((name) => changes[name] === undefined)) return {};
  const { handingOn } = await import("../delegation/delegating.ts");
  const { assignee = ticket.fields.assignee, parent = ticket.fields.parent, role = ticket.fields.role } = changes;
  return handingOn(store, draft, ticket, {
    assignee: [assignee ?? []].flat().map(String),
    ...(parent == null ? {} : { parent: String(parent) }),
    ...(role == null ? {} : { role: String(role) }),
  });
}

/** A person who gives what came from elsewhere to somebody accepts it by that. */
export function acceptedBy({ agent }: Draft["actor"], { fields }: Ticket): Changes {
  return agent || fields.origin === undefined ? {} : { origin: null };
}

/**
 * An agent does not give work back to those from whom it comes.
 * @throws delegation_refused
 */
export async function assertGivenOn(
  store: Store,
  { actor, view }: Draft,
  ticket: Ticket,
  assignee: string,
): Promise<void> {
  if (!actor.agent) return;
  const { assignee: known = [] } = ticket.fields;
  const given = check.checkWords("assignee", [assignee]).filter((name) => !isIn(known, name));
  await assertNoCircle(store, chainAbove(view.byId, ticket), given, ticket);
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

async function parentChange(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  { parent: wanted, assignee }: Input,
): Promise<Changes> {
  if (wanted === undefined) return {};
  if (draft.actor.agent && isOfAgent(ticket.fields)) throw keepsParent(ticket);
  if (wanted === "") return { parent: null };
  const [parent] = await resolveAll(store, draft, [wanted]);
  if (parent !== undefined) assertNoParentCycle(draft, ticket.id, parent);
  const above = draft.view.byId.get(parent ?? "");
  if (draft.actor.agent && above !== undefined) {
    const names = assignee === undefined ? (ticket.fields.assignee ?? []) : check.checkWords("assignee", [assignee]);
    await assertNoCircle(store, chainAbove(draft.view.byId, above), names, ticket);
  }
  return { parent: parent ?? null };
}

/** Whose limits a ticket counts under is nothing for agents to change. */
function keepsParent({ id }: Ticket): AyoError {
  return new AyoError("needs_person", `only a person can make ${id} a part of something else: agents handed it on`, {
    data: { id, field: "parent" },
  });
}

function reviewChange(draft: Draft, review: string | undefined): Changes {
  if (review === undefined) return {};
  assertSettable(draft, "review", review);
  return { review: review === "" ? null : review };
}

async function projectChange(store: Store, draft: Draft, { fields }: Ticket, input: Input): Promise<Changes> {
  if (input.project === undefined) return {};
  const { projectField } = await import("./projectField.ts");
  return projectField(store, draft, input, fields.project);
}

async function changesOfSchema(store: Store, draft: Draft, ticket: Ticket, input: Input): Promise<Changes> {
  if (!namesSchema(input)) return {};
  const { schemaChange } = await import("../output/schemaInput.ts");
  return schemaChange(store, draft, ticket, input);
}

/** Keys of `--set` without a flag of their own; those that ayo keeps itself cannot be set. */
export async function otherFields(store: Store, draft: Draft, set: Readonly<Record<string, string>>): Promise<Changes> {
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
  if (name === "mode") return checkField(name, value, draft.view.now);
  if (kind === "list") return check.checkWords(key, [value]);
  if (kind === "time" && name !== "due") return check.checkPast(key, value, draft.view.now);
  return kind === "time" ? check.checkDate(key, value, draft.view.now) : check.checkWord(key, value);
}
