import type { InferInput } from "valibot";
import { type Action, type InputSchema, invoke } from "./actions/action.ts";
import { archive as archiveAction } from "./actions/archive.ts";
import { assign as assignAction } from "./actions/assign.ts";
import { block as blockAction } from "./actions/block.ts";
import { blocked as blockedAction } from "./actions/blocked.ts";
import { cancel as cancelAction } from "./actions/cancel.ts";
import { close as closeAction } from "./actions/close.ts";
import { closed as closedAction } from "./actions/closed.ts";
import { create as createAction } from "./actions/create.ts";
import { deleteTickets as deleteAction } from "./actions/delete.ts";
import { depAdd as depAddAction } from "./actions/depAdd.ts";
import { depRemove as depRemoveAction } from "./actions/depRemove.ts";
import { duplicate as duplicateAction } from "./actions/duplicate.ts";
import { fail as failAction } from "./actions/fail.ts";
import { init as initAction } from "./actions/init.ts";
import { link as linkAction } from "./actions/link.ts";
import { list as listAction } from "./actions/list.ts";
import { note as noteAction } from "./actions/note.ts";
import { ready as readyAction } from "./actions/ready.ts";
import { reopen as reopenAction } from "./actions/reopen.ts";
import { show as showAction } from "./actions/show.ts";
import { start as startAction } from "./actions/start.ts";
import { status as statusAction } from "./actions/status.ts";
import { unblock as unblockAction } from "./actions/unblock.ts";
import { unlink as unlinkAction } from "./actions/unlink.ts";
import { update as updateAction } from "./actions/update.ts";
import type { Store } from "./store/store.ts";

export type { TicketJson } from "./actions/describe.ts";
export { AyoError, type ErrorCode } from "./error.ts";
export type { Host } from "./host.ts";
export { currentHost } from "./host.ts";
export type { StoreChoice } from "./store/locate.ts";
export { makeStore } from "./store/makeStore.ts";
export { openStore, type Store } from "./store/store.ts";

type Verb<S extends InputSchema, R> = (store: Store, input: InferInput<S>) => Promise<R>;

/** An action as a function of the library: the input is validated, then the action runs. */
function verb<S extends InputSchema, R>(action: Action<S, R>): Verb<S, R> {
  return (store, input) => invoke(action, store, input);
}

export const initStore = verb(initAction);
export const createTicket = verb(createAction);
export const listTickets = verb(listAction);
export const readyTickets = verb(readyAction);
export const blockedTickets = verb(blockedAction);
export const closedTickets = verb(closedAction);
export const showTicket = verb(showAction);
export const startTickets = verb(startAction);
export const closeTickets = verb(closeAction);
export const reopenTickets = verb(reopenAction);
export const blockTickets = verb(blockAction);
export const unblockTickets = verb(unblockAction);
export const cancelTickets = verb(cancelAction);
export const failTickets = verb(failAction);
export const moveTickets = verb(statusAction);
export const assignTickets = verb(assignAction);
export const addNote = verb(noteAction);
export const updateTickets = verb(updateAction);
export const addDependency = verb(depAddAction);
export const removeDependency = verb(depRemoveAction);
export const linkTickets = verb(linkAction);
export const unlinkTickets = verb(unlinkAction);
export const markDuplicate = verb(duplicateAction);
export const archiveTickets = verb(archiveAction);
export const deleteTickets = verb(deleteAction);
