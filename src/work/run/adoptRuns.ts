import { existsSync, statSync } from "node:fs";
import { change } from "../../actions/input/action.ts";
import { isGroupLeader, isProvablyDead, type ProcessIdentity, processesWith } from "../../processes.ts";
import { secretsIn } from "../../store/allow/environment.ts";
import { readStore } from "../../store/disk/view.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { RUN_VARIABLE } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { forgetRun, liveRuns, takeOver } from "../../store/runs/liveRuns.ts";
import { type RunRecord, readExit, runFile, writeRun } from "../../store/runs/record.ts";
import { endLine, lastEvents } from "../../store/runs/runEvents.ts";
import type { Work } from "../work.ts";
import { followed } from "./followRun.ts";
import type { LiveRun } from "./liveRun.ts";
import { logAyo } from "./logRun.ts";
import { notesOfRun } from "./talk.ts";

/**
 * Takes over the runs whose dispatcher is gone: a program that lives is followed on, one that is gone is ended, and what
 * was only begun is ended too, so that its ticket is free for another try. A pid alone proves nothing: start time, boot
 * and the name of the run in its environment have to be the record's.
 */
export async function adoptRuns(work: Work, config: AgentsConfig): Promise<void> {
  const { store } = work;
  const known = new Set([...work.runs].map(({ record }) => record.run));
  const others = liveRuns(store).filter((record) => !known.has(record.run) && isOfThisStore(store, record));
  const orphans = others.filter((record) => takeOver(store, record));
  // A claim that was cut off in the midst is finished by the next change: what the ticket says is told after it.
  if (orphans.length === 0) return;
  await change(store, {}, () => ({ result: undefined }));
  const view = await readStore(store);
  for (const record of orphans) {
    const isClaimed = view.byId.get(record.ticket)?.fields.claim === record.token;
    if (record.state === "starting" && !isClaimed && living(store, record) === undefined) {
      forgetRun(store, record);
      continue;
    }
    endLine(store, record);
    const run = adopted(store, record, config);
    work.runs.add(run);
    const { ticket, n, agent } = record;
    const text = run.isGone ? "its program is gone" : "its program goes on";
    logAyo(store, record, `taken over from a dispatcher that is gone; ${text}`);
    work.tell({ what: "adopted", ticket, n, agent, text });
  }
}

function adopted(store: Store, found: RunRecord, config: AgentsConfig): LiveRun {
  const child = living(store, found);
  const record =
    child === undefined || found.state !== "starting" ? found : writeRun(store, { ...found, state: "running", child });
  const entry = config.agents.get(record.agent) ?? unknown(record);
  const run = followed(record, entry, secretsIn(store.host.env));
  run.logged = Number(
    lastEvents(store, record, 1_000).events.findLast(({ offset }) => offset !== undefined)?.offset ?? 0,
  );
  run.isGone = child === undefined;
  const notes = notesOfRun(store, record);
  if (notes !== undefined) run.notes = notes;
  // Its end, too, may have been broken off.
  const isBegun = record.child !== undefined || record.started !== undefined || readExit(store, record) !== undefined;
  if (child === undefined && !isBegun) {
    run.stop = { outcome: "lost", why: "the dispatcher ended before its program was started", isTransient: true };
  }
  return run;
}

/** The leader of a run's processes, where it is alive and certainly of this run. */
function living(store: Store, record: RunRecord): ProcessIdentity | undefined {
  const { run, child } = record;
  const members = processesWith(RUN_VARIABLE, run);
  const isSame = (one: ProcessIdentity): boolean => one.pid === child?.pid && one.startTime === child.startTime;
  if (child !== undefined) return isProvablyDead(child) ? undefined : members.find(isSame);
  // What runs before there is a file for its output is the set-up.
  if (!existsSync(runFile(store, record, "out"))) return undefined;
  // The wrapper leads a group of its own, and was started first.
  const leaders = members.filter(({ pid }) => isGroupLeader(pid));
  return leaders.sort((one, other) => Number(one.startTime) - Number(other.startTime))[0];
}

/** A copied project has no runs of the original's. */
function isOfThisStore({ dir }: Store, record: RunRecord): boolean {
  const { ino, dev } = statSync(dir);
  return record.store === dir && record.inode === `${dev}:${ino}`;
}

/** An agent that is in agents.yml no more: what is known of it is enough to end its run. */
function unknown({ agent, adapter }: RunRecord): AgentEntry {
  return {
    name: agent,
    adapter,
    command: [],
    roles: [],
    max: 1,
    access: "edit",
    limits: {},
    env: [],
    wrap: [],
    line: 1,
  };
}
