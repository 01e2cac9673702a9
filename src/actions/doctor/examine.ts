import { readAgents } from "../../store/open/agents/readAgents.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { isHalfSaved, pointInHistory } from "../../store/repair/calm.ts";
import { type Finding, findingKey } from "../../store/repair/finding.ts";
import { checkLocks } from "../../store/repair/lockHealth.ts";
import { checkJournal } from "../../store/repair/mendJournal.ts";
import { checkCommits, checkOwners, checkWritable } from "../../store/repair/nextWrite.ts";
import type { Aside } from "../../store/repair/setAside.ts";
import { archivedTwice } from "./archived.ts";
import { attachments } from "./attachments.ts";
import { conflicts } from "./conflicts.ts";
import { silentEffects, unreadyFindings, untold } from "./effects.ts";
import { readExamination } from "./examination.ts";
import { badIds, duplicates, misnamed } from "./identities.ts";
import { outputs } from "./outputs.ts";
import { pipelineFindings } from "./pipelines.ts";
import { illNamed, links, misplaced } from "./places.ts";
import { projectFindings } from "./projects.ts";
import { cycles, dangling } from "./references.ts";
import { schemas } from "./schemas.ts";
import { settingFindings } from "./settings.ts";
import type { Examination, TicketFinding } from "./shape.ts";
import { trackerFindings } from "./trackers.ts";
import { empty, lost, overfull, phases, statuses, unreadable } from "./unreadable.ts";
import { badValues } from "./values.ts";
import { unknownVerify } from "./verifyNames.ts";

/** Somebody writes without a pause: what was found every time stands. */
const MAX_LOOKS = 4;
const PAUSE_MS = 150;

/**
 * Everything that is wrong, git first: damage there can be why the rest is. What a look finds while somebody writes is
 * looked at again: between two steps of a change nothing is as it should be, and nothing is wrong.
 */
export async function examine(
  store: Store,
  journal: Journal | undefined,
  aside: Aside | undefined,
): Promise<Finding[]> {
  const written = [...checkWritable(store, journal), ...checkOwners(store, journal)].map(({ finding }) => finding);
  const locks = journal === undefined ? [] : (await checkLocks(store, journal)).map(({ finding }) => finding);
  const looks = locks.length > 0 ? 2 : MAX_LOOKS;
  let found: Finding[] | undefined;
  for (let look = 1; ; look++) {
    const before = pointInHistory(store, journal);
    const now = await lookOnce(store, journal, aside);
    const seen = new Set(found?.map(findingKey));
    found = found === undefined ? now : now.filter((finding) => seen.has(findingKey(finding)));
    const isCalm =
      before !== "busy" && before === pointInHistory(store, journal) && !found.some((one) => isHalfSaved(store, one));
    if (found.length === 0 || isCalm || look >= looks) return [...found, ...written, ...locks];
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function lookOnce(store: Store, journal: Journal | undefined, aside: Aside | undefined): Promise<Finding[]> {
  const actor = actorOf(undefined, store);
  const below = journal === undefined || aside === undefined ? [] : await checkJournal(store, journal, actor, aside);
  const { examination, findings } = await readExamination(store);
  const torn = new Set(
    below.flatMap(({ finding: { code, path: file } }) => (code === "torn_file" ? (file ?? []) : [])),
  );
  const ticketFindings = [...ticketFindingsOf(examination), ...empty(examination, torn)];
  const waits = journal === undefined ? [] : checkCommits(journal);
  const told = [...below, ...waits, ...ticketFindings].map(({ finding }) => finding);
  const marked = told.some(({ code, path: file }) => code === "conflict_markers" && file === "config.yml");
  // A config.yml with markers in it is no YAML: that is said once.
  const agents = await readAgents(store);
  const others = [
    // Of a file that makes no sense, that is said.
    ...(agents.problems.length > 0 ? [] : unknownVerify(examination.view, agents.config)),
    ...untold(store, examination.view.board),
    ...(await silentEffects(store)),
    ...(await unreadyFindings(store)),
    ...(await landings(store, examination)),
    ...(await projectFindings(examination)),
    ...(await pipelineFindings(examination)),
    ...settingFindings(examination),
    ...trackerFindings(examination),
  ];
  return [...told, ...(marked ? [] : findings), ...others];
}

/** Loaded only where work has to land. */
async function landings(store: Store, { view }: Examination): Promise<Finding[]> {
  if (view.board.landsOn === undefined) return [];
  return (await import("../../store/repair/checks/checkLanded.ts")).checkLanded(store, view);
}

/** What is wrong with the tickets themselves, and the changes that mend it. */
export function ticketFindingsOf(examination: Examination): TicketFinding[] {
  const files = [unreadable, lost, conflicts, misplaced, illNamed, links];
  const ids = [badIds, duplicates, misnamed, archivedTwice];
  return [
    ...files,
    ...ids,
    dangling,
    cycles,
    statuses,
    phases,
    overfull,
    badValues,
    outputs,
    schemas,
    attachments,
  ].flatMap((check) => check(examination));
}
