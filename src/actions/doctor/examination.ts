import path from "node:path";
import { AyoError } from "../../error.ts";
import { listArchive } from "../../store/disk/archive/archiveFolders.ts";
import { configProblems } from "../../store/disk/configFile.ts";
import { DELETED_FILE } from "../../store/disk/deleted.ts";
import { MAX_TICKET_BYTES, parse, ticketProblem } from "../../store/disk/readFile.ts";
import { refreshIndex } from "../../store/disk/refresh.ts";
import { archiveOf, type View, viewOf } from "../../store/disk/view.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { emptyIndex, type Index, isTopTicket } from "../../store/open/entry.ts";
import type { Store } from "../../store/open/store.ts";
import type { Finding } from "../../store/repair/finding.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { findAttachments } from "./attachments.ts";
import { groupsOf } from "./identities.ts";
import { findOutputs } from "./outputs.ts";
import { placesOf } from "./places.ts";
import type { Examination } from "./shape.ts";

/** Reads a store of which config.yml or git may be damaged; what could not be read comes as a finding. */
export async function readExamination(
  store: Store,
): Promise<{ readonly examination: Examination; readonly findings: Finding[] }> {
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
  return { examination: await examinationOf(store, await viewOf(store, index), index), findings };
}

/** The examination of a view that was just made, also inside a transaction. */
export async function examinationOf(store: Store, view: View, index: Index): Promise<Examination> {
  const top = [...index.entries].filter(([file]) => isTopTicket(file));
  const entries = top.map(([, entry]) => entry);
  // What is wrong with hooks and with names is told as such: see hooks.ts and places.ts.
  const others = [...index.unread.values()].filter(
    ({ path: file, code }) => !/^hooks(?:\/|$)/.test(file) && code !== "bad_name",
  );
  const { archived, problems } = await readArchived(store);
  const archive = await archiveOf(store, view);
  const isFirst = ({ id, path: file }: Ticket): boolean => archive.find(id)?.path === file;
  const ticketsOf = (areCopies: boolean): Ticket[] =>
    top.flatMap(([file, { ticket }]) => (index.copies.has(file) === areCopies ? (ticket ?? []) : []));
  const tickets = ticketsOf(false);
  const examination = {
    store,
    view,
    archive,
    tickets,
    archived: [...archived.filter(isFirst), ...archived.filter((ticket) => !isFirst(ticket)), ...ticketsOf(true)],
    problems: [
      ...entries.flatMap(({ problem }) => problem ?? []),
      ...others,
      ...problems,
      ...configProblems(view.config),
      ...(await readAgents(store)).problems,
    ],
    groups: await groupsOf(store, tickets),
    places: placesOf(store.dir),
  };
  return {
    ...examination,
    outputs: await findOutputs(examination),
    attachments: await findAttachments(examination),
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
  const { files, unread } = listArchive(dir);
  // That of archive/ itself is known to the index.
  for (const [folder, why] of unread) if (folder !== "archive") problems.push(why.problem(folder));
  for (const file of files) {
    const read = await readOne(dir, file);
    if (read !== undefined && "id" in read) archived.push(read);
    else if (read !== undefined) problems.push(read);
  }
  const record = readStoreFile(path.join(dir, DELETED_FILE));
  if (record instanceof Unread && !unread.has("archive")) problems.push(record.problem(DELETED_FILE));
  return { archived, problems };
}

/** Undefined for a file that vanished since it was listed. */
async function readOne(dir: string, file: string): Promise<Ticket | Problem | undefined> {
  const read = readStoreFile(path.join(dir, file), { limit: MAX_TICKET_BYTES });
  if (read === undefined) return undefined;
  return read instanceof Unread ? ticketProblem(file, read) : parse(read.bytes, file, "");
}
