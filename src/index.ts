import type { InferInput } from "valibot";
import { agentsInit as agentsInitAction } from "./actions/agents/agentsInit.ts";
import { agentsPrime as agentsPrimeAction } from "./actions/agents/agentsPrime.ts";
import { allow as allowAction } from "./actions/allow/allow.ts";
import { answer as answerAction } from "./actions/answer.ts";
import { approve as approveAction } from "./actions/approve.ts";
import { archive as archiveAction } from "./actions/archive.ts";
import { ask as askAction } from "./actions/ask.ts";
import { assign as assignAction } from "./actions/assign.ts";
import { batch as batchAction } from "./actions/batch/batch.ts";
import { block as blockAction } from "./actions/block.ts";
import { blocked as blockedAction } from "./actions/blocked.ts";
import { cancel as cancelAction } from "./actions/cancel.ts";
import { check as checkAction, uncheck as uncheckAction } from "./actions/checkCriteria.ts";
import { claim as claimAction } from "./actions/claim.ts";
import { close as closeAction } from "./actions/close.ts";
import { closed as closedAction } from "./actions/closed.ts";
import { commits as commitsAction } from "./actions/commits.ts";
import { confirm as confirmAction } from "./actions/confirm.ts";
import { create as createAction } from "./actions/create.ts";
import { deleteTickets as deleteAction } from "./actions/delete.ts";
import { depAdd as depAddAction } from "./actions/depAdd.ts";
import { depRemove as depRemoveAction } from "./actions/depRemove.ts";
import { duplicate as duplicateAction } from "./actions/duplicate.ts";
import { duplicates as duplicatesAction } from "./actions/duplicates.ts";
import { fail as failAction } from "./actions/fail.ts";
import { history as historyAction } from "./actions/history.ts";
import { checkMessage as checkMessageAction } from "./actions/hooks/checkMessage.ts";
import { hooksAllow as hooksAllowAction, hooksDeny as hooksDenyAction } from "./actions/hooks/hooksAllow.ts";
import { hooksList as hooksListAction } from "./actions/hooks/hooksList.ts";
import { hooksLog as hooksLogAction } from "./actions/hooks/hooksLog.ts";
import { hooksRun as hooksRunAction } from "./actions/hooks/hooksRun.ts";
import { init as initAction } from "./actions/init.ts";
import { type Action, type InputSchema, invoke } from "./actions/input/action.ts";
import { link as linkAction } from "./actions/link.ts";
import { list as listAction } from "./actions/list.ts";
import { note as noteAction } from "./actions/note.ts";
import { ready as readyAction } from "./actions/ready.ts";
import { recap as recapAction } from "./actions/recap/recap.ts";
import { reject as rejectAction } from "./actions/reject.ts";
import { release as releaseAction } from "./actions/release.ts";
import { renew as renewAction } from "./actions/renew.ts";
import { reopen as reopenAction } from "./actions/reopen.ts";
import { searchTickets as searchAction } from "./actions/search/search.ts";
import { show as showAction } from "./actions/show/show.ts";
import { start as startAction } from "./actions/start.ts";
import { status as statusAction } from "./actions/status.ts";
import { submit as submitAction } from "./actions/submit.ts";
import { unblock as unblockAction } from "./actions/unblock.ts";
import { undo as undoAction } from "./actions/undo/undo.ts";
import { unlink as unlinkAction } from "./actions/unlink.ts";
import { update as updateAction } from "./actions/update.ts";
import type { Store } from "./store/open/store.ts";

export type { TicketJson } from "./actions/answers/describe.ts";
export { AyoError, type ErrorCode } from "./error.ts";
export type { Host } from "./host.ts";
export { currentHost } from "./host.ts";
export { keepView } from "./store/disk/keepView.ts";
export type { StoreChoice } from "./store/open/locate/locate.ts";
export { makeStore } from "./store/open/makeStore.ts";
export { openStore, type Store } from "./store/open/store.ts";

type Verb<S extends InputSchema, R> = (store: Store, input: InferInput<S>) => Promise<R>;

/** An action as a function of the library: the input is validated, then the action runs. */
function verb<S extends InputSchema, R>(action: Action<S, R>): Verb<S, R> {
  return (store, input) => invoke(action, store, input);
}

/** Makes sure that a store has its journal, or says which one it has. */
export const initStore = verb(initAction);
/** Makes a ticket; `ticket.id` names it. */
export const createTicket = verb(createAction);
/** Every ticket not archived that passes the filters, unfinished first. */
export const listTickets = verb(listAction);
/** What can be worked on now, best first. */
export const readyTickets = verb(readyAction);
/** Unfinished tickets that wait for something. */
export const blockedTickets = verb(blockedAction);
/** Finished tickets, the latest first. */
export const closedTickets = verb(closedAction);
/** Tickets by words, by meaning and by filters, best first. */
export const searchTickets = verb(searchAction);
/** Pairs of tickets that are likely about the same. */
export const findDuplicates = verb(duplicatesAction);
/** Everything about one ticket, or what is wrong with its file. */
export const showTicket = verb(showAction);
/** Who changed what when: of one ticket, or of the whole store. */
export const ticketHistory = verb(historyAction);
/** What needs a person, and what happened since the actor last looked, which is recorded unless `since` is given. */
export const recapStore = verb(recapAction);
/** Takes back the actor's last change, a ticket's last one, or a commit; what others changed since stays. */
export const undoChange = verb(undoAction);
/** Commits of the project whose messages name a ticket, or all that name any. */
export const listCommits = verb(commitsAction);
/** Whether a task's description or a commit message names tickets as it should. */
export const checkMessage = verb(checkMessageAction);
/** Takes tickets under a lease, these or with `next: true` the best ready ones; `tickets` is empty when there are none. */
export const claimTickets = verb(claimAction);
/** Gives claims back. */
export const releaseTickets = verb(releaseAction);
/** Keeps claims for another lease; without ids all that the caller holds. */
export const renewClaims = verb(renewAction);
/** Hands finished work in for review. */
export const submitTickets = verb(submitAction);
/** Closes what somebody else submitted. */
export const approveTickets = verb(approveAction);
/** Says a person's yes to what was changed by hand past a gate. */
export const confirmTickets = verb(confirmAction);
/** Sends submitted work back with the reason. */
export const rejectTickets = verb(rejectAction);
/** Ticks acceptance criteria. */
export const checkCriteria = verb(checkAction);
/** Clears acceptance criteria. */
export const uncheckCriteria = verb(uncheckAction);
/** Parks a ticket with a question for a person. */
export const askPerson = verb(askAction);
/** Answers the question of a ticket. */
export const answerQuestion = verb(answerAction);
/** Begins work; a person becomes the assignee of unassigned tickets, an agent claims them. */
export const startTickets = verb(startAction);
/** Finishes tickets; `nowReady` names those that can begin. */
export const closeTickets = verb(closeAction);
/** Sends tickets back to the first column. */
export const reopenTickets = verb(reopenAction);
/** Parks tickets that wait for something outside the store. */
export const blockTickets = verb(blockAction);
/** Takes parked tickets up again. */
export const unblockTickets = verb(unblockAction);
/** Gives tickets up. */
export const cancelTickets = verb(cancelAction);
/** Records that tickets were tried and could not be done. */
export const failTickets = verb(failAction);
/** Moves tickets to a column of the board. */
export const moveTickets = verb(statusAction);
/** Gives tickets to an agent or a person. */
export const assignTickets = verb(assignAction);
/** Appends a timestamped note. */
export const addNote = verb(noteAction);
/** Changes fields, title or description, and no other byte. */
export const updateTickets = verb(updateAction);
/** Makes a ticket wait for another; refuses cycles. */
export const addDependency = verb(depAddAction);
/** Lets a ticket wait for another no longer. */
export const removeDependency = verb(depRemoveAction);
/** Relates tickets to each other, in all their files. */
export const linkTickets = verb(linkAction);
/** Relates tickets no longer. */
export const unlinkTickets = verb(unlinkAction);
/** Cancels a ticket in favour of another. */
export const markDuplicate = verb(duplicateAction);
/** Makes many changes at once, all or none, in one commit: `{operations: [{op: "close", id: "…"}]}`. */
export const applyBatch = verb(batchAction);
/** Moves long finished tickets into month folders. */
export const archiveTickets = verb(archiveAction);
/** Deletes tickets; git keeps them. Needs `yes: true`. */
export const deleteTickets = verb(deleteAction);
/** What takes effect in a store (hooks, URLs), or with `what` or `all` a person's yes to it on this machine. */
export const allowEffects = verb(allowAction);
/** The store's hooks, and whether they run on this machine. */
export const listHooks = verb(hooksListAction);
/** Lets hooks run on this machine, as they are now. */
export const allowHooks = verb(hooksAllowAction);
/** Keeps hooks from running on this machine. */
export const denyHooks = verb(hooksDenyAction);
/** Runs an event's hooks for a ticket, as if it had happened. */
export const runHooks = verb(hooksRunAction);
/** How hooks went on this machine, the last first. */
export const readHookLog = verb(hooksLogAction);
/** Writes the files by which a harness's agents learn of the tickets, or takes them away. Needs `yes: true`. */
export const initAgents = verb(agentsInitAction);
/** Who an agent is, what it holds, what is ready; `text` says that and how to work. */
export const primeAgent = verb(agentsPrimeAction);
