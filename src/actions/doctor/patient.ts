import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Archive } from "../../store/archive.ts";
import { archiveFolders } from "../../store/archiveEdits.ts";
import type { Finding } from "../../store/diagnosis.ts";
import type { Draft } from "../../store/draft.ts";
import { emptyIndex, type Index } from "../../store/entry.ts";
import { MAX_TICKET_BYTES, parse } from "../../store/readFile.ts";
import { refreshIndex } from "../../store/refresh.ts";
import type { Store } from "../../store/store.ts";
import { archiveOf, type View, viewOf } from "../../store/view.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";

/** A store's tickets as doctor sees them: every readable file, also one whose id another has. */
export interface Patient {
  readonly store: Store;
  readonly view: View;
  readonly archive: Archive;
  readonly tickets: readonly Ticket[];
  readonly archived: readonly Ticket[];
  /** Files of the top directory and the archive that are no readable tickets. */
  readonly problems: readonly Problem[];
}

/** Something wrong with tickets, and the change that mends it. */
export interface Complaint {
  readonly finding: Finding;
  /** Changes of ids come after all others. */
  readonly order?: 1 | 2;
  readonly change?: (draft: Draft) => Promise<void> | void;
  /** A file that gets another name, after all changes: names may be swapped, so all old ones are given up first. */
  readonly rename?: { readonly ticket: Ticket; readonly to: string };
  /** Paths in the store that the change replaces. */
  readonly replaces?: readonly string[];
}

/** Reads a store of which config.yml or git may be damaged; what could not be read comes as a finding. */
export async function readPatient(store: Store): Promise<{ readonly patient: Patient; readonly findings: Finding[] }> {
  const findings: Finding[] = [];
  let index: Index;
  try {
    index = await refreshIndex(store, false);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    if (error.code === "bad_config") findings.push(configFinding(error));
    // The tickets were read before config.yml and git were; see refresh.ts.
    index = store.index ?? emptyIndex();
  }
  return { patient: await patientOf(store, await viewOf(store, index), index), findings };
}

/** The patient of a view that was just made, also inside a transaction. */
export async function patientOf(store: Store, view: View, index: Index): Promise<Patient> {
  const entries = [...index.entries.values()];
  const { archived, problems } = await readArchived(store);
  return {
    store,
    view,
    archive: await archiveOf(store, view),
    tickets: entries.flatMap(({ ticket }) => ticket ?? []),
    archived,
    problems: [...entries.flatMap(({ problem }) => problem ?? []), ...problems],
  };
}

function configFinding(error: AyoError): Finding {
  const line = Number(error.data?.line ?? 0);
  const message = error.message.replace(/^config\.yml:\d+: /, "");
  return { code: error.code, severity: "error", path: "config.yml", ...(line > 0 ? { line } : {}), message };
}

async function readArchived({ dir }: Store): Promise<{ archived: Ticket[]; problems: Problem[] }> {
  const archived: Ticket[] = [];
  const problems: Problem[] = [];
  for (const month of archiveFolders(dir).keys()) {
    for (const name of readdirSync(path.join(dir, "archive", month))) {
      if (!name.endsWith(".md") || name.startsWith(".")) continue;
      const read = await readOne(dir, `archive/${month}/${name}`);
      if ("id" in read) archived.push(read);
      else problems.push(read);
    }
  }
  return { archived, problems };
}

async function readOne(dir: string, file: string): Promise<Ticket | Problem> {
  const refuse = (message: string): Problem => ({ path: file, line: 0, code: "bad_ticket", message });
  try {
    const stat = lstatSync(path.join(dir, file));
    if (!stat.isFile()) return refuse("not a file: tickets are plain files");
    if (stat.size > MAX_TICKET_BYTES) return refuse(`larger than ${MAX_TICKET_BYTES / 1024 / 1024} MiB`);
    return await parse(readFileSync(path.join(dir, file)), file, "");
  } catch (error) {
    return refuse((error as Error).message);
  }
}
