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
/** Hands a part of a ticket on, as a ticket of its own. */
export const delegateTicket = verb("delegate");
/** Looks whether a ticket's work is on the base branch; with `commit` takes a person's word. */
export const seeLanded = verb("landed");
/** Hands finished work in for review. */
export const submitTickets = verb("submit");
/** Says a person's yes to what was changed by hand past a gate. */
export const confirmTickets = verb("confirm");
/** Lets agents be started for tickets that came from elsewhere. */
export const acceptTickets = verb("accept");
/** Closes what somebody else submitted. */
export const approveTickets = verb("approve");
/** Sends submitted work back with the reason. */
export const rejectTickets = verb("reject");
/** Has ayo run what the work of tickets has to pass; `ok` where all of it does. */
export const verifyTickets = verb("verify");
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
/** Orders tickets by hand within their column and priority. */
export const rankTickets = verb("rank");
/** Appends a timestamped note. */
export const addNote = verb("note");
/** Makes somebody a follower of a ticket. */
export const followTicket = verb("follow");
/** Makes somebody a follower of a ticket no longer. */
export const unfollowTicket = verb("unfollow");
/** Attaches a file to a ticket: its bytes as base64, or its text. */
export const attachFile = verb("attach");
/** Removes an attached file from a ticket. */
export const detachFile = verb("detach");
/** Reads an attached file. */
export const readAttachment = verb("attachment");
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
/** The parts of tickets, who handed them on to whom, and how they stand. */
export const delegationTree = verb("tree");
/** Who changed what when: of one ticket, or of the whole store. */
export const ticketHistory = verb("history");
/** What was said and done on a ticket: its last messages, or all since a position. */
export const ticketChannel = verb("channel");
/** Counts tickets, how long they take, what they cost, and when they are likely to be done. */
export const getStats = verb("stats");
/** Makes many changes at once, all or none, in one commit: `{operations: [{op: "close", id: "…"}]}`. */
export const applyBatch = verb("batch");
/** Commits of the project whose messages name a ticket, or all that name any. */
export const listCommits = verb("commits");
/** What the work on a ticket has changed: its branch since it left the base, or its commits. */
export const showDiff = verb("diff");
/** A commit that belongs to a ticket, with what it changed. */
export const showCommit = verb("commit diff");
/** Moves long finished tickets into month folders. */
export const archiveTickets = verb("archive");
/** Removes old logs of runs and hooks, what was set aside, ended claims and merged worktrees; never tickets. */
export const pruneStore = verb("prune");
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
/** Projects: how far each is, when it is due, who leads it. */
export const listProjects = verb("project list");
/** A project: its tickets, how far it is, what it is about. */
export const showProject = verb("project show");
/** Makes a project's file; `project.slug` is what tickets name. */
export const createProject = verb("project create");
/** Changes what a project's file says; or its slug. */
export const editProject = verb("project edit");
/** Says that a project is done. */
export const completeProject = verb("project complete");
/** Puts a project out of the way; its tickets stay. */
export const archiveProject = verb("project archive");
/** Makes a completed or archived project active again. */
export const reopenProject = verb("project reopen");
/** Pipelines: what begins their runs, and whether they take effect here. */
export const listPipelines = verb("pipeline list");
/** What is wrong with pipelines, with file, line and step. */
export const checkPipelines = verb("pipeline check");
/** A pipeline with its runs, or a run with the tickets of each step. */
export const showPipeline = verb("pipeline show");
/** Begins a run of a pipeline; with `dryRun` it says what it would do. */
export const runPipeline = verb("pipeline run");
/** Gives a run of a pipeline up, with every open ticket that it made. */
export const cancelPipelineRun = verb("pipeline cancel");
/** Connects a store with a team of a tracker; for people. */
export const addTracker = verb("tracker add");
/** Which tracker a store is kept the same with, and what waits; nobody is asked. */
export const trackerStatus = verb("tracker status");
/** Brings a store and its tracker to the same. */
export const syncTracker = verb("tracker sync");
/** Makes items of a tracker tickets, or links them again. */
export const pullFromTracker = verb("tracker pull");
/** Makes tickets items of a tracker. */
export const publishToTracker = verb("tracker publish");
/** Takes tickets off their items; both stay. */
export const unlinkFromTracker = verb("tracker unlink");
/** How values go over to a tracker, and changes of it. */
export const trackerMapping = verb("tracker map");
/** Runs of agents on this machine, those at work first. */
export const listRuns = verb("run list");
/** A run: how far it is, how it ended, where its files are. */
export const showRun = verb("run show");
/** What a run's agent did, the last events of it. */
export const readRunLog = verb("run log");
/** Ends a run and all that it started; its ticket is given back. */
export const stopRun = verb("run stop");
/** Has tickets started again for their agents; what failed is opened again. */
export const retryRun = verb("run retry");
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
