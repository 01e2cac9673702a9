import * as v from "valibot";
import { commitState } from "../../store/codeCommits/commitState.ts";
import { idFinder } from "../../store/codeCommits/linkedCommits.ts";
import { nearIds } from "../../store/codeCommits/unknownTags.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { isGenerated, withoutComments } from "../../ticket/messages/commitMessage.ts";
import { parseTaskForm, TASK_FORM } from "../../ticket/messages/taskForm.ts";
import { parseTags, resolveTag, type TicketTag } from "../../ticket/messages/ticketTags.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { action, flag } from "../input/action.ts";

/** What is to be said of a message. */
export interface MessageCheck {
  readonly valid: boolean;
  /** One sentence for each thing that is wrong. */
  readonly reasons: readonly string[];
  /** The tickets that the message names. */
  readonly tickets: readonly string[];
  readonly unknown: readonly { readonly id: string; readonly near: readonly string[]; readonly deleted: boolean }[];
}

/** For so many unknown ids it is said which are near. */
const MAX_UNKNOWN = 10;

/** `ayo hooks check-message`. */
export const checkMessage = action({
  name: "hooks check-message",
  summary: `Check a task's description or a message: ${TASK_FORM}`,
  writes: false,
  input: v.object({
    text: v.pipe(v.string(), v.description("the text")),
    commit: flag("as a commit's message: any form, but the tickets it names must exist"),
    require: flag("with commit: it must name a ticket"),
  }),
  run: (store, input): Promise<MessageCheck> =>
    input.commit === true ? checkCommit(store, input.text, input.require === true) : checkTask(store, input.text),
});

async function checkTask(store: Store, text: string): Promise<MessageCheck> {
  const form = parseTaskForm(text);
  if ("phase" in form) return checkTags(store, await readStore(store), form.tags);
  const reasons = form.map((wrong) => `${wrong}; expected '${TASK_FORM}'`);
  return { valid: false, reasons, tickets: [], unknown: [] };
}

async function checkCommit(store: Store, text: string, isRequired: boolean): Promise<MessageCheck> {
  const { isMerge, commentChar } = commitState(store.host);
  const message = withoutComments(text, commentChar);
  const tags = parseTags(message).filter(({ certain }) => certain);
  // An empty message is refused by git itself.
  if (isMerge || isGenerated(message) || message.trim() === "") return { ...FINE };
  if (tags.length === 0 && !isRequired) return { ...FINE };
  const view = await readStore(store);
  if (tags.length > 0) return checkTags(store, view, tags);
  const own = ticketsInWork(store, view);
  const hint = own.length > 0 ? `; you work on ${own.join(", ")}` : "";
  return { ...FINE, valid: false, reasons: [`the message names no ticket: add 'TICKET: <id>'${hint}`] };
}

const FINE: MessageCheck = { valid: true, reasons: [], tickets: [], unknown: [] };

async function checkTags(store: Store, view: View, tags: readonly TicketTag[]): Promise<MessageCheck> {
  const find = await idFinder(store, view);
  const tickets = new Set<string>();
  const missing: string[] = [];
  for (const tag of tags) {
    const id = resolveTag(tag, find);
    if (id === undefined) missing.push(tag.text);
    else tickets.add(id);
  }
  const near = missing.length === 0 ? undefined : await nearIds(store, view);
  const unknown = missing.slice(0, MAX_UNKNOWN).flatMap((id) => (near === undefined ? [] : [{ id, ...near(id) }]));
  const more = missing.length - unknown.length;
  const reasons = [...unknown.map(reasonFor), ...(more > 0 ? [`${more} more ids name no ticket`] : [])];
  return { valid: reasons.length === 0, reasons, tickets: [...tickets], unknown };
}

function reasonFor({ id, near, deleted }: MessageCheck["unknown"][number]): string {
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : deleted ? ", it was deleted" : "";
  return `TICKET: ${id} names no ticket${hint}`;
}

/** Up to three tickets that the actor holds or was given. */
function ticketsInWork(store: Store, view: View): string[] {
  const { name } = actorOf(undefined, store);
  const mine = view.tickets.filter(
    ({ status, fields }) =>
      categoryOf(view.board, status) === "active" &&
      (fields.claimedBy === name || (fields.assignee ?? []).includes(name)),
  );
  return mine.slice(0, 3).map(({ id }) => id);
}
