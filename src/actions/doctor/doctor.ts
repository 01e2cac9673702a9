import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { emptyIndex } from "../../store/open/entry.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { journalOf } from "../../store/repair/checks/checkGit.ts";
import { type Finding, findingKey } from "../../store/repair/finding.ts";
import { mendJournal } from "../../store/repair/mendJournal.ts";
import { findRecords, isWaiting } from "../../store/repair/records.ts";
import { type Aside, openAside } from "../../store/repair/setAside.ts";
import { action, change, flag, writeOptions } from "../input/action.ts";
import { applyFixes } from "./applyFixes.ts";
import { silentWords } from "./effects.ts";
import { examinationOf, readExamination } from "./examination.ts";
import { examine, ticketFindingsOf } from "./examine.ts";
import type { TicketFinding } from "./shape.ts";

/** What `doctor` answers. */
export interface Examined {
  /** What is wrong, after `--fix` what still is. */
  readonly findings: readonly Finding[];
  /** What `--fix` mended. */
  readonly fixed: readonly Finding[];
  readonly ok: boolean;
  /** Where the copies of what was replaced are. */
  readonly setAside?: string;
  readonly commit: string | null;
  readonly deferred?: string;
  readonly notices: readonly string[];
  readonly dryRun?: true;
}

/** `ayo doctor [--fix]`: never deletes a ticket. */
export const doctor = action({
  name: "doctor",
  summary: "Find what is wrong with a store, and with --fix mend what can be mended safely",
  writes: true,
  input: v.object({
    fix: flag("mend what can be mended safely; copies of what is replaced are kept"),
    as: writeOptions.as,
    dryRun: flag("only say what --fix would mend"),
  }),
  run: async (store, input): Promise<Examined> => {
    const journal = journalOf(store);
    const aside = journal === undefined ? undefined : openAside(store, journal);
    const before = await examine(store, journal, aside);
    const young = journal === undefined ? ["this store has no git history yet: the first change begins one"] : [];
    const notices = [...young, ...(await silentWords(store))];
    if (!input.fix || input.dryRun || before.every(({ fix }) => fix === undefined)) {
      const dry = input.dryRun ? { dryRun: true as const } : {};
      return { findings: before, fixed: [], ok: before.length === 0, commit: null, notices, ...dry };
    }
    const mended = await mend(store, journal, aside, input.as);
    const findings = await examine(store, journalOf(store), aside);
    const left = new Set(findings.map(findingKey));
    const seen = new Map([...before, ...mended.found].map((finding) => [findingKey(finding), finding]));
    const fixed = [...seen.values()].filter((one) => one.fix !== undefined && !left.has(findingKey(one)));
    const { found: _found, ...rest } = mended;
    const kept = aside?.used() ? { setAside: aside.dir } : {};
    const told = [...(await silentWords(store)), ...rest.notices];
    return { findings, fixed, ok: findings.length === 0, ...kept, ...rest, notices: told };
  },
});

interface Mending {
  readonly found: readonly Finding[];
  readonly notices: readonly string[];
  readonly commit: string | null;
  readonly deferred?: string;
}

async function mend(
  store: Store,
  journal: Journal | undefined,
  aside: Aside | undefined,
  as: string | undefined,
): Promise<Mending> {
  if (journal === undefined || aside === undefined) return mendTickets(store, aside, as);
  const { found, failures } = await mendJournal(store, journal, actorOf(as, store), aside);
  const waits = findRecords(store, journal, aside).some(({ finding }) => isWaiting(finding));
  const tickets = await mendTickets(store, aside, as, waits);
  return { ...tickets, found: [...found, ...tickets.found], notices: [...failures, ...tickets.notices] };
}

/**
 * Changes tickets in one transaction; a store whose config or git is still broken is left as it is. `waits`: changes
 * wait that every transaction finishes, also one that changes nothing.
 */
async function mendTickets(
  store: Store,
  aside: Aside | undefined,
  as: string | undefined,
  waits = false,
): Promise<Mending> {
  const { examination } = await readExamination(store);
  const todo = ticketFindingsOf(examination).filter(isMendable);
  if (todo.length === 0 && !waits) return { found: [], commit: null, notices: [] };
  let failures: readonly string[] = [];
  try {
    const { written } = await change(store, { as }, async (draft) => {
      const now = ticketFindingsOf(await examinationOf(store, draft.view, store.index ?? emptyIndex())).filter(
        isMendable,
      );
      // What is there now is what the change replaces; before the lock was had it may have been something else.
      for (const file of now.flatMap(({ replaces = [] }) => replaces)) aside?.copy(path.join(store.dir, file));
      failures = await applyFixes(store, draft, now);
      const tickets = [...new Set([...draft.files.keys()].map((file) => path.posix.basename(file, ".md")))];
      const result = null;
      return now.length === 0
        ? { result }
        : { result, sentence: { subject: subjectOf(now), event: "updated", tickets } };
    });
    return { found: todo.map(({ finding }) => finding), ...written, notices: [...written.notices, ...failures] };
  } catch (error) {
    if (!(error instanceof AyoError) || !["bad_config", "not_found"].includes(error.code)) throw error;
    return { found: [], commit: null, notices: [`the tickets were not changed: ${error.message}`] };
  }
}

function isMendable({ change: apply, rename }: TicketFinding): boolean {
  return apply !== undefined || rename !== undefined;
}

function subjectOf(changes: readonly TicketFinding[]): string {
  const parts = changes.map(({ finding }) => `${finding.path ?? finding.id} ${finding.fix}`);
  return `doctor: ${parts.slice(0, 3).join(", ")}${parts.length > 3 ? ` and ${parts.length - 3} more` : ""}`;
}
