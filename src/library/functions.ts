// Made from the table of verbs: `npx vitest run --config test/vitest.config.ts test/actions/verbs.test.ts -u` writes
// what the rows say.
import { verb } from "./verb.ts";

/** Makes a ticket; `ticket.id` names it. */
export const createTicket = verb("create");
/** Every ticket not archived that passes the filters, unfinished first. */
export const listTickets = verb("list");
/** What can be worked on now, best first. */
export const readyTickets = verb("ready");
/** Unfinished tickets that wait for something. */
export const blockedTickets = verb("blocked");
/** Finished tickets, the latest first. */
export const closedTickets = verb("closed");
/** Tickets by words, by meaning and by filters, best first. */
export const searchTickets = verb("search");
/** Everything about one ticket, or what is wrong with its file. */
export const showTicket = verb("show");
/** Takes tickets under a lease, these or with `next: true` the best ready ones; `tickets` is empty when there are none. */
export const claimTickets = verb("claim");
/** Gives claims back. */
export const releaseTickets = verb("release");
/** Keeps claims for another lease; without ids all that the caller holds. */
export const renewClaims = verb("renew");
/** Begins work; a person becomes the assignee of unassigned tickets, an agent claims them. */
export const startTickets = verb("start");
/** Finishes tickets; `nowReady` names those that can begin. */
export const closeTickets = verb("close");
/** Sends tickets back to the first column. */
export const reopenTickets = verb("reopen");
/** Parks tickets that wait for something outside the store. */
export const blockTickets = verb("block");
/** Takes parked tickets up again. */
export const unblockTickets = verb("unblock");
/** Gives tickets up. */
export const cancelTickets = verb("cancel");
/** Records that tickets were tried and could not be done. */
export const failTickets = verb("fail");
/** Hands finished work in for review. */
export const submitTickets = verb("submit");
/** Says a person's yes to what was changed by hand past a gate. */
export const confirmTickets = verb("confirm");
/** Closes what somebody else submitted. */
export const approveTickets = verb("approve");
/** Sends submitted work back with the reason. */
export const rejectTickets = verb("reject");
/** Ticks acceptance criteria. */
export const checkCriteria = verb("check");
/** Clears acceptance criteria. */
export const uncheckCriteria = verb("uncheck");
/** Parks a ticket with a question for a person. */
export const askPerson = verb("ask");
/** Answers the question of a ticket. */
export const answerQuestion = verb("answer");
/** Moves tickets to a column of the board. */
export const moveTickets = verb("status");
/** Gives tickets to an agent or a person. */
export const assignTickets = verb("assign");
/** Appends a timestamped note. */
export const addNote = verb("note");
/** Makes somebody a follower of a ticket. */
export const followTicket = verb("follow");
/** Makes somebody a follower of a ticket no longer. */
export const unfollowTicket = verb("unfollow");
/** Changes fields, title or description, and no other byte. */
export const updateTickets = verb("update");
/** Makes a ticket wait for another; refuses cycles. */
export const addDependency = verb("dep add");
/** Lets a ticket wait for another no longer. */
export const removeDependency = verb("dep remove");
/** Relates tickets to each other, in all their files. */
export const linkTickets = verb("link");
/** Relates tickets no longer. */
export const unlinkTickets = verb("unlink");
/** Cancels a ticket in favour of another. */
export const markDuplicate = verb("duplicate");
/** Pairs of tickets that are likely about the same. */
export const findDuplicates = verb("duplicates");
/** Who changed what when: of one ticket, or of the whole store. */
export const ticketHistory = verb("history");
/** What was said and done on a ticket: its last messages, or all since a position. */
export const ticketChannel = verb("channel");
/** Makes many changes at once, all or none, in one commit: `{operations: [{op: "close", id: "…"}]}`. */
export const applyBatch = verb("batch");
/** Commits of the project whose messages name a ticket, or all that name any. */
export const listCommits = verb("commits");
/** A commit that belongs to a ticket, with what it changed. */
export const showCommit = verb("commit diff");
/** Moves long finished tickets into month folders. */
export const archiveTickets = verb("archive");
/** Deletes tickets; git keeps them. Needs `yes: true`. */
export const deleteTickets = verb("delete");
/** Makes sure that a store has its journal, or says which one it has. */
export const initStore = verb("init");
/** What needs a person, and what happened since the actor last looked, which is recorded unless `since` or `peek` is given. */
export const recapStore = verb("recap");
/** What needs the actor: questions, reviews, mentions, what others handed over. */
export const readInbox = verb("inbox");
/** Puts lines of the actor's inbox away for good, or with `undo` has them back. */
export const inboxDone = verb("inbox done");
/** Puts lines of the actor's inbox away until a time. */
export const snoozeInbox = verb("inbox snooze");
/** Takes back the actor's last change, a ticket's last one, or a commit; what others changed since stays. */
export const undoChange = verb("undo");
/** Brings back what the actor undid last, or what was undone of a ticket or a commit. */
export const redoChange = verb("redo");
/** Settings and where they come from; with `value` one is changed, with `unset` it is taken out of config.yml. */
export const configureStore = verb("config");
/** Brings what others did, merges it and sends what was done here, through a git remote. The first time needs `yes: true`. */
export const syncStore = verb("sync");
/** Where the tickets are shared, what was not sent yet, and when others were last heard of. */
export const syncStatus = verb("sync status");
/** What takes effect in a store (hooks, agents, URLs), or with `what` or `all` a person's yes to it on this machine. */
export const allowEffects = verb("allow");
/** The store's hooks, and whether they run on this machine. */
export const listHooks = verb("hooks list");
/** Lets hooks run on this machine, as they are now. */
export const allowHooks = verb("hooks allow");
/** Keeps hooks from running on this machine. */
export const denyHooks = verb("hooks deny");
/** Runs an event's hooks for a ticket, as if it had happened. */
export const runHooks = verb("hooks run");
/** Whether a task's description or a commit message names tickets as it should. */
export const checkMessage = verb("hooks check-message");
/** How hooks went on this machine, the last first. */
export const readHookLog = verb("hooks log");
/** Writes an agent into agents.yml; it runs once a person allows it on this machine. */
export const addAgent = verb("agents add");
/** Writes the files by which a harness's agents learn of the tickets, or takes them away. Needs `yes: true`. */
export const initAgents = verb("agents init");
/** The agents: where they work, what they hold, how much they were given. */
export const listAgents = verb("agents list");
/** Who an agent is, what it holds, what is ready; `text` says that and how to work. */
export const primeAgent = verb("agents prime");
